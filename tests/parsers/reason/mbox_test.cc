#include "parsers/reason/mbox.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::string_view kHead =
    "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nFrom: MAILER-DAEMON@example.org\nSubject: x\n";

std::string WithCrlf(const std::string& text) {
  std::string out;
  for (const char c : text) out.append(c == '\n' ? "\r\n" : std::string(1, c));
  return out;
}

TEST(Mbox, HasAViewForEachMessageThatTogetherAreTheFile) {
  const std::string head(kHead);
  const struct {
    const char* name;
    std::string text;
    std::size_t messages;
  } samples[] = {
      {"two", head + "\nno\n\n" + head + "\nno\n", 2},
      {"without the blank line before", head + "\nno\n" + head + "\nno\n", 2},
      {"a From_ line that was quoted", head + "\n>From ann@example.org Sat Nov 21 10:00:00 2026\n",
       1},
      {"a sentence", head + "\nFrom ann we heard on Sat at 10:00 that\nit: works\n", 1},
      {"Thunderbird's From_ line",
       "From - Sat Nov 21 10:00:00 2026\nFrom: a@example.org\nTo: b@example.org\n\nx\n\n" + head,
       2},
      {"a time zone at the end",
       "From root Sat Nov 21 10:00:00 2026 +0100\nFrom: a@example.org\nTo: b@example.org\n\nx\n\n" +
           head,
       2},
      {"a message within the parts of another",
       head + "Content-Type: multipart/report; boundary=\"b1\"\n\n--b1\n\n" + head +
           "\nx\n--b1--\n\n" + head + "\nno\n",
       2},
      {"parts whose end was cut off",
       head + "Content-Type: multipart/report;\n boundary=b1\n\n--b1\n\nx\n\n" + head + "\nno\n",
       2},
      {"twice the same boundary",
       head + "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n\n" + head +
           "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n",
       2},
      {"no mbox", "550 5.1.1 no\n\n" + head, 1},
  };
  for (const auto& one : samples) {
    for (const std::string& text : {one.text, WithCrlf(one.text)}) {
      const auto messages = SplitMbox(text);
      EXPECT_EQ(messages.size(), one.messages) << one.name;
      std::string whole;
      for (const std::string_view message : messages) whole += message;
      EXPECT_EQ(whole, text) << one.name;
    }
  }
}

}  // namespace
}  // namespace bouncesight
