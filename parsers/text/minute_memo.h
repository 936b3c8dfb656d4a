// Time stamps of the minute of the one before. The lines of a log come in order, so that most
// stamps differ from the last in their seconds alone, or in a fraction of them: two digits to read
// instead of a date and a zone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bouncesight {

// Does not allocate. Not thread-safe.
class MinuteMemo {
 public:
  // `stamp` was read with this result. Takes the place of the one before; of a stamp that has its
  // seconds at no place that is known ("…T17:00:05", "Nov 21 17:00:05") nothing is remembered.
  void Remember(std::string_view stamp, std::int64_t seconds);
  void Forget() { size_ = 0; }

  // The time of a stamp that differs from the remembered one by its seconds at most. None: it
  // differs by more, or nothing is remembered.
  std::optional<std::int64_t> Read(std::string_view stamp) const;

 private:
  static constexpr std::size_t kLongest = 40;

  std::array<char, kLongest> stamp_{};
  std::size_t size_ = 0;        // of it; 0: none
  std::size_t seconds_at_ = 0;  // where its seconds stand
  std::size_t zone_at_ = 0;     // and what follows them and their fraction
  std::int64_t minute_starts_ = 0;
};

}  // namespace bouncesight
