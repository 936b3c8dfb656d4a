// What a start reads of its state beside the record itself: slots, and the blobs of each kind of
// source. Bytes are refused, or are a state that survives another trip.
#include "daemon/config/config.h"
#include "daemon/count/crc32c.h"
#include "daemon/count/state_slot.h"
#include "daemon/files/position_codec.h"
#include "daemon/journal/journal_source.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/memory_fs.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

namespace {

using namespace bouncesight;

class NoStreams final : public StreamFactory {
 public:
  std::unique_ptr<LineStream> NewStream(std::uint64_t) override { return nullptr; }
};

void TryFiles(std::string_view bytes) {
  const auto state = DecodeFileState(bytes);
  if (!state) return;
  const auto again = DecodeFileState(EncodeFileState(*state));
  Require(again.has_value() && *again == *state, "a round trip changes nothing");
}

void TryJournal(std::string_view bytes) {
  MemoryFs fs;
  FakeClock clock;
  NoStreams streams;
  SourceConfig config;
  config.name = "journal";
  config.type = SourceType::kJournal;
  JournalSource source(config, fs, clock, streams);
  if (!source.RestoreState(bytes)) return;
  const std::string saved = source.SaveState();
  JournalSource other(config, fs, clock, streams);
  Require(other.RestoreState(saved), "what was saved is understood");
  Require(other.SaveState().size() == saved.size(), "and has as much to say");
}

void TrySlot(std::string_view bytes) {
  const SlotContent content = ReadSlot(bytes);
  if (content.state != SlotState::kValid) return;
  Require(fuzz::Inside(content.payload, bytes), "a payload lies within the slot");
}

// A header with right checksums, which no fuzzer finds by itself.
void TryWholeSlot(std::string_view payload) {
  const std::uint32_t checksum = Crc32c(payload);
  std::string slot = SlotHeader(kSlotVersion, payload.size(), payload.size(), checksum);
  slot += payload;
  Require(ReadSlot(slot).payload == payload, "a slot holds what was put into it");
  if (payload.empty()) return;
  slot[payload.front() % slot.size()] ^= 1;
  Require(ReadSlot(slot).state != SlotState::kValid, "one bit makes it another");
}

}  // namespace

// The first byte says whose state it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::Text(data + 1, size - 1);
  constexpr void (*kTries[])(std::string_view) = {TryFiles, TryJournal, TrySlot, TryWholeSlot};
  kTries[data[0] % std::size(kTries)](bytes);
  return 0;
}
