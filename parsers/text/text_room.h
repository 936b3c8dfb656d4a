// Room for text that does not stand in the line as it should read: unescaped, joined, decoded. One
// per reader, reused from line to line, so that parsing allocates nothing.
//
// Views into it live until the next line, as those into the line do. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace bouncesight {

class TextRoom {
 public:
  // Four times the longest line: unescaping shrinks, decoding to UTF-8 asks for three times the
  // room.
  static constexpr std::size_t kCapacity = 256 * 1024;

  // Forgets what the last line put in.
  void Reset() { used_ = 0; }
  // Nothing of this line stands here.
  bool empty() const { return used_ == 0; }

  // Room for `bytes` bytes, or nullptr if there is none left: then leave the text as it is. What is
  // written there stays only if Commit says so; the next Room starts at the same place.
  char* Room(std::size_t bytes) {
    if (bytes > kCapacity - used_) return nullptr;
    if (!buffer_) buffer_.reset(new char[kCapacity]);
    return buffer_.get() + used_;
  }

  // Keeps the first `bytes` bytes of the last Room.
  std::string_view Commit(std::size_t bytes) {
    const std::string_view text(buffer_.get() + used_, bytes);
    used_ += bytes;
    return text;
  }

  // A copy of `text`, or an empty view if there is no room.
  std::string_view Copy(std::string_view text) {
    char* room = Room(text.size());
    if (room == nullptr || text.empty()) return {};
    std::memcpy(room, text.data(), text.size());
    return Commit(text.size());
  }

 private:
  // Made at first use, since there may be thousands of readers, and not value-initialised: pages
  // that no line needs are never touched.
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
};

}  // namespace bouncesight
