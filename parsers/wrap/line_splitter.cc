#include "parsers/wrap/line_splitter.h"

#include <algorithm>

namespace bouncesight {

void LineSplitter::Keep(std::string_view piece) {
  if (pending_ == 0) carry_.clear();
  const std::size_t room = kMaxLineBytes + 1 - carry_.size();
  carry_.append(piece.substr(0, std::min(room, piece.size())));
  pending_ += piece.size();
}

Line LineSplitter::Joined(std::string_view last_piece, bool terminated) {
  Keep(last_piece);
  Line line;
  line.terminated = terminated;
  offset_ += pending_ + (terminated ? 1 : 0);
  line.end_offset = offset_;
  std::string_view text = carry_;
  const bool whole = pending_ == text.size();
  if (terminated && whole && !text.empty() && text.back() == '\r') text.remove_suffix(1);
  line.truncated = !whole || text.size() > kMaxLineBytes;
  line.text = text.substr(0, kMaxLineBytes);
  pending_ = 0;
  return line;
}

}  // namespace bouncesight
