// A log of every format and wrapper, as a stream that no single program writes: header, wrapper and
// format stay for a stretch, as they do in a log, or change from line to line. A tenth of its lines
// is damaged. For the differential test of two ways to read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/parsers/mta/generated_line.h"

namespace bouncesight {

class MixedLog {
 public:
  explicit MixedLog(std::uint32_t seed) : lines_(seed), random_(seed) {}

  // One generated line, in as many lines as its wrapper makes of it, without their ends. Some hold
  // NULs, and a newline where a record of bytes has one; few are longer than a line may be.
  std::vector<std::string> Next();

  // What ends the next line: LF, for stretches CR LF.
  std::string_view NextEnd();

  // How the bytes of a stream come: the size of the next piece, one byte to 64 KiB.
  std::size_t NextPiece();

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  void Turn();
  GeneratedLine Line();
  std::vector<std::string> Wrapped(const GeneratedLine& line);
  std::string Stamp();
  void Damage(std::string& line);

  LineGenerator lines_;
  std::mt19937 random_;
  std::size_t wrapper_ = 0, header_ = 0;
  bool confused_ = false;  // every line is wrapped otherwise than the one before
  bool other_formats_ = false;
  bool crlf_ = false;
  std::size_t most_in_piece_ = 1;
};

}  // namespace bouncesight
