// Container runtimes' log files: CRI's "TIME stdout F TEXT" (Kubernetes), and the joining of lines
// that a runtime has cut into pieces (CRI's tag P, Docker's object without a newline).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bouncesight {

// Views into the line.
struct CriLine {
  std::string_view time;
  std::string_view stream;
  std::string_view text;
  bool ends_line = true;
};

// std::nullopt: the line has no such head.
std::optional<CriLine> ParseCriLine(std::string_view line);

// Joins pieces of one stream. Holds at most kMaxBytes; what goes beyond is dropped.
class PieceJoiner {
 public:
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  bool empty() const { return joined_.empty(); }

  // Forgets an unfinished line.
  void Abandon() { joined_.clear(); }

  // A piece that does not end its line.
  void Add(std::string_view piece);

  // The line that ends with `piece`: `piece` itself if nothing was kept before. Valid until the
  // next call of either.
  std::string_view Finish(std::string_view piece);

 private:
  std::string joined_;
  std::string line_;
};

}  // namespace bouncesight
