#include "daemon/system/unpacker.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <archive.h>
#include <archive_entry.h>

namespace bouncesight {

namespace {

// https://tukaani.org/xz/xz-file-format.txt: a stream header of 12 bytes, and that of the first
// block: its size, its flags, two sizes that may be left out, and the filters.
std::uint64_t XzWindow(std::string_view head) {
  constexpr std::size_t kBlock = 12;
  constexpr unsigned kLzma2 = 0x21, kLargest = 40;
  std::size_t at = kBlock + 2;
  const auto byte = [&](std::size_t place) {
    return place < head.size() ? static_cast<unsigned char>(head[place]) : 0U;
  };
  const auto number = [&] {  // seven bits a byte, the lowest first
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const unsigned one = byte(at++);
      value |= std::uint64_t{one & 0x7FU} << shift;
      if ((one & 0x80U) == 0) break;
    }
    return value;
  };
  const unsigned flags = byte(kBlock + 1);
  if ((flags & 0x40U) != 0) number();
  if ((flags & 0x80U) != 0) number();
  for (unsigned filters = (flags & 3U) + 1; filters > 0 && at < head.size(); --filters) {
    const std::uint64_t id = number(), size = number();
    const unsigned property = byte(at);
    if (id == kLzma2 && property <= kLargest) {
      return std::uint64_t{2U | (property & 1U)} << (property / 2 + 11);
    }
    at += std::min<std::uint64_t>(size, head.size());
  }
  return 0;
}

// https://www.nongnu.org/lzip/manual/lzip_manual.html#File-format
std::uint64_t LzipWindow(std::string_view head) {
  if (head.size() < 6) return 0;
  const auto byte = static_cast<unsigned char>(head[5]);
  const std::uint64_t base = std::uint64_t{1} << (byte & 0x1FU);
  return base - base / 16 * (byte >> 5U);
}

// How many of its plain bytes a stream that begins with `head` asks to be kept; 0: not known, or
// bounded by its form.
std::uint64_t WindowOf(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFD"
                       "7zXZ\0"sv)) {
    return XzWindow(head);
  }
  return head.starts_with("LZIP"sv) ? LzipWindow(head) : 0;
}

}  // namespace

void Unpacker::Free::operator()(archive* handle) const { archive_read_free(handle); }

Unpacker::Unpacker(Pull pull, Form form)
    : pull_(std::move(pull)), form_(form), archive_(archive_read_new()) {}
Unpacker::~Unpacker() = default;

bool Unpacker::Open() {
  first_ = pull_(packed_);
  if (first_ > 0) window_ = WindowOf({packed_.data(), static_cast<std::size_t>(first_)});
  if (window_ > kMostWindow) return false;
  if (form_ == Form::kMembers) {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip_streamable(archive_.get());
  } else {
    // Not all that the library knows: for some it runs other programs.
    for (const auto support :
         {&archive_read_support_filter_gzip, &archive_read_support_filter_bzip2,
          &archive_read_support_filter_xz, &archive_read_support_filter_zstd,
          &archive_read_support_filter_lz4, &archive_read_support_filter_lzip,
          &archive_read_support_filter_compress}) {
      support(archive_.get());
    }
    archive_read_support_format_raw(archive_.get());
    archive_read_support_format_empty(archive_.get());
  }
  if (archive_read_open(archive_.get(), this, nullptr, &Unpacker::Fill, nullptr) != ARCHIVE_OK) {
    return false;
  }
  if (form_ == Form::kMembers) return true;
  archive_entry* entry = nullptr;
  const int header = archive_read_next_header(archive_.get(), &entry);
  // A torn one looks empty as well; but it has left its complaint.
  empty_ = header == ARCHIVE_EOF && archive_error_string(archive_.get()) == nullptr;
  return header == ARCHIVE_OK || empty_;
}

bool Unpacker::NextMember() {
  archive_entry* entry = nullptr;
  int header = ARCHIVE_OK;
  do {
    header = archive_read_next_header(archive_.get(), &entry);
  } while (header == ARCHIVE_RETRY || ((header == ARCHIVE_OK || header == ARCHIVE_WARN) &&
                                       archive_entry_filetype(entry) != AE_IFREG));
  failed_ = header != ARCHIVE_OK && header != ARCHIVE_WARN && header != ARCHIVE_EOF;
  return header == ARCHIVE_OK || header == ARCHIVE_WARN;
}

std::int64_t Unpacker::Read(std::span<char> buffer) {
  if (empty_) return 0;
  std::size_t done = 0;
  while (done < buffer.size()) {
    const la_ssize_t n =
        archive_read_data(archive_.get(), buffer.data() + done, buffer.size() - done);
    if (n == ARCHIVE_RETRY) continue;
    if (n < 0 && done == 0) return -1;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  return static_cast<std::int64_t>(done);
}

std::uint64_t Unpacker::packed_bytes() const {
  constexpr int kOutermost = -1;
  return static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), kOutermost));
}

std::string Unpacker::why() const {
  if (window_ > kMostWindow) {
    return "asks for " + std::to_string(window_ >> 20U) + " MiB of memory to be unpacked; " +
           std::to_string(kMostWindow >> 20U) + " are allowed";
  }
  const char* text = archive_error_string(archive_.get());
  return text != nullptr ? text : "damaged or cut short";
}

ssize_t Unpacker::Fill(archive* handle, void* self, const void** bytes) {
  auto* unpacker = static_cast<Unpacker*>(self);
  *bytes = unpacker->packed_.data();
  const std::int64_t n = std::exchange(unpacker->pulled_, true) ? unpacker->pull_(unpacker->packed_)
                                                                : unpacker->first_;
  if (n < 0) archive_set_error(handle, static_cast<int>(-n), "read failed");
  return n < 0 ? -1 : static_cast<ssize_t>(n);
}

}  // namespace bouncesight
