#include "rules/reply_memo.h"

#include "parsers/text/hash.h"

namespace bouncesight {
namespace {

constexpr std::uint64_t kReplySeed = 0;  // a collision costs one entry its place

}  // namespace

bool ReplyMemo::Entry::Holds(std::string_view text) const {
  return std::string_view(bytes.data(), reply) == text;
}

void ReplyMemo::Entry::Keep(std::string_view text, const ReplyText& read) {
  reply = static_cast<std::uint16_t>(text.size());
  words = static_cast<std::uint16_t>(read.words().size());
  links = static_cast<std::uint16_t>(read.links().size());
  char* at = bytes.data();
  for (const std::string_view part : {text, read.words(), read.links()}) {
    at += part.copy(at, part.size());
  }
}

void ReplyMemo::Entry::GiveTo(ReplyText& text) const {
  const std::string_view both(bytes.data() + reply, std::size_t{words} + links);
  text.Restore(both.substr(0, words), both.substr(words));
}

void ReplyMemo::Read(std::string_view reply, ReplyText& text) {
  if (reply.size() > kMaxReply) return text.Read(reply);
  const std::uint64_t hash = HashBytes(reply, kReplySeed);
  Entry& entry = entries_[hash & (entries_.size() - 1)];
  if (entry.hash == hash && entry.Holds(reply)) return entry.GiveTo(text);
  text.Read(reply);
  if (reply.size() + text.words().size() + text.links().size() > Entry::kRoom) return;
  entry.hash = hash;
  entry.Keep(reply, text);
}

}  // namespace bouncesight
