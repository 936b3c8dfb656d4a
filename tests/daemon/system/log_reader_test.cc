#include "daemon/system/log_reader.h"

#include <gtest/gtest.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using namespace std::string_literals;

const std::string kGzip =  // "one\n"
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\xcf\x4b\xe5\x02\x00\x9f\xa8\x17\xf8\x04\x00\x00\x00"s;

TEST(LogReader, TellsACompressedLogByItsFirstBytesWhateverItsName) {
  struct Case {
    const char* path;
    std::string bytes;
    bool plain;
  };
  const Case cases[] = {
      {"/log/a.gz", kGzip, false},
      {"/log/mail.log.1", kGzip, false},
      {"/log/b.gz", "one\n", true},
      {"/log/mail.log", "BZh is how this line begins\n", true},
      {"/log/mail.log.2", "BZh91AY&SY"s, false},
      {"/log/empty", "", true},
      {"/log/empty.xz", "", false},
      {"/log/short", "\x1f", true},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.path);
    MemoryFs fs;
    fs.Append(each.path, each.bytes);
    std::unique_ptr<LogReader> reader;
    ASSERT_EQ(OpenLog(fs, each.path, reader), 0);
    EXPECT_EQ(reader->plain(), each.plain);
  }
}

TEST(LogReader, ReadsACompressedLogUnderAPlainNameAsItsPlainBytes) {
  MemoryFs fs;
  fs.Append("/log/mail.log.1", kGzip);
  std::unique_ptr<LogReader> reader;
  ASSERT_EQ(OpenLog(fs, "/log/mail.log.1", reader), 0);
  std::string bytes(10, '\0');
  EXPECT_EQ(reader->ReadAt(bytes, 0), 4);
  EXPECT_EQ(bytes.substr(0, 4), "one\n");
}

}  // namespace
}  // namespace bouncesight
