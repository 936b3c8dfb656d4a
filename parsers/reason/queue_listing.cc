#include "parsers/reason/queue_listing.h"

#include <algorithm>
#include <cstddef>

#include <simdjson.h>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

bool IsPostfixHead(std::string_view line) {
  return FindNoCase(line, "-Queue ID-") != kNotFound &&
         FindNoCase(line, "Sender/Recipient") != kNotFound;
}

bool IsSendmailHead(std::string_view line) {
  return FindNoCase(line, "-Q-ID-") != kNotFound &&
         FindNoCase(line, "Sender/Recipient") != kNotFound;
}

// "25m  2.9K 0t5C6f-0000c8-00 <ann@example.com> *** frozen ***": the id; empty: it is none.
std::string_view EximId(std::string_view line) {
  line = Strip(line);
  const std::string_view age = line.substr(0, line.find(' '));
  if (age.size() < 2 || !IsDigit(age[0]) || std::string_view("smhdw").find(age.back()) == kNotFound)
    return {};
  std::string_view rest = StripLeft(line.substr(age.size()));
  rest = StripLeft(rest.substr(std::min(rest.find(' '), rest.size())));
  const std::string_view id = rest.substr(0, rest.find(' '));
  const bool shaped = id.find('-') == 6 && (id.size() == 16 || id.size() == 23);
  return shaped && StripLeft(rest.substr(id.size())).starts_with('<') ? id : std::string_view{};
}

bool IsEximHead(std::string_view line) { return !EximId(line).empty(); }

// "4C5601753190*    1234 Fri Dec 14 14:19:58  ann@example.com": one message of Postfix' queue,
// which may have been copied without the heading.
bool IsPostfixEntry(std::string_view line) {
  static constexpr std::string_view kDays[] = {"Mon ", "Tue ", "Wed ", "Thu ",
                                               "Fri ", "Sat ", "Sun "};
  std::size_t id = 0;
  while (id < line.size() && IsAlnum(line[id])) ++id;
  std::string_view rest = line.substr(id);
  if (id < 5 || id > 20) return false;
  if (!Consume(rest, "*") && !Consume(rest, "!")) Consume(rest, "#");
  rest = SkipBlanks(rest);
  if (rest.empty() || !IsDigit(rest[0])) return false;
  TakeNumber(rest);
  rest = SkipBlanks(rest);
  return std::ranges::any_of(kDays, [&](std::string_view day) { return rest.starts_with(day); });
}

// The line of a message itself, with its id, size and sender: it starts at the left margin.
bool IsMessageLine(std::string_view line) {
  return !line.empty() && line[0] != ' ' && line[0] != '\t' && line[0] != '(' && line[0] != '<';
}

// A recipient alone, as all three print it; Exim marks one that has been reached with a "D".
std::string_view RecipientOf(std::string_view bare) {
  std::string_view address;
  if (!TakeAddress(bare, address)) return {};
  return Strip(bare).empty() ? address : std::string_view{};
}

// What the line of a message says of it, by the form of its listing.
QueueHold EximHold(std::string_view line) {
  if (line.find("*** frozen ***") == kNotFound) return {};
  return {QueueKeeper::kExim, SafeQueueId(EximId(line))};
}

QueueHold PostfixHold(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() && IsAlnum(line[end])) ++end;
  if (!line.substr(end).starts_with('!')) return {};
  return {QueueKeeper::kPostfix, SafeQueueId(line.substr(0, end))};
}

// "5AUCx1Yz012345Q": an id of Sendmail ends with a figure, and a mark stands right behind it.
QueueHold SendmailHold(std::string_view& id) {
  constexpr std::size_t kShortest = 14;
  if (id.size() <= kShortest || !id.ends_with('Q') || !IsDigit(id[id.size() - 2])) return {};
  id.remove_suffix(1);
  return {QueueKeeper::kSendmail, SafeQueueId(id)};
}

class Listing {
 public:
  void Read(std::string_view line) {
    const std::string_view bare = Strip(line);
    if (IsPostfixHead(line) || IsSendmailHead(line)) {
      sendmail_ = IsSendmailHead(line);
    } else if (IsEximHead(line)) {  // its age stands where others have blanks
      Begin(EximHold(line), true);
    } else if (bare.empty()) {
      EndMessage();
    } else if (open_ > 0 || bare.starts_with('(')) {
      ReadReason(bare);
    } else if (StartsWithNoCase(bare, "QUARANTINE:")) {
      // Sendmail's reason for keeping the message is nobody's for refusing it.
      hold_ = {QueueKeeper::kSendmail, SafeQueueId(id_)};
    } else if (const std::string_view address = RecipientOf(bare);
               !address.empty() && (in_message_ || line[0] == ' ' || line[0] == '\t')) {
      all_.push_back({std::string(address), reason_, hold_});
      named_ = true;
    } else if (IsMessageLine(line)) {
      id_ = line.substr(0, line.find_first_of(" \t*!"));
      Begin(sendmail_ ? SendmailHold(id_) : PostfixHold(line), IsPostfixEntry(line));
    }
  }

  std::vector<QueuedRecipient> Take() {
    EndMessage();
    return std::move(all_);
  }

 private:
  void Begin(QueueHold hold, bool certain) {
    EndMessage();
    hold_ = std::move(hold);
    in_message_ = true;
    named_ = !certain;
  }

  void EndMessage() {
    if (in_message_ && !named_) all_.push_back({{}, reason_, hold_});
    reason_.clear();
    hold_ = {};
    open_ = 0;
    in_message_ = false;
  }

  // In brackets, perhaps over several lines.
  void ReadReason(std::string_view bare) {
    if (open_ == 0) reason_.clear();
    reason_.append(reason_.empty() ? "" : " ").append(bare);
    for (const char c : bare) {
      if (c == '(') ++open_;
      if (c == ')' && open_ > 0) --open_;
    }
    if (open_ > 0) return;
    std::string_view words = Strip(reason_);
    Consume(words, "(");
    ConsumeEnd(words, ")");
    if (!ConsumeNoCase(words, "Deferred: ") && !ConsumeNoCase(words, "Deferred:")) {
      // Sendmail's other word of the kind.
      ConsumeNoCase(words, "reply: ");
    }
    reason_ = Unfold(words);
  }

  std::vector<QueuedRecipient> all_;
  std::string reason_;
  QueueHold hold_;
  std::string_view id_;
  std::size_t open_ = 0;
  bool sendmail_ = false;
  bool in_message_ = false;
  bool named_ = false;  // the message has a recipient, or may be none
};

QueueHold HoldOf(const simdjson::dom::element& object) {
  std::string_view queue;
  std::string_view id;
  if (object["queue_name"].get(queue) != simdjson::SUCCESS || queue != "hold") return {};
  if (object["queue_id"].get(id) != simdjson::SUCCESS) id = {};
  return {QueueKeeper::kPostfix, SafeQueueId(id)};
}

// Of `postqueue -j`: {"queue_name": …, "queue_id": …, "recipients": [{"address": …, "delay_reason":
// …}]}.
bool ReadObject(simdjson::dom::parser& parser, std::string_view line,
                std::vector<QueuedRecipient>& all) {
  simdjson::dom::element object;
  simdjson::dom::array recipients;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS ||
      object["recipients"].get(recipients) != simdjson::SUCCESS) {
    return false;
  }
  const QueueHold hold = HoldOf(object);
  for (const simdjson::dom::element recipient : recipients) {
    std::string_view address;
    std::string_view reason;
    if (recipient["address"].get(address) != simdjson::SUCCESS) return false;
    if (recipient["delay_reason"].get(reason) != simdjson::SUCCESS) reason = {};
    all.push_back({std::string(address), Unfold(reason), hold});
  }
  return true;
}

std::optional<std::vector<QueuedRecipient>> ReadJson(std::string_view text) {
  simdjson::dom::parser parser;
  std::vector<QueuedRecipient> all;
  while (!text.empty()) {
    const std::string_view line = Strip(TakeLine(text));
    if (!line.empty() && !ReadObject(parser, line, all)) return std::nullopt;
  }
  return all;
}

// All that Postfix and Sendmail print of a queue that has nothing.
bool IsEmptyQueue(std::string_view text) {
  text = Strip(text);
  return text == "Mail queue is empty" ||
         (text.starts_with('/') && text.ends_with(" is empty") && text.find('\n') == kNotFound);
}

bool IsListing(std::string_view text) {
  for (int lines = 0; lines < 12 && !text.empty(); ++lines) {
    const std::string_view line = TakeLine(text);
    if (IsPostfixHead(line) || IsSendmailHead(line) || IsEximHead(line) || IsPostfixEntry(line)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::vector<QueuedRecipient>> ReadQueueListing(std::string_view text) {
  if (Strip(text).starts_with("{\"queue_name\"")) return ReadJson(text);
  if (IsEmptyQueue(text)) return std::vector<QueuedRecipient>();
  if (!IsListing(text)) return std::nullopt;
  Listing listing;
  while (!text.empty()) listing.Read(TakeLine(text));
  return listing.Take();
}

}  // namespace bouncesight
