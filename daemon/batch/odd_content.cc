#include "daemon/batch/odd_content.h"

#include <memory>
#include <optional>

#include "daemon/batch/log_input.h"
#include "daemon/config/log_sample.h"
#include "daemon/system/fs.h"

namespace bouncesight {
namespace {

// The first bytes of a log, unpacked; none: it cannot be read a second time.
std::optional<std::string> FrontOf(const std::string& path) {
  RealFileSystem fs;
  FileInfo info;
  if (path == "-" || fs.Stat(path, info) != 0 || !info.regular) return std::nullopt;
  const auto input = OpenLogInput({.path = path});
  if (!input) return std::nullopt;
  std::string front(kReadBytes, '\0');
  const Result<std::size_t> got = (*input)->Read(front);
  if (!got) return std::nullopt;
  front.resize(*got);
  return front;
}

}  // namespace

std::string OddContentText(const std::string& path, std::uint64_t lines, bool alone) {
  if (lines > 1) return {};
  if (path == "-") return lines == 0 && alone ? "standard input holds no line" : "";
  const std::optional<std::string> front = FrontOf(path);
  if (!front) return {};
  if (lines != 0) return CrAloneText(path, *front);
  if (front->empty()) return alone ? path + " is empty" : "";
  return path + " holds NULs alone, as a file may after a crash: no line is left";
}

}  // namespace bouncesight
