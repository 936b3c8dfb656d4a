// Which recipient a numbered delivery is for, for logs that name it only when the delivery starts.
//
// Bounded: a fixed number of slots, chosen by the delivery's number, so that the newest wins and no
// log can make it grow. A delivery that started before the reader did, or that was overtaken by
// kSlots newer ones, is not found. Not thread-safe: one per reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace bouncesight {

class DeliveryTable {
 public:
  static constexpr std::size_t kSlots = 512;
  static constexpr std::size_t kMaxRecipient = 254;  // RFC 5321: 256 with the angle brackets
  static constexpr std::size_t kMaxMessage = 20;

  // Texts that are too long are not kept.
  void Remember(std::uint32_t number, std::string_view message, std::string_view recipient) {
    Slot& slot = slots_[number % kSlots];
    slot.number = number;
    slot.message_size = Keep(message, slot.message.data(), slot.message.size());
    slot.recipient_size = Keep(recipient, slot.recipient.data(), slot.recipient.size());
  }

  // Views into the table, valid until the next Remember; empty if the number is not known.
  std::string_view Recipient(std::uint32_t number) const {
    const Slot& slot = slots_[number % kSlots];
    if (slot.number != number) return {};
    return {slot.recipient.data(), slot.recipient_size};
  }
  std::string_view Message(std::uint32_t number) const {
    const Slot& slot = slots_[number % kSlots];
    if (slot.number != number) return {};
    return {slot.message.data(), slot.message_size};
  }

 private:
  struct Slot {
    std::uint32_t number = 0;
    std::uint8_t message_size = 0;
    std::uint8_t recipient_size = 0;
    std::array<char, kMaxMessage> message;
    std::array<char, kMaxRecipient> recipient;
  };

  static std::uint8_t Keep(std::string_view text, char* place, std::size_t room) {
    if (text.size() > room) return 0;
    std::memcpy(place, text.data(), text.size());
    return static_cast<std::uint8_t>(text.size());
  }

  std::array<Slot, kSlots> slots_;
};

}  // namespace bouncesight
