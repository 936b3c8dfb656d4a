#include "daemon/batch/packed_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/system/decoder.h"
#include "daemon/system/file_kind.h"
#include "daemon/system/packed_stream.h"
#include "daemon/system/unpacker.h"

namespace bouncesight {
namespace {

// A log in gzip in tar in gzip; deeper lies only what is made to be unpacked for ever.
constexpr int kMostLayers = 4;

Result<std::unique_ptr<LogInput>> UnpackLayers(std::unique_ptr<LogInput> input,
                                               const std::string& name, int layers);

Error Torn(const std::string& name, const std::string& why) {
  return Error{name + ": cannot be unpacked any further (" + why +
               "); what stands before is counted"};
}

// A part of what is lost could not be read even whole.
Error TornInABlock(const std::string& name, const std::string& why) {
  return Error{name + ": cannot be unpacked any further (" + why +
               "); what stands before is counted, but for its last block (a small log is lost)"};
}

Error TooLarge(const std::string& name, const std::string& why) {
  return Error{name + ": " + why + "; what stands before is counted. Unpack it with its own " +
               "program, and read what comes of it"};
}

// What packed bytes are pulled from, and what was wrong there.
class Below {
 public:
  explicit Below(std::unique_ptr<LogInput> input) : input_(std::move(input)) {}

  std::int64_t operator()(std::span<char> buffer) {
    const Result<std::size_t> got = input_->Read(buffer);
    if (got) return static_cast<std::int64_t>(*got);
    fault_ = got.error();
    return -EIO;
  }

  Error FaultOr(const Error& above) const { return fault_ ? *fault_ : above; }

 private:
  std::unique_ptr<LogInput> input_;
  std::optional<Error> fault_;
};

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

class StreamInput final : public LogInput {
 public:
  StreamInput(std::unique_ptr<LogInput> packed, std::string name)
      : name_(std::move(name)), below_(std::move(packed)), stream_(std::ref(below_)) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    std::int64_t got = stream_.Read(buffer);
    if (got == 0 && stream_.at_plain_rest()) {
      has_rest_ = true;
      stream_.ReadPlainRest();
      got = stream_.Read(buffer);
    }
    if (got < 0) return Fault();
    if (got == 0 && has_rest_) {
      return Error{name_ + ": goes on in plain text behind its packed part, all of which is " +
                   "counted; part the two"};
    }
    return static_cast<std::size_t>(got);
  }

 private:
  Error Fault() const {
    if (stream_.refused()) return TooLarge(name_, stream_.why());
    return below_.FaultOr(stream_.loses_block() ? TornInABlock(name_, stream_.why())
                                                : Torn(name_, stream_.why()));
  }

  std::string name_;
  Below below_;
  PackedStream stream_;
  bool has_rest_ = false;
};

// The present member of an archive.
class MemberInput final : public LogInput {
 public:
  MemberInput(Unpacker& archive, const Below& below, const std::string& name)
      : archive_(archive), below_(below), name_(name) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::int64_t got = archive_.Read(buffer);
    if (got < 0) return below_.FaultOr(TornInABlock(name_, archive_.why()));
    return static_cast<std::size_t>(got);
  }

 private:
  Unpacker& archive_;
  const Below& below_;
  const std::string& name_;
};

class ArchiveInput final : public LogInput {
 public:
  ArchiveInput(std::unique_ptr<LogInput> packed, std::string name, int layers)
      : name_(std::move(name)),
        layers_(layers),
        below_(std::move(packed)),
        archive_(std::ref(below_), Unpacker::Form::kMembers) {}

  Status Open() {
    if (archive_.Open()) return Ok{};
    return below_.FaultOr(TornInABlock(name_, archive_.why()));
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
      auto member =
          UnpackLayers(std::make_unique<MemberInput>(archive_, below_, name_), name_, layers_);
      if (member) {
        member_ = std::move(*member);
        return true;
      }
      Note(member.error());
    }
    if (archive_.failed()) Note(below_.FaultOr(TornInABlock(name_, archive_.why())));
    return false;
  }

  void Note(const Error& fault) {
    if (!fault_) fault_ = fault;
  }

  std::string name_;
  int layers_;
  Below below_;
  Unpacker archive_;
  std::unique_ptr<LogInput> member_;
  char last_ = '\n';
  std::optional<Error> fault_;
};

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
  const bool packed = PackingOf(head) != Packing::kNone;
  const bool members = LooksLikeTar(head) || LooksLikeZip(head);
  const std::string no_log = NoLogText(name, head);
  if (!no_log.empty()) return Error{name + ": " + no_log};
  std::unique_ptr<LogInput> whole = std::make_unique<WithHead>(std::move(head), std::move(input));
  if (layers == 0 || !(packed || members)) return whole;
  if (packed) {
    return UnpackLayers(std::make_unique<StreamInput>(std::move(whole), name), name, layers - 1);
  }
  auto archive = std::make_unique<ArchiveInput>(std::move(whole), name, layers - 1);
  if (const Status opened = archive->Open(); !opened) return opened.error();
  return std::unique_ptr<LogInput>(std::move(archive));
}

}  // namespace

bool LooksPacked(std::string_view head) {
  return PackingOf(head) != Packing::kNone || LooksLikeTar(head) || LooksLikeZip(head);
}

Result<std::unique_ptr<LogInput>> Unpack(std::unique_ptr<LogInput> input, const std::string& name) {
  return UnpackLayers(std::move(input), name, kMostLayers);
}

}  // namespace bouncesight
