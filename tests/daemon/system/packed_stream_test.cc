// Whole, torn and hostile packed files. gzip shows what is right; the others must do the same.
#include "daemon/system/packed_stream.h"

#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/daemon/system/packed_text.h"

namespace bouncesight {
namespace {

using namespace std::string_literals;

constexpr std::array kDecoded = {kGzipText, kXzText, kLzipText, kZstdText, kBzip2Text};
constexpr std::array kAll = {kGzipText,  kXzText,  kLzipText,    kZstdText,
                             kBzip2Text, kLz4Text, kCompressText};

// Lines that hardly repeat, so that they make several blocks of every packing.
std::string Lines(std::size_t bytes) {
  std::string text;
  std::uint64_t x = 1;
  while (text.size() < bytes) {
    x = x * 6364136223846793005U + 1442695040888963407U;
    text += std::to_string(x) + " a line of a log\n";
  }
  return text;
}

struct Seen {
  std::string plain;
  std::string fault;  // empty: none
  bool rest = false;
  bool refused = false;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.plain.size() << " bytes " << seen.plain.substr(0, 100) << " fault '"
             << seen.fault << "' rest " << seen.rest;
}

// `step`: the size of the pieces that come in, and of those that are asked for.
Seen See(const std::string& packed, std::size_t step = 64 * 1024) {
  PackedStream stream(PullFrom(packed, step));
  Seen seen;
  std::string buffer(step, '\0');
  for (;;) {
    const std::int64_t n = stream.Read(buffer);
    if (n > 0) seen.plain.append(buffer, 0, static_cast<std::size_t>(n));
    if (n < 0) {
      EXPECT_EQ(stream.Read(buffer), -1) << "again";
      seen.fault = stream.why();
      seen.refused = stream.refused();
      return seen;
    }
    if (n > 0) continue;
    if (!stream.at_plain_rest()) return seen;
    seen.rest = true;
    stream.ReadPlainRest();
  }
}

TEST(PackedStream, ReadsWhatFollowsAStreamAsGzipDoes) {
  const std::string one = "one\n", two = "two\n";
  for (const TestPacking& packing : kDecoded) {
    const std::string packed = Packed(packing, one), next = Packed(packing, two);
    const std::string padding(1000, '\0');
    struct Case {
      const char* what;
      std::string bytes;
      Seen seen;
    };
    const Case cases[] = {
        {"whole", packed, {one, "", false}},
        {"empty", Packed(packing, ""), {"", "", false}},
        {"two streams", packed + next, {one + two, "", false}},
        {"an empty one between", packed + Packed(packing, "") + next, {one + two, "", false}},
        {"padding", packed + padding, {one, "", false}},
        {"padding between", packed + padding + next, {one + two, "", false}},
        {"garbage", packed + "garbage", {one, "", false}},
        {"plain lines", packed + two + "three", {one + two + "three", "", true}},
        {"plain lines behind padding", packed + padding + two, {one + two, "", true}},
        {"the first byte of another", packed + next.substr(0, 1), {one, "cut short", false}},
        {"a stream of another packing", packed + Packed(kGzipText, two), {one + two, "", false}},
    };
    for (const Case& each : cases) {
      SCOPED_TRACE(packing.name + " "s + each.what);
      EXPECT_EQ(See(each.bytes), each.seen);
      EXPECT_EQ(See(each.bytes, 1), each.seen) << "byte by byte";
    }
    const Seen torn = See(packed + next.substr(0, next.size() - 1));
    EXPECT_EQ(torn.fault, "cut short") << packing.name;
    EXPECT_TRUE(torn.plain.starts_with(one + "two")) << packing.name << torn;
  }
}

TEST(PackedStream, TellsOfATearAtEveryByteAndGivesOnlyWhatWasPacked) {
  constexpr std::size_t kTold = 5;  // by so many bytes each of them is known
  const std::string text = Lines(3000);
  for (const TestPacking& packing : kDecoded) {
    SCOPED_TRACE(packing.name);
    const std::string packed = Packed(packing, text);
    std::size_t before = 0;
    for (std::size_t cut = kTold; cut < packed.size(); ++cut) {
      const Seen seen = See(packed.substr(0, cut));
      EXPECT_EQ(seen.fault, "cut short") << cut;
      EXPECT_TRUE(text.starts_with(seen.plain)) << cut;
      EXPECT_GE(seen.plain.size(), before) << cut << ": one byte more, and less to be read";
      before = seen.plain.size();
    }
    // Of a checksum but the last byte is missing; libarchive writes none for zstd, and one block.
    const bool in_block = packing.filter == kZstdText.filter;
    EXPECT_EQ(before, in_block ? 0 : text.size());
  }
}

// How much a tear in the middle may cost.
TEST(PackedStream, LosesNoMoreThanABlockOfItsDecoder) {
  const std::string text = Lines(2'000'000);
  struct Case {
    TestPacking packing;
    std::size_t block;
  };
  for (const auto& [packing, block] :
       {Case{kGzipText, 1000}, Case{kXzText, 1000}, Case{kLzipText, 1000},
        Case{kZstdText, 128 * 1024}, Case{kBzip2Text, 900'000}}) {
    SCOPED_TRACE(packing.name);
    const std::string packed = Packed(packing, text);
    for (const std::size_t part : {3U, 6U}) {
      const std::size_t cut = packed.size() / 8 * part + part;
      const Seen seen = See(packed.substr(0, cut));
      EXPECT_EQ(seen.fault, "cut short");
      EXPECT_TRUE(text.starts_with(seen.plain));
      // The lines are alike, so each part of the packed bytes holds as much as any other.
      EXPECT_GT(seen.plain.size() + block + text.size() / 50, text.size() / 8 * part);
      // What is overwritten costs no byte more than what is missing.
      const Seen damaged = See(packed.substr(0, cut) + std::string(packed.size() - cut, '\xff'));
      EXPECT_FALSE(damaged.fault.empty());
      EXPECT_GE(damaged.plain.size(), seen.plain.size());
      EXPECT_EQ(damaged.plain.substr(0, seen.plain.size()), seen.plain);
    }
  }
}

TEST(PackedStream, SaysWhenABlockIsLostWithTheTear) {
  for (const auto& [packing, loses] :
       {std::pair{kGzipText, false}, std::pair{kXzText, false}, std::pair{kZstdText, true},
        std::pair{kBzip2Text, true}, std::pair{kLz4Text, true}}) {
    const std::string torn = Packed(packing, Lines(1000)).substr(0, 100);
    PackedStream stream(PullFrom(torn));
    std::string buffer(4096, '\0');
    while (stream.Read(buffer) > 0) {
    }
    EXPECT_EQ(stream.loses_block(), loses) << packing.name;
  }
}

TEST(PackedStream, KnowsWhereAnLz4FrameEnds) {
  const std::string text = Lines(30'000), rest = "plain\n";
  const std::string frame = Packed(kLz4Text, text), gzip = Packed(kGzipText, "packed\n");
  if (frame.empty()) GTEST_SKIP() << "without lz4";
  struct Case {
    std::string packed, plain;
    bool rest;
  };
  const Case cases[] = {{frame, text, false},
                        {frame + rest, text + rest, true},
                        {frame + "\0\0\0\0"s, text, false},
                        {frame + frame + gzip, text + text + "packed\n", false},
                        {gzip + frame + rest, "packed\n" + text + rest, true}};
  for (const auto& [packed, plain, has_rest] : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, packed.size()}) {
      const Seen seen = See(packed, step);
      EXPECT_EQ(seen.fault, "");
      EXPECT_TRUE(seen.plain == plain) << seen;
      EXPECT_EQ(seen.rest, has_rest);
    }
  }
  for (const std::size_t cut : {std::size_t{100}, frame.size() / 2}) {
    EXPECT_FALSE(See(frame.substr(0, cut)).fault.empty()) << cut;
  }
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

TEST(PackedStream, HoldsLittleOfWhatABombGives) {
  constexpr std::size_t kPlain = std::size_t{48} << 20U;
  const std::string zeros(std::size_t{1} << 20U, '\0');
  for (const TestPacking& packing : kAll) {
    SCOPED_TRACE(packing.name);
    const std::string packed = Packed(packing, zeros, kPlain / zeros.size());
    if (packed.empty()) continue;
    EXPECT_LT(packed.size(), kPlain / 100);
    ResetPeak();
    [[maybe_unused]] const std::int64_t before = Peak();
    PackedStream stream(PullFrom(packed));
    std::array<char, 4096> buffer{};
    std::size_t plain = 0;
    for (std::int64_t n = 1; n > 0; plain += static_cast<std::size_t>(n)) {
      n = stream.Read(buffer);
      ASSERT_GE(n, 0) << stream.why();
    }
    EXPECT_EQ(plain, kPlain);
#ifndef __SANITIZE_ADDRESS__  // keeps what was freed
    EXPECT_LT(Peak() - before, 24 * 1024);
#endif
  }
}

// A block of an xz file begins so: its header and that header's checksum.
std::string XzBegun(const std::string& block_header) {
  const auto* bytes = reinterpret_cast<const Bytef*>(block_header.data());
  const uLong crc = crc32(0, bytes, static_cast<uInt>(block_header.size()));
  std::string begun = "\xFD"s + "7zXZ\0\0\4\xE6\xD6\xB4\x46"s + block_header;
  for (unsigned shift = 0; shift < 32; shift += 8) begun += static_cast<char>(crc >> shift);
  return begun;
}

TEST(PackedStream, RefusesAWindowThatIsTooLargeInWhicheverStream) {
  struct Case {
    std::string packed;
    const char* why;
  };
  const Case cases[] = {
      {XzBegun("\2\0\x21\1\x24\0\0\0"s),
       "asks for 1024 MiB of memory to be unpacked; 128 are allowed"},
      {XzBegun("\2\0\x21\1\x1F\0\0\0"s), "asks for 192 MiB"},
      {XzBegun("\2\0\x21\1\x28\0\0\0"s), "asks for 4096 MiB"},
      {XzBegun("\2\1\3\1\0\x21\1\x22"s), "asks for 512 MiB"},
      {"LZIP\1\x1D"s, "asks for 512 MiB"},
      {"\x28\xb5\x2f\xfd\x00\xa0"s, "asks for more than 128 MiB"},  // 1 GiB
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.why);
    for (const TestPacking& first : kDecoded) {
      ResetPeak();
      [[maybe_unused]] const std::int64_t before = Peak();
      const Seen alone = See(each.packed), second = See(Packed(first, "one\n") + each.packed);
      EXPECT_TRUE(alone.fault.starts_with(each.why)) << alone.fault;
      EXPECT_EQ(second.fault, alone.fault);
      EXPECT_EQ(second.plain, "one\n");
      EXPECT_LT(Peak() - before, 32 * 1024);
      EXPECT_TRUE(alone.refused && second.refused);
    }
  }
  EXPECT_EQ(See(XzBegun("\2\0\x21\1\x1E\0\0\0"s)).fault, "cut short") << "128 MiB are allowed";
}

TEST(PackedStream, SaysThatWhatItPullsFromHasFailed) {
  const std::string packed = Packed(kXzText, "one\n");
  for (const std::size_t good : {std::size_t{0}, kMagicBytes - 1, kMagicBytes, packed.size()}) {
    const std::string begun = packed.substr(0, good);
    PackedStream stream([pull = PullFrom(begun)](std::span<char> room) mutable {
      const std::int64_t n = pull(room);
      return n > 0 ? n : -5;
    });
    std::string buffer(100, '\0');
    std::int64_t n = stream.Read(buffer);
    if (n > 0) n = stream.Read(buffer);
    EXPECT_EQ(n, -1) << good;
  }
}

}  // namespace
}  // namespace bouncesight
