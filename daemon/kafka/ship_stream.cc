#include "daemon/kafka/ship_stream.h"

#include <algorithm>
#include <variant>

#include "daemon/config/shipment_name.h"
#include "metrics/json_text.h"
#include "parsers/mta/format_reader.h"
#include "parsers/text/hash.h"
#include "parsers/text/scan.h"
#include "parsers/wrap/line_splitter.h"

namespace bouncesight {
namespace {

std::string Hex(std::uint64_t number) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4) {
    *digit = kDigits[number & 0xF];
  }
  return text;
}

bool IsFailure(const Parsed& parsed) {
  const auto* event = std::get_if<DeliveryEvent>(&parsed);
  return event != nullptr && event->outcome != Outcome::kDelivered;
}

}  // namespace

std::uint64_t LogKey(std::string_view path, std::string_view head) {
  Fnv1a hash;
  hash.Add(path);
  hash.Add('\0');
  hash.Add(head.substr(0, head.find('\n')));
  return hash.value();
}

std::string StreamName(std::string_view source, std::uint64_t key, std::uint64_t number) {
  return std::string(source) + "/" + Hex(key) + (number > 0 ? "." + std::to_string(number) : "");
}

std::uint64_t BegunLogs::Begin(std::uint64_t key, bool fresh) {
  Log log{key, 0};
  const auto known = std::ranges::find(logs_, key, &Log::key);
  if (known != logs_.end()) {
    log.number = known->number + (fresh ? 1 : 0);
    logs_.erase(known);
  } else if (logs_.size() == kMost) {
    logs_.erase(logs_.begin());
  }
  logs_.push_back(log);
  return log.number;
}

void BegunLogs::Write(ByteWriter& out) const {
  out.Number(logs_.size());
  for (const Log& log : logs_) {
    out.Hash(log.key);
    out.Number(log.number);
  }
}

void BegunLogs::Read(ByteReader& in) {
  std::vector<Log> logs(in.Bounded(kMost));
  for (Log& log : logs) {
    log.key = in.Hash();
    log.number = in.Number();
  }
  if (in.ok()) logs_ = std::move(logs);
}

class ShipStreams::Stream : public LineStream {
 public:
  Stream(ShipStreams& owner, std::uint64_t offset) : owner_(owner), fresh_(offset == 0) {}
  void NoteFile(std::string_view path, std::string_view head) override {
    if (!begun_) key_ = LogKey(path, head);
  }

  void Feed(std::string_view chunk) final {
    Read(chunk);
    NoteRead();
  }
  void Finish() final {
    End();
    NoteRead();
  }
  void Discard() final {
    GoTo(line_offset() + pending_bytes());
    NoteRead();
  }
  void Restart(std::uint64_t offset) final {
    begun_ = false;
    fresh_ = offset == 0;
    GoTo(offset);
  }

 protected:
  virtual void Read(std::string_view chunk) = 0;
  virtual void End() = 0;
  virtual void GoTo(std::uint64_t offset) = 0;

  void Give(ByteRange range, std::uint64_t lines, std::string payload) {
    owner_.take_({name(), range, lines, std::move(payload)});
  }
  ShipStreams& owner() { return owner_; }
  const std::string& name() {
    Begin();
    return name_;
  }

 private:
  // A log is begun with its first whole line, for its place stays at 0 until then.
  void NoteRead() {
    if (line_offset() > 0) Begin();
  }
  void Begin() {
    if (std::exchange(begun_, true)) return;
    name_ = StreamName(owner_.source_, key_, owner_.begun_.Begin(key_, fresh_));
  }

  ShipStreams& owner_;
  std::uint64_t key_ = 0;
  bool fresh_;          // nothing of the log was read before
  bool begun_ = false;  // and so has a name
  std::string name_;
};

// All lines. Cuts as LineSplitter does, so that who counts the records counts what is in the file.
class ShipStreams::WholeStream final : public Stream {
 public:
  WholeStream(ShipStreams& owner, std::uint64_t offset) : Stream(owner, offset), offset_(offset) {}

  std::uint64_t line_offset() const override { return offset_; }
  std::uint64_t pending_bytes() const override { return pending_; }

 protected:
  void Read(std::string_view chunk) override {
    const std::size_t first = chunk.find('\n');
    if (first == std::string_view::npos) return Keep(chunk);
    if (pending_ + first >= kKept) {  // cut, and so alone in its record
      Keep(chunk.substr(0, first));
      GiveLine(1);
      chunk.remove_prefix(first + 1);
    }
    const std::size_t end = chunk.rfind('\n') + 1;  // 0: there is none
    if (end > 0) GiveLines(chunk.substr(0, end));
    Keep(chunk.substr(end));
  }
  void End() override {
    if (pending_ > 0) GiveLine(0);
  }
  void GoTo(std::uint64_t offset) override {
    offset_ = offset;
    carry_.clear();
    pending_ = 0;
  }

 private:
  // One more than the longest line with its CR: who reads it sees that it was longer.
  static constexpr std::size_t kKept = LineSplitter::kMaxLineBytes + 2;

  void Keep(std::string_view piece) {
    carry_ += piece.substr(0, kKept - carry_.size());
    pending_ += piece.size();
  }
  // The line that was begun. `ends`: the bytes of its newline.
  void GiveLine(std::uint64_t ends) {
    const ByteRange range{offset_, offset_ + pending_ + ends};
    Give(range, 1, carry_ + "\n");
    GoTo(range.end);
  }
  void GiveLines(std::string_view whole) {
    std::string payload = carry_;
    payload += whole;
    const ByteRange range{offset_, offset_ + payload.size()};
    Give(range, CountOf(whole, '\n'), std::move(payload));
    GoTo(range.end);
  }

  std::uint64_t offset_;
  std::string carry_;          // of the line that was begun, at most kKept
  std::uint64_t pending_ = 0;  // its length
};

class ShipStreams::FailureStream final : public Stream {
 public:
  FailureStream(ShipStreams& owner, std::uint64_t offset)
      : Stream(owner, offset), splitter_(offset), reader_(owner.lines_), given_(offset) {}

  std::uint64_t line_offset() const override { return splitter_.line_offset(); }
  std::uint64_t pending_bytes() const override { return splitter_.pending_bytes(); }

 protected:
  void Read(std::string_view chunk) override {
    splitter_.Feed(chunk, [&](const Line& line) { Look(line); });
  }
  void End() override {
    splitter_.Finish([&](const Line& line) { Look(line); });
  }
  void GoTo(std::uint64_t offset) override {
    splitter_ = LineSplitter(offset);
    reader_.Restart();
    given_ = offset;
  }

 private:
  void Look(const Line& line) {
    if (!IsFailure(reader_.Parse(line.text))) return;
    Give({given_, line.end_offset}, 1, std::string(line.text) + "\n");
    given_ = line.end_offset;
  }

  LineSplitter splitter_;
  FormatReader reader_;
  std::uint64_t given_;  // the offset after the failure before, or where reading began
};

class ShipStreams::EventStream final : public Stream {
 public:
  EventStream(ShipStreams& owner, std::uint64_t offset)
      : Stream(owner, offset),
        inner_(owner.events_(
            offset, [this](std::uint64_t end, const std::string& json) { Add(end, json); })) {}

  std::uint64_t line_offset() const override { return inner_->line_offset(); }
  std::uint64_t pending_bytes() const override { return inner_->pending_bytes(); }

 protected:
  void Read(std::string_view chunk) override { inner_->Feed(chunk); }
  void End() override { inner_->Finish(); }
  void GoTo(std::uint64_t offset) override {
    inner_->Restart(offset);
    last_end_ = offset;
  }

 private:
  void Add(std::uint64_t end, std::string_view json) {
    number_ = end == last_end_ ? number_ + 1 : 0;
    last_end_ = end;
    std::string record = "{\"event_id\":";
    AppendJsonString(owner().output_.host + "/" + name() + "/" + std::to_string(end) + "/" +
                         std::to_string(number_),
                     record);
    record.append(",").append(json.substr(1));
    Give({end, end}, 1, std::move(record));
  }

  std::unique_ptr<LineStream> inner_;
  std::uint64_t last_end_ = 0;
  std::uint64_t number_ = 0;  // of the result in its line
};

ShipStreams::ShipStreams(const SourceConfig& config, EventStreamMaker events, Take take)
    : source_(SourceOf(config.name)),
      output_(config.output.value_or(OutputConfig{})),
      lines_(config.lines),
      events_(std::move(events)),
      take_(std::move(take)) {}

std::unique_ptr<LineStream> ShipStreams::NewStream(std::uint64_t start_offset) {
  switch (output_.send) {
    case OutputConfig::Send::kLines:
      break;
    case OutputConfig::Send::kFailures:
      return std::make_unique<FailureStream>(*this, start_offset);
    case OutputConfig::Send::kEvents:
      return std::make_unique<EventStream>(*this, start_offset);
  }
  return std::make_unique<WholeStream>(*this, start_offset);
}

std::unique_ptr<LineStream> StandingStreams::NewStream(std::uint64_t start_offset) {
  struct Standing final : LineStream {
    explicit Standing(std::uint64_t at) : offset(at) {}
    void Feed(std::string_view) override {}
    void Finish() override {}
    void Discard() override {}
    void Restart(std::uint64_t) override {}
    std::uint64_t line_offset() const override { return offset; }
    std::uint64_t pending_bytes() const override { return 0; }
    const std::uint64_t offset;
  };
  return std::make_unique<Standing>(start_offset);
}

}  // namespace bouncesight
