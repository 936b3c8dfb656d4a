#include "daemon/system/shell_word.h"

#include <string_view>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(ShellWord, IsTheNameAsAShellReadsItBack) {
  const struct {
    std::string_view name, word;
  } kCases[] = {
      {"/var/log/mail.log", "/var/log/mail.log"},
      {"-", "-"},
      {"-rf", "./-rf"},
      {"", "''"},
      {"two words.log", "'two words.log'"},
      {"it's.log", "'it'\\''s.log'"},
      {"a;b|c&d$(e)`f`*?[g]~#!", "'a;b|c&d$(e)`f`*?[g]~#!'"},
      {"=zsh", "'=zsh'"},
      {"back\\slash", "'back\\slash'"},
      {"日志.log", "日志.log"},
      {"x\x1B[31m.log", "$'x\\033[31m.log'"},
      {"caf\xE9.log", "$'caf\\351.log'"},
      {"a\nb", "$'a\\012b'"},
      {"a\xE2\x80\xAEz", "$'a\\342\\200\\256z'"},
      {"it's\\\x01\x31", "$'it\\'s\\\\\\0011'"},
      {"-\x01", "$'./-\\001'"},
  };
  for (const auto& one : kCases) EXPECT_EQ(ShellWord(one.name), one.word) << one.name;
}

}  // namespace
}  // namespace bouncesight
