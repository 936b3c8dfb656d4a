#include "daemon/system/small_file.h"

#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/daemon/system/memory_fs.h"
#include "tests/daemon/system/nth_fault.h"

namespace bouncesight {
namespace {

using testing::HasSubstr;

TEST(SmallFile, IsReadWholeUpToItsLimit) {
  MemoryFs fs;
  const std::string text(200'000, 'x');
  fs.Append("/f", text);
  std::string bytes = "old";
  EXPECT_EQ(ReadSmallFile(fs, "/f", 200'000, bytes), 0);
  EXPECT_EQ(bytes, text);
  EXPECT_EQ(ReadSmallFile(fs, "/f", 199'999, bytes), -EFBIG);
  EXPECT_EQ(ReadSmallFile(fs, "/none", 10, bytes), -ENOENT);
  fs.Append("/empty", "");
  EXPECT_EQ(ReadSmallFile(fs, "/empty", 0, bytes), 0);
  EXPECT_EQ(bytes, "");
}

TEST(SmallFile, HandsOnWhatTheSystemSays) {
  MemoryFs fs;
  fs.Append("/f", "x");
  std::string bytes;
  fs.fault = [](const std::string& call, const std::string&) { return call == "read" ? -EIO : 0; };
  EXPECT_EQ(ReadSmallFile(fs, "/f", 10, bytes), -EIO);
}

TEST(SmallFile, SaysInWordsWhatStoodInTheWay) {
  EXPECT_THAT(ReadSmallFile("/", 10).error().message, HasSubstr("/: is a folder"));
  EXPECT_EQ(ReadSmallFile("/none/such", 10).error().message, "/none/such: no such file");
  EXPECT_EQ(ReadSmallFile("/dev/zero", 2 << 20).error().message, "/dev/zero: larger than 2 MiB");
}

TEST(SmallFile, MayBeAPipeOrOneOfProc) {
  EXPECT_FALSE(ReadSmallFile("/proc/self/stat", 1 << 20)->empty());
  const std::string path = testing::TempDir() + "small_file_pipe." + std::to_string(::getpid());
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string text(100'000, 'y');  // more than a pipe holds
  std::thread writer([&] {
    const int fd = ::open(path.c_str(), O_WRONLY);
    for (std::size_t at = 0; at < text.size();) {
      const auto n = ::write(fd, text.data() + at, text.size() - at);
      if (n <= 0) break;
      at += static_cast<std::size_t>(n);
    }
    ::close(fd);
  });
  EXPECT_EQ(*ReadSmallFile(path, 1 << 20), text);
  writer.join();
  ::unlink(path.c_str());
}

// A disk gives what it has before an error: the file is not as short as that.
TEST(SmallFile, IsNotCutShortByAnError) {
  MemoryFs fs;
  fs.Append("/state", "all of it");
  NthFault fault(3, 4);  // open, statfd, read
  fs.fault = [&](const std::string& call, const std::string& path) { return fault(call, path); };
  std::string bytes;
  EXPECT_EQ(ReadSmallFile(fs, "/state", 100, bytes), -EIO);
  EXPECT_EQ(ReadSmallFile(fs, "/state", 100, bytes), 0);
  EXPECT_EQ(bytes, "all of it");
}

}  // namespace
}  // namespace bouncesight
