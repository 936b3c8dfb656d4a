#include "parsers/reason/mbox.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "parsers/reason/mail_text.h"
#include "parsers/reason/text_lines.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

// "Sat Nov 21 18:00:00 2026", as asctime writes it, somewhere in the line.
bool HasDate(std::string_view line) {
  static constexpr std::string_view kDays[] = {" Mon ", " Tue ", " Wed ", " Thu ",
                                               " Fri ", " Sat ", " Sun "};
  return std::ranges::any_of(kDays, [line](std::string_view day) {
    const std::size_t at = line.find(day);
    return at != kNotFound && line.find(':', at) != kNotFound;
  });
}

// "\n--BOUNDARY--", which ends the parts of the message at the start of `bytes`. Empty: it has
// none.
std::string EndOfParts(std::string_view bytes) {
  constexpr std::size_t kLongestHeader = std::size_t{16} << 10;
  const std::string_view near = bytes.substr(0, kLongestHeader);
  const std::size_t end = std::min(near.find("\n\n"), near.find("\n\r\n"));
  std::string_view header = near.substr(0, end);
  constexpr std::string_view kBoundary = "boundary=";
  const std::size_t at = FindNoCase(header, kBoundary);
  if (at == kNotFound) return {};
  header.remove_prefix(at + kBoundary.size());
  const bool quoted = Consume(header, "\"");
  const std::string_view boundary =
      header.substr(0, header.find_first_of(quoted ? "\"" : " ;\r\n"));
  return boundary.empty() ? std::string() : "\n--" + std::string(boundary) + "--";
}

// Takes a message after the other.
class MboxSplitter {
 public:
  explicit MboxSplitter(std::string_view bytes) : bytes_(bytes) { Begin(0); }

  void At(std::size_t at) {
    if (IsWithinParts(at)) return;
    all_.push_back(bytes_.substr(start_, at - start_));
    Begin(at);
  }

  std::vector<std::string_view> Finish() {
    all_.push_back(bytes_.substr(start_));
    return std::move(all_);
  }

 private:
  // How far behind a message's start the end of its parts is looked for, and how much is read for
  // that in vain, whoever wrote the messages.
  static constexpr std::size_t kMostWithin = std::size_t{256} << 10;
  static constexpr std::size_t kMostInVain = std::size_t{64} << 20;

  void Begin(std::size_t at) {
    start_ = at;
    const std::string end = EndOfParts(bytes_.substr(at));
    end_ = at;
    if (end.empty() || in_vain_ >= kMostInVain) return;
    const std::size_t found = bytes_.substr(at, kMostWithin).find(end);
    if (found == kNotFound)
      in_vain_ += kMostWithin;
    else
      end_ = at + found;
  }

  bool IsWithinParts(std::size_t at) const { return at < end_; }

  std::string_view bytes_;
  std::vector<std::string_view> all_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;  // of the parts of the message at start_
  std::size_t in_vain_ = 0;
};

}  // namespace

bool IsMboxLine(std::string_view line) {
  if (!line.starts_with("From ") || line.size() <= 20) return false;
  const bool sender = line.find('@') != kNotFound || line.find("MAILER") != kNotFound;
  return HasDate(line) || (sender && IsDigit(line.back()));
}

std::vector<std::string_view> SplitMbox(std::string_view bytes) {
  std::string_view rest = bytes;
  if (!IsMboxLine(TakeLine(rest))) return {bytes};
  MboxSplitter splitter(bytes);
  while (!rest.empty()) {
    const std::size_t at = bytes.size() - rest.size();
    if (IsMboxLine(TakeLine(rest)) && StartsWithHeaders(rest)) splitter.At(at);
  }
  return splitter.Finish();
}

}  // namespace bouncesight
