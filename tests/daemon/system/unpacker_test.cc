// What hostile compressed streams can make the reader hold: its plain bytes may be ten thousand
// times as many.
#include "daemon/system/unpacker.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

namespace bouncesight {
namespace {

constexpr std::size_t kPlain = std::size_t{48} << 20U;

// So many NULs, packed by a filter of libarchive; empty: this one is not built in.
std::string Bomb(int filter) {
  std::string packed;
  archive* const writer = archive_write_new();
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);  // no padding
  if (archive_write_add_filter(writer, filter) == ARCHIVE_OK) {
    const auto append = [](archive*, void* to, const void* bytes, std::size_t size) {
      static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
      return static_cast<la_ssize_t>(size);
    };
    archive_write_open(writer, &packed, nullptr, append, nullptr);
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(writer, entry);
    const std::vector<char> zeros(std::size_t{1} << 20U);
    for (std::size_t done = 0; done < kPlain; done += zeros.size()) {
      archive_write_data(writer, zeros.data(), zeros.size());
    }
    archive_entry_free(entry);
    archive_write_close(writer);
  }
  archive_write_free(writer);
  return packed;
}

Unpacker::Pull PullFrom(const std::string& packed) {
  return [&packed, at = std::size_t{0}](std::span<char> room) mutable {
    const std::size_t n = packed.copy(room.data(), room.size(), at);
    at += n;
    return static_cast<std::int64_t>(n);
  };
}

// The most that this process has had in memory since ResetPeak, in KiB.
void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }
std::int64_t Peak() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes;
  }
  return 0;
}

TEST(Unpacker, HoldsLittleOfWhatABombGives) {
  for (const int filter :
       {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD,
        ARCHIVE_FILTER_LZ4, ARCHIVE_FILTER_LZIP, ARCHIVE_FILTER_COMPRESS}) {
    SCOPED_TRACE(filter);
    const std::string packed = Bomb(filter);
    if (packed.empty()) continue;
    EXPECT_LT(packed.size(), kPlain / 100);
    ResetPeak();
    [[maybe_unused]] const std::int64_t before = Peak();
    Unpacker unpacker(PullFrom(packed));
    ASSERT_TRUE(unpacker.Open()) << unpacker.why();
    std::array<char, 4096> buffer{};
    std::size_t plain = 0;
    for (std::int64_t n = 1; n > 0; plain += static_cast<std::size_t>(n)) {
      n = unpacker.Read(buffer);
      ASSERT_GE(n, 0) << unpacker.why();
    }
    EXPECT_EQ(plain, kPlain);
#ifndef __SANITIZE_ADDRESS__  // keeps what was freed
    EXPECT_LT(Peak() - before, 24 * 1024);
#endif
  }
}

TEST(Unpacker, RefusesAStreamThatAsksForTooMuchMemory) {
  const std::string xz(
      "\xFD"
      "7zXZ\0\0\4\xE6\xD6\xB4\x46",
      12),
      lzip("LZIP\1", 5);
  struct Case {
    std::string packed;
    const char* why;
  };
  const Case cases[] = {
      {xz + std::string("\2\0\x21\1\x24\0\0\0", 8), "asks for 1024 MiB"},
      {xz + std::string("\2\0\x21\1\x1F\0\0\0", 8), "asks for 192 MiB"},
      {xz + std::string("\2\xC0\x80\x80\1\5\x21\1\x28\0\0\0", 12), "asks for 4096 MiB"},
      {xz + std::string("\3\1\4\0\x21\1\x22\0\0\0", 10), "asks for 512 MiB"},
      {lzip + "\x1D", "asks for 512 MiB"},
  };
  for (const Case& each : cases) {
    Unpacker unpacker(PullFrom(each.packed));
    EXPECT_FALSE(unpacker.Open());
    EXPECT_NE(unpacker.why().find(each.why), std::string::npos) << unpacker.why();
  }
}

TEST(Unpacker, RunsNoOtherProgram) {
  for (const std::string& magic : {std::string("GRZipII\0\2\4:)", 12), std::string("LRZI\0\6", 6),
                                   std::string("\x89LZO\0\r\n\x1a\n", 9)}) {
    const std::string packed = magic + std::string(100, '\0');
    Unpacker unpacker(PullFrom(packed));
    ASSERT_TRUE(unpacker.Open());
    std::string plain(packed.size() + 10, 'x');
    const std::int64_t n = unpacker.Read(plain);
    EXPECT_EQ(plain.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(n, 0))), packed)
        << "taken as it stands";
  }
}

}  // namespace
}  // namespace bouncesight
