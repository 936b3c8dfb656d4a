// Packs text for tests, by the filters that libarchive can write.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

namespace bouncesight {

struct TestPacking {
  const char* name;
  int filter;
};

inline constexpr TestPacking kGzipText{"gzip", ARCHIVE_FILTER_GZIP};
inline constexpr TestPacking kXzText{"xz", ARCHIVE_FILTER_XZ};
inline constexpr TestPacking kLzipText{"lzip", ARCHIVE_FILTER_LZIP};
inline constexpr TestPacking kZstdText{"zstd", ARCHIVE_FILTER_ZSTD};
inline constexpr TestPacking kBzip2Text{"bzip2", ARCHIVE_FILTER_BZIP2};
inline constexpr TestPacking kLz4Text{"lz4", ARCHIVE_FILTER_LZ4};
inline constexpr TestPacking kCompressText{"compress", ARCHIVE_FILTER_COMPRESS};

// `text`, `times` times over, as one stream. Empty: this filter is not built in.
inline std::string Packed(const TestPacking& packing, std::string_view text,
                          std::size_t times = 1) {
  std::string packed;
  archive* const writer = archive_write_new();
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);  // no padding
  if (archive_write_add_filter(writer, packing.filter) == ARCHIVE_OK) {
    const auto append = [](archive*, void* to, const void* bytes, std::size_t size) {
      static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
      return static_cast<la_ssize_t>(size);
    };
    archive_write_open(writer, &packed, nullptr, append, nullptr);
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(writer, entry);
    for (; times > 0; --times) archive_write_data(writer, text.data(), text.size());
    archive_entry_free(entry);
    archive_write_close(writer);
  }
  archive_write_free(writer);
  return packed;
}

// As a Pull: `step` bytes at most at a time. The bytes must live as long.
inline std::function<std::int64_t(std::span<char>)> PullFrom(const std::string& packed,
                                                             std::size_t step = 64 * 1024) {
  return [&packed, step, at = std::size_t{0}](std::span<char> room) mutable {
    const std::size_t n = packed.copy(room.data(), std::min(room.size(), step), at);
    at += n;
    return static_cast<std::int64_t>(n);
  };
}

}  // namespace bouncesight
