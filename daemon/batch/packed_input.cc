#include "daemon/batch/packed_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

#include "daemon/system/file_kind.h"
#include "daemon/system/log_reader.h"
#include "daemon/system/unpacker.h"

namespace bouncesight {
namespace {

// A log in gzip in tar in gzip; deeper lies only what is made to be unpacked for ever.
constexpr int kMostLayers = 4;

Result<std::unique_ptr<LogInput>> UnpackLayers(std::unique_ptr<LogInput> input,
                                               const std::string& name, int layers);

constexpr std::string_view kGzip = "\x1f\x8b";

bool LooksGzipped(std::string_view head) { return head.starts_with(kGzip); }

Error Torn(const std::string& name, const std::string& why) {
  return Error{name + ": cannot be unpacked any further (" + why +
               "); what stands before is counted"};
}

// The Unpacker keeps back what it has of a block when the stream breaks there: all of a small log.
Error TornInABlock(const std::string& name, const std::string& why) {
  return Error{name + ": cannot be unpacked any further (" + why +
               "); what stands before is counted, but for its last block (a small log is lost)"};
}

Unpacker::Pull PullFrom(std::shared_ptr<LogInput> input) {
  return [input = std::move(input)](std::span<char> buffer) {
    const Result<std::size_t> got = input->Read(buffer);
    return got ? static_cast<std::int64_t>(*got) : -EIO;
  };
}

// Gives `head` first, which was read to tell the format.
class WithHead final : public LogInput {
 public:
  WithHead(std::string head, std::unique_ptr<LogInput> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    if (head_.empty()) return rest_->Read(buffer);
    const std::size_t size = std::min(buffer.size(), head_.size());
    std::memcpy(buffer.data(), head_.data(), size);
    head_.erase(0, size);
    return size;
  }

 private:
  std::string head_;
  std::unique_ptr<LogInput> rest_;
};

// By zlib itself: libarchive drops the last 64 KiB of a stream that is cut off, which is all of a
// small log. Several members, one behind the other, are one stream (RFC 1952).
class GzipInput final : public LogInput {
 public:
  GzipInput(std::unique_ptr<LogInput> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), buffer_(64 * 1024) {
    constexpr int kGzipOnly = 15 + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) fault_ = Error{name_ + ": no memory for zlib"};
  }
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;
  ~GzipInput() override { inflateEnd(&stream_); }

  Result<std::size_t> Read(std::span<char> buffer) override {
    if (rest_) return ReadRest(buffer);
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    while (stream_.avail_out > 0 && !ended_ && !fault_) Step();
    const std::size_t done = buffer.size() - stream_.avail_out;
    if (done == 0 && fault_) return *fault_;
    if (done == 0 && HasLines()) {
      rest_ = true;
      return ReadRest(buffer);
    }
    if (done == 0) stream_.avail_in = 0;
    return done;
  }

 private:
  // Behind the last member; what holds no line is padding.
  bool HasLines() {
    if (stream_.avail_in == 0 || *stream_.next_in == 0) return false;
    std::size_t size = stream_.avail_in;
    std::memmove(buffer_.data(), stream_.next_in, size);
    while (std::memchr(buffer_.data(), '\n', size) == nullptr && size < buffer_.size()) {
      const Result<std::size_t> got = packed_->Read(std::span(buffer_).subspan(size));
      if (!got || *got == 0) return false;
      size += *got;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(size);
    return std::memchr(buffer_.data(), '\n', size) != nullptr;
  }

  // A log that was packed in place while its writer went on: the rest is lines as they are.
  Result<std::size_t> ReadRest(std::span<char> buffer) {
    if (stream_.avail_in == 0) {
      Result<std::size_t> got = packed_->Read(buffer);
      if (got && *got == 0) {
        return Error{name_ + ": goes on in plain text behind its packed part, all of which is " +
                     "counted; part the two"};
      }
      return got;
    }
    const std::size_t size = std::min<std::size_t>(buffer.size(), stream_.avail_in);
    std::memcpy(buffer.data(), stream_.next_in, size);
    stream_.next_in += size;
    stream_.avail_in -= static_cast<uInt>(size);
    return size;
  }

  void Step() {
    if (stream_.avail_in == 0 && !Refill()) return;
    const int done = inflate(&stream_, Z_NO_FLUSH);
    between_ = done == Z_STREAM_END;
    if (between_) {
      ended_ = stream_.avail_in > 0 && *stream_.next_in != static_cast<Bytef>(kGzip[0]);
      inflateReset(&stream_);
    } else if (done != Z_OK && done != Z_BUF_ERROR) {
      fault_ = Torn(name_, stream_.msg != nullptr ? stream_.msg : "damaged");
    }
  }

  // Behind a whole stream: what is not a further one (padding) is the end.
  bool Refill() {
    const Result<std::size_t> got = packed_->Read(buffer_);
    if (!got) {
      fault_ = got.error();
    } else if (*got == 0 && !between_) {
      fault_ = Torn(name_, "cut short");
    } else {
      stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_in = static_cast<uInt>(*got);
      ended_ = *got == 0 || (between_ && buffer_[0] != kGzip[0]);
    }
    return !fault_ && !ended_;
  }

  std::unique_ptr<LogInput> packed_;
  std::string name_;
  std::vector<char> buffer_;
  z_stream stream_{};
  bool between_ = false;  // a member has ended
  bool ended_ = false;    // behind it only a rest
  bool rest_ = false;     // what is behind the last member is given as it is
  std::optional<Error> fault_;
};

class CompressedInput final : public LogInput {
 public:
  CompressedInput(std::unique_ptr<LogInput> packed, std::string name)
      : name_(std::move(name)), unpacker_(PullFrom(std::move(packed))) {}

  Status Open() {
    if (unpacker_.Open()) return Ok{};
    return TornInABlock(name_, unpacker_.why());
  }

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::int64_t got = unpacker_.Read(buffer);
    if (got < 0) return TornInABlock(name_, unpacker_.why());
    return static_cast<std::size_t>(got);
  }

 private:
  std::string name_;
  Unpacker unpacker_;
};

// The present member of an archive.
class MemberInput final : public LogInput {
 public:
  MemberInput(Unpacker& archive, const std::string& name) : archive_(archive), name_(name) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::int64_t got = archive_.Read(buffer);
    if (got < 0) return TornInABlock(name_, archive_.why());
    return static_cast<std::size_t>(got);
  }

 private:
  Unpacker& archive_;
  const std::string& name_;
};

class ArchiveInput final : public LogInput {
 public:
  ArchiveInput(std::unique_ptr<LogInput> packed, std::string name, int layers)
      : name_(std::move(name)),
        layers_(layers),
        archive_(PullFrom(std::move(packed)), Unpacker::Form::kMembers) {}

  Status Open() {
    if (archive_.Open()) return Ok{};
    return TornInABlock(name_, archive_.why());
  }

  Result<std::size_t> Read(std::span<char> buffer) override {
    while (member_ || Next()) {
      const Result<std::size_t> got = member_->Read(buffer);
      if (got && *got > 0) {
        last_ = buffer[*got - 1];
        return *got;
      }
      if (!got) Note(got.error());
      member_.reset();
      if (std::exchange(last_, '\n') == '\n') continue;
      buffer.front() = '\n';  // its last line is not joined to the next member's first
      return 1;
    }
    if (fault_) return *fault_;
    return 0;
  }

 private:
  bool Next() {
    while (archive_.NextMember()) {
      auto member = UnpackLayers(std::make_unique<MemberInput>(archive_, name_), name_, layers_);
      if (member) {
        member_ = std::move(*member);
        return true;
      }
      Note(member.error());
    }
    if (archive_.failed()) Note(TornInABlock(name_, archive_.why()));
    return false;
  }

  void Note(const Error& fault) {
    if (!fault_) fault_ = fault;
  }

  std::string name_;
  int layers_;
  Unpacker archive_;
  std::unique_ptr<LogInput> member_;
  char last_ = '\n';
  std::optional<Error> fault_;
};

template <typename Input, typename... Arguments>
Result<std::unique_ptr<LogInput>> Opened(Arguments&&... arguments) {
  auto input = std::make_unique<Input>(std::forward<Arguments>(arguments)...);
  if (const Status opened = input->Open(); !opened) return opened.error();
  return std::unique_ptr<LogInput>(std::move(input));
}

Result<std::unique_ptr<LogInput>> UnpackLayers(std::unique_ptr<LogInput> input,
                                               const std::string& name, int layers) {
  std::string head(kPackedHead, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const Result<std::size_t> got = input->Read(std::span(head).subspan(size));
    if (!got && size == 0) return got.error();
    if (!got || *got == 0) break;  // a fault comes again behind the head
    size += *got;
  }
  head.resize(size);
  const bool gzipped = LooksGzipped(head);
  const bool compressed = LooksCompressed(head);
  const bool members = LooksLikeTar(head) || LooksLikeZip(head);
  const std::string no_log = NoLogText(name, head);
  if (!no_log.empty()) return Error{name + ": " + no_log};
  std::unique_ptr<LogInput> whole = std::make_unique<WithHead>(std::move(head), std::move(input));
  if (layers == 0 || !(gzipped || compressed || members)) return whole;
  if (members) return Opened<ArchiveInput>(std::move(whole), name, layers - 1);
  if (gzipped) {
    return UnpackLayers(std::make_unique<GzipInput>(std::move(whole), name), name, layers - 1);
  }
  auto plain = Opened<CompressedInput>(std::move(whole), name);
  if (!plain) return plain;
  return UnpackLayers(std::move(*plain), name, layers - 1);
}

}  // namespace

bool LooksPacked(std::string_view head) {
  return LooksGzipped(head) || LooksCompressed(head) || LooksLikeTar(head) || LooksLikeZip(head);
}

Result<std::unique_ptr<LogInput>> Unpack(std::unique_ptr<LogInput> input, const std::string& name) {
  return UnpackLayers(std::move(input), name, kMostLayers);
}

}  // namespace bouncesight
