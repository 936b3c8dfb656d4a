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

// "25m  2.9K 0t5C6f-0000c8-00 <ann@example.com> *** frozen ***".
bool IsEximHead(std::string_view line) {
  line = Strip(line);
  const std::string_view age = line.substr(0, line.find(' '));
  if (age.size() < 2 || !IsDigit(age[0]) || std::string_view("smhdw").find(age.back()) == kNotFound)
    return false;
  std::string_view rest = StripLeft(line.substr(age.size()));
  rest = StripLeft(rest.substr(std::min(rest.find(' '), rest.size())));
  const std::string_view id = rest.substr(0, rest.find(' '));
  const std::size_t dash = id.find('-');
  return (dash == 6) && (id.size() == 16 || id.size() == 23) &&
         StripLeft(rest.substr(id.size())).starts_with('<');
}

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

class Listing {
 public:
  void Read(std::string_view line) {
    const std::string_view bare = Strip(line);
    if (bare.empty()) {
      EndMessage();
    } else if (open_ > 0 || bare.starts_with('(')) {
      ReadReason(bare);
    } else if (const std::string_view address = RecipientOf(bare);
               !address.empty() && (in_message_ || line[0] == ' ' || line[0] == '\t')) {
      all_.push_back({std::string(address), reason_});
    } else if (IsMessageLine(line)) {
      EndMessage();
      in_message_ = true;
    }
  }

  std::vector<QueuedRecipient> Take() { return std::move(all_); }

 private:
  void EndMessage() {
    reason_.clear();
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
  std::size_t open_ = 0;
  bool in_message_ = false;
};

// Of `postqueue -j`: {"queue_id": …, "recipients": [{"address": …, "delay_reason": …}]}.
bool ReadObject(simdjson::dom::parser& parser, std::string_view line,
                std::vector<QueuedRecipient>& all) {
  simdjson::dom::element object;
  simdjson::dom::array recipients;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS ||
      object["recipients"].get(recipients) != simdjson::SUCCESS) {
    return false;
  }
  for (const simdjson::dom::element recipient : recipients) {
    std::string_view address;
    std::string_view reason;
    if (recipient["address"].get(address) != simdjson::SUCCESS) return false;
    if (recipient["delay_reason"].get(reason) != simdjson::SUCCESS) reason = {};
    all.push_back({std::string(address), Unfold(reason)});
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
  if (!IsListing(text)) return std::nullopt;
  Listing listing;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (IsEximHead(line)) {
      listing.Read("exim");  // its age stands where others have blanks
    } else if (!IsPostfixHead(line) && !IsSendmailHead(line)) {
      listing.Read(line);
    }
  }
  return listing.Take();
}

}  // namespace bouncesight
