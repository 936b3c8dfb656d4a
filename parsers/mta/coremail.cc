#include "parsers/mta/coremail.h"

#include <algorithm>
#include <cstddef>

#include "parsers/reason/reason.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool Holds(const std::vector<std::string>& words, std::string_view word) {
  return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

bool IsClock(std::string_view text) {
  return text.size() >= 8 && AllDigits(text.substr(0, 2)) && text[2] == ':' &&
         AllDigits(text.substr(3, 2)) && text[5] == ':' && AllDigits(text.substr(6, 2));
}

// "T:140211(10:15:01)[da:Info] "
bool TakeHead(std::string_view& text, std::string_view& time) {
  std::string_view rest = text;
  if (!Consume(rest, "T:")) return false;
  TakeNumber(rest);
  if (!Consume(rest, "(") || !IsClock(rest)) return false;
  time = rest.substr(0, 8);
  rest.remove_prefix(8);
  if (!Consume(rest, ")[")) return false;
  const std::size_t close = FindOrEnd(rest, ']');
  if (close == rest.size()) return false;
  text = SkipBlanks(rest.substr(close + 1));
  return true;
}

// "MSGID:"
bool TakeId(std::string_view& text, std::string_view& id) {
  std::size_t end = 0;
  while (end < text.size() &&
         (IsAlnum(text[end]) || std::string_view("-+_.").find(text[end]) != kNotFound)) {
    ++end;
  }
  if (end == 0 || end == text.size() || text[end] != ':') return false;
  id = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

// The length of "key=" at the start of `text`, or 0.
std::size_t KeyLength(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (IsAlnum(text[end]) || text[end] == '_')) ++end;
  return end > 0 && !IsDigit(text[0]) && end < text.size() && text[end] == '=' ? end + 1 : 0;
}

// Free text ends at a comma with a further key behind it.
std::size_t FreeTextLength(std::string_view text) {
  for (std::size_t at = text.find(','); at != kNotFound; at = text.find(',', at + 1)) {
    if (KeyLength(text.substr(at + 1)) > 0) return at;
  }
  return text.size();
}

// Where "<a>" or "<a>;<b>" at the start of `text` ends; 0: no bracket opens and closes there.
std::size_t EndOfBrackets(std::string_view text) {
  std::size_t end = 0;
  while (text.substr(end).starts_with('<')) {
    const std::size_t close = ClosingAngle(text.substr(end));
    if (close == kNotFound) return end;
    end += close + 1;
    const std::string_view rest = text.substr(end);
    if (rest.starts_with(";<") || rest.starts_with(",<")) ++end;
  }
  return end;
}

// A value in angle brackets may hold anything; any other ends at a comma, or at the blank in front
// of the reason.
std::string_view TakeValue(std::string_view& text, bool free_text) {
  // Find_first_of would call memchr for each byte: an eighth of what a line cost.
  const auto ends_value = [](char c) { return c == ',' || c == ' '; };
  auto length =
      static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends_value) - text.begin());
  if (free_text) length = FreeTextLength(text);
  if (const std::size_t end = EndOfBrackets(text); end > 0) length = end;
  const std::string_view value = text.substr(0, length);
  text.remove_prefix(length);
  Consume(text, ",");
  return value;
}

struct Delivery {
  std::string_view to;
  std::string_view channel;
  std::string_view state;
  std::string_view from;
  std::string_view size;
};

// Takes the pairs off `text`; what is left is the reason.
Delivery TakePairs(std::string_view& text, const CoremailWords& words) {
  Delivery delivery;
  for (;;) {
    const std::size_t length = KeyLength(text);
    if (length == 0) return delivery;
    const std::string_view key = text.substr(0, length - 1);
    text.remove_prefix(length);
    const std::string_view value = TakeValue(text, key == words.free_text);
    if (key == words.to) delivery.to = value;
    if (key == words.channel) delivery.channel = value;
    if (key == words.state) delivery.state = value;
    if (key == words.from) delivery.from = value;
    if (key == words.size) delivery.size = value;
  }
}

// "<a>" or "a"; "<>" is the null sender.
std::string_view SenderIn(std::string_view text) {
  if (text != "<>" && Consume(text, "<")) ConsumeEnd(text, ">");
  return text;
}

// "<a;b>" without its brackets; "<a>;<b>" stays as it is.
std::string_view WithoutListBrackets(std::string_view list) {
  const bool whole = list.starts_with('<') && ClosingAngle(list) == list.size() - 1;
  return whole ? list.substr(1, list.size() - 2) : list;
}

bool SetOutcome(std::string_view state, const CoremailWords& words, DeliveryEvent& event) {
  if (Holds(words.delivered, state)) {
    event.outcome = Outcome::kDelivered;
  } else if (Holds(words.deferred, state)) {
    event.outcome = Outcome::kDeferred;
  } else if (Holds(words.bounced, state)) {
    event.outcome = Outcome::kBounced;
  } else {
    return false;
  }
  return true;
}

// The date of the file and the line's time of day.
std::string_view WholeTime(const CoremailWords& words, std::string_view clock,
                           ParseContext& context) {
  char* const room = context.Room(words.date.size() + 1 + clock.size() + words.zone.size());
  if (room == nullptr) return clock;
  char* end = std::copy(words.date.begin(), words.date.end(), room);
  *end++ = 'T';
  end = std::copy(clock.begin(), clock.end(), end);
  end = std::copy(words.zone.begin(), words.zone.end(), end);
  return context.Commit(static_cast<std::size_t>(end - room));
}

Parsed ParseDelivery(std::string_view text, const CoremailWords& words, DeliveryEvent event) {
  if (!TakeId(text, event.queue_id)) return Skip{SkipReason::kNotDelivery};
  Delivery delivery = TakePairs(text, words);
  const bool remote = delivery.channel.empty() || delivery.channel == words.remote_channel;
  if (!remote || delivery.state.empty()) return Skip{SkipReason::kNotDelivery};
  // A state that nobody configured may be a failure, which must not vanish.
  if (!SetOutcome(delivery.state, words, event)) return Skip{SkipReason::kMalformed};
  event.message.sender = SenderIn(delivery.from);
  event.message.size = AllDigits(delivery.size) ? TakeNumber(delivery.size) : 0;
  event.more_recipients = WithoutListBrackets(delivery.to);
  NextRecipient(event);
  Consume(text, ",");
  text = Strip(text);
  if (text.empty()) return event;
  const Reason reason = ParseReason(text);
  event.reply = reason.reply;
  event.relay_host = reason.remote_host;
  event.relay_ip = reason.remote_ip;
  event.relay_port = reason.remote_port;
  return event;
}

// A value of the transaction log ends at a comma or at the closing bracket; "\," and "\]" do not
// end it.
std::string_view TakeTransactionValue(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != ',' && text[end] != ']')
    end += text[end] == '\\' ? 2 : 1;
  end = std::min(end, text.size());
  const std::string_view value = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

// Mail that Coremail itself refused: a result that is not among those of accepted mail.
Parsed ParseTransaction(std::string_view text, const CoremailWords& words, DeliveryEvent event) {
  std::string_view command;
  std::string_view result;
  bool known = false;
  while (!text.empty()) {
    const std::size_t colon = text.find_first_of(":,]");
    if (colon == kNotFound || text[colon] != ':') break;
    const std::string_view key = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    const std::string_view value = TakeTransactionValue(text);
    if (key == words.command) command = value;
    if (key == words.result) result = value;
    if (key == words.client_ip) event.relay_ip = value;
    if (key == words.sender) event.message.sender = SenderIn(value);
    if (key == words.account) event.message.account = value;
    known = known || key == words.command || key == words.result;
  }
  if (!known) return Skip{SkipReason::kForeign};
  if (result.empty() || command == words.login || Holds(words.accepted, result)) {
    return Skip{SkipReason::kNotDelivery};
  }
  event.outcome = Outcome::kRejected;
  event.reply.text = result;
  event.reply.origin = Origin::kLocal;
  event.reply.phase = command == "DATA" ? Phase::kEndOfData : Phase::kUnknown;
  return event;
}

}  // namespace

Parsed ParseCoremail(const Record& record, const CoremailWords& words) {
  DeliveryEvent event;
  event.mta = Mta::kCoremail;
  event.host = record.host;
  event.instance = record.program;
  event.time = record.time;
  std::string_view text = record.message;
  std::string_view time;
  if (TakeHead(text, time)) {
    if (event.time.empty()) event.time = time;
    return ParseDelivery(text, words, event);
  }
  if (!IsClock(text) || !text.substr(8).starts_with(" [")) return Skip{SkipReason::kForeign};
  if (event.time.empty()) event.time = text.substr(0, 8);
  return ParseTransaction(text.substr(10), words, event);
}

std::string DateInFileName(std::string_view path) {
  constexpr std::size_t kLength = 10;  // YYYY-MM-DD
  for (std::size_t at = 0; at + kLength <= path.size(); ++at) {
    const std::string_view date = path.substr(at, kLength);
    const char mark = date[4];
    if ((mark != '-' && mark != '_') || date[7] != mark || !AllDigits(date.substr(0, 4)) ||
        !AllDigits(date.substr(5, 2)) || !AllDigits(date.substr(8, 2))) {
      continue;
    }
    return std::string(date.substr(0, 4)) + "-" + std::string(date.substr(5, 2)) + "-" +
           std::string(date.substr(8, 2));
  }
  return {};
}

Parsed ParseCoremail(const Record& record, ParseContext& context) {
  static const CoremailWords kUsual;
  const CoremailWords& words =
      context.coremail_words() == nullptr ? kUsual : *context.coremail_words();
  Parsed parsed = ParseCoremail(record, words);
  auto* event = std::get_if<DeliveryEvent>(&parsed);
  if (event != nullptr && record.time.empty() && !words.date.empty()) {
    event->time = WholeTime(words, event->time, context);
  }
  return parsed;
}

}  // namespace bouncesight
