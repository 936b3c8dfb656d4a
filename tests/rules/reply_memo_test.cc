#include "rules/reply_memo.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string Spelt(const ReplyText& text) {
  return SpellMasks(text.words()) + "|" + std::string(text.links());
}

const std::vector<std::string>& Replies() {
  static const std::vector<std::string> replies = {
      "",
      "550",
      "550 5.1.1 <ann@example.com>: no such user",
      "550 5.1.1 <ann@example.com>: no such userx",
      "554 5.7.1 blocked, see https://list.example.org/q?ip=192.0.2.1 and mx.example.net",
      "554 5.7.1 blocked, see https://list.example.org/q?ip=192.0.2.2 and mx.example.net",
      "(connect to mx.example.com[192.0.2.9]:25: Connection timed out)",
      "452-4.2.2 over\n452 4.2.2 quota",
      std::string(ReplyMemo::kMaxReply, 'x'),
      std::string(ReplyMemo::kMaxReply + 1, 'x'),
  };
  return replies;
}

TEST(ReplyMemo, ReadsAsIfItRememberedNothing) {
  for (const std::size_t slots : {1U, 4U, 256U}) {
    ReplyMemo memo(slots);
    const auto known = std::make_unique<ReplyText>(), anew = std::make_unique<ReplyText>();
    for (int turn = 0; turn < 3; ++turn) {
      for (const std::string& reply : Replies()) {
        for (int twice = 0; twice < 2; ++twice) {
          memo.Read(reply, *known);
          anew->Read(reply);
          EXPECT_EQ(Spelt(*known), Spelt(*anew)) << slots << " " << reply;
        }
      }
    }
  }
}

TEST(ReplyMemo, RemembersWordsAsTheyWereBeforeNamesWereMasked) {
  ReplyMemo memo(1);
  const auto text = std::make_unique<ReplyText>();
  const std::vector<std::string> names = {"nix spam"};
  for (int turn = 0; turn < 2; ++turn) {
    memo.Read("554 listed by NiX Spam", *text);
    EXPECT_EQ(SpellMasks(text->words()), "listed by NiX Spam") << turn;
    text->MaskNames(names);
    EXPECT_EQ(SpellMasks(text->words()), "listed by {name}") << turn;
  }
}

}  // namespace
}  // namespace bouncesight
