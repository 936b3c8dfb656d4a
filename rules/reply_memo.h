// What replies that came lately read as. Many servers say the same to everybody, and what a host
// that is down does to a thousand messages is told a thousand times: half of all failures repeat,
// byte for byte, what one of some hundreds before them said. Those are not read again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/reply_text.h"

namespace bouncesight {

// Direct mapped: a reply takes the place of the one that was there. Replies are compared whole, so
// a collision costs a reading and never a wrong one. Not thread-safe; allocates only when made.
class ReplyMemo {
 public:
  static constexpr std::size_t kMaxReply = 256;  // longer ones name what is of one message alone

  // `slots` must be a power of two.
  explicit ReplyMemo(std::size_t slots) : entries_(slots) {}

  // The same as text.Read(reply).
  void Read(std::string_view reply, ReplyText& text);

 private:
  struct Entry {
    static constexpr std::size_t kRoom = 640;

    std::uint64_t hash = 0;
    std::uint16_t reply = 0, words = 0, links = 0;  // their sizes
    std::array<char, kRoom> bytes{};                // one behind the other

    bool Holds(std::string_view text) const;
    void Keep(std::string_view text, const ReplyText& read);
    void GiveTo(ReplyText& text) const;
  };

  std::vector<Entry> entries_;
};

}  // namespace bouncesight
