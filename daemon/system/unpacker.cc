#include "daemon/system/unpacker.h"

#include <utility>

#include <archive.h>
#include <archive_entry.h>

namespace bouncesight {

void Unpacker::Free::operator()(archive* handle) const { archive_read_free(handle); }

Unpacker::Unpacker(Pull pull, Form form)
    : pull_(std::move(pull)), form_(form), archive_(archive_read_new()) {}
Unpacker::~Unpacker() = default;

bool Unpacker::Open() {
  if (form_ == Form::kMembers) {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip_streamable(archive_.get());
  } else {
    // Not all that the library knows: for some it runs other programs, for some it keeps back what
    // it has of a block (decoder.h).
    archive_read_support_filter_lz4(archive_.get());
    archive_read_support_filter_compress(archive_.get());
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

std::string Unpacker::why() const {
  const char* text = archive_error_string(archive_.get());
  return text != nullptr ? text : "damaged or cut short";
}

ssize_t Unpacker::Fill(archive* handle, void* self, const void** bytes) {
  auto* unpacker = static_cast<Unpacker*>(self);
  *bytes = unpacker->packed_.data();
  const std::int64_t n = unpacker->pull_(unpacker->packed_);
  if (n < 0) archive_set_error(handle, static_cast<int>(-n), "read failed");
  return n < 0 ? -1 : static_cast<ssize_t>(n);
}

}  // namespace bouncesight
