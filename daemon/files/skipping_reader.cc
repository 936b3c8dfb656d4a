#include "daemon/files/skipping_reader.h"

#include <algorithm>
#include <array>

namespace bouncesight {
SkippingReader::Step SkippingReader::SkipTowards(std::uint64_t offset, std::size_t most) {
  std::array<char, 16 * 1024> buffer;
  for (std::size_t done = 0; position_ < offset;) {
    if (done >= most) return Step::kMore;
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), offset - position_);
    const std::int64_t n = inner_->ReadAt(std::span(buffer).first(wanted), position_);
    if (n < 0) {
      error_ = static_cast<int>(-n);
      return Step::kFailed;
    }
    if (n == 0) return Step::kShort;
    Remember({buffer.data(), static_cast<std::size_t>(n)});
    done += static_cast<std::size_t>(n);
  }
  return Step::kThere;
}

void SkippingReader::Remember(std::string_view bytes) {
  if (head_.size() < FileIdentity::kHeadBytes)
    head_.append(bytes.substr(0, FileIdentity::kHeadBytes - head_.size()));
  position_ += bytes.size();
  tail_.append(bytes.substr(bytes.size() - std::min(FileIdentity::kTailBytes, bytes.size())));
  tail_.erase(0, tail_.size() - std::min(FileIdentity::kTailBytes, tail_.size()));
}

std::int64_t SkippingReader::ReadAt(std::span<char> buffer, std::uint64_t offset) {
  const auto serve = [&](const std::string& from, std::uint64_t start) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset - start), buffer.size(),
                buffer.begin());
    return static_cast<std::int64_t>(buffer.size());
  };
  const std::uint64_t end = offset + buffer.size();
  if (end <= head_.size()) return serve(head_, 0);
  const std::uint64_t tail_start = position_ - tail_.size();
  if (offset >= tail_start && end <= position_) return serve(tail_, tail_start);
  return inner_->ReadAt(buffer, offset);
}

}  // namespace bouncesight
