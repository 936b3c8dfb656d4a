#include "parsers/reason/transcript.h"

#include <cstddef>

#include "parsers/reason/bounce_text_scan.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// One command with the replies to it.
struct Exchange {
  std::string command;
  std::string reply;
};

class SessionReader {
 public:
  explicit SessionReader(std::string_view recipient) : recipient_(recipient) {}

  void Read(std::string_view line) {
    line = Strip(line);
    if (FindNoCase(line, "while talking to ") != kNotFound) {
      Settle();
      host_ = line;
    } else if (line.starts_with(">>> ")) {
      Settle();
      now_.command = line;
    } else if (Consume(line, "<<< ")) {
      if (!IsRefusal(line)) return;
      now_.reply.append(now_.reply.empty() ? "" : " ").append(line);
      // Of pipelined commands the transcript shows the last; the reply tells whom it means.
      if (said_.empty() && FindNoCase(line, recipient_) != kNotFound)
        said_.append(host_ + " <<< ").append(line);
    } else if (IsRefusal(line) && FindNoCase(line, recipient_) != kNotFound && named_.empty()) {
      named_ = line;
    }
  }

  std::string Take() {
    Settle();
    for (const std::string* one : {&exact_, &said_, &named_}) {
      if (!one->empty()) return *one;
    }
    return first_;
  }

 private:
  void Settle() {
    if (!now_.reply.empty()) {
      const bool mine = FindNoCase(now_.command, recipient_) != kNotFound;
      const std::string words = host_ + " " + now_.command + " <<< " + now_.reply;
      if (mine && exact_.empty()) exact_ = Unfold(words);
      const bool of_another = FindNoCase(now_.command, "RCPT") != kNotFound && !mine;
      if (first_.empty() && !of_another) first_ = Unfold(words);
    }
    now_ = {};
  }

  std::string_view recipient_;
  std::string host_;
  Exchange now_;
  std::string exact_;  // the command names the recipient
  std::string said_;   // the reply does
  std::string named_;
  std::string first_;
};

}  // namespace

std::string ReplyInTranscript(std::string_view text, std::string_view recipient) {
  if (recipient.empty()) return {};
  SessionReader reader(recipient);
  while (!text.empty()) reader.Read(TakeLine(text));
  return reader.Take();
}

std::optional<OwnRefusal> OwnRefusalIn(std::string_view text) {
  if (FindNoCase(text, "transcript of session follows") == kNotFound) return std::nullopt;
  std::optional<OwnRefusal> last;
  std::string_view command;
  while (!text.empty()) {
    std::string_view line = Strip(TakeLine(text));
    if (Consume(line, "In:")) command = Strip(line);
    if (!Consume(line, "Out:") || !IsRefusal(Strip(line))) continue;
    const bool to = StartsWithNoCase(command, "RCPT");
    last = {std::string(to ? FindAddress(command) : ""), std::string(Strip(line))};
  }
  return last;
}

}  // namespace bouncesight
