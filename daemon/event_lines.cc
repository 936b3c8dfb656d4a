#include "daemon/event_lines.h"

#include <utility>

#include "daemon/batch/event_record.h"
#include "daemon/config/shipment_name.h"
#include "daemon/system/address_veil.h"
#include "daemon/system/stamp_reader.h"
#include "metrics/moment.h"
#include "metrics/pump.h"
#include "parsers/text/civil_time.h"

namespace bouncesight {
namespace {

UnixSeconds Now(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.Wall().time_since_epoch()).count();
}

// Of one source; its streams share it.
struct EventState {
  EventState(const SourceConfig& config, EventWorld used, const Clock& used_clock,
             AddressVeil hides)
      : name(SourceOf(config.name)),
        lines(config.lines),
        world(std::move(used)),
        clock(used_clock),
        veil(std::move(hides)) {
    SetRules();
  }

  // Rules may have been replaced.
  void SetRules() {
    auto now = world.rules();
    if (now == rules) return;
    rules = std::move(now);
    const auto before = std::exchange(names, NamesOf(*rules));
    if (before) join.Rename(*before, *names);
    classifier.emplace(rules);
    tally.emplace(names);
  }

  std::string name;
  ReaderOptions lines;
  EventWorld world;
  const Clock& clock;
  AddressVeil veil;
  std::shared_ptr<const RuleSet> rules;
  std::shared_ptr<const RuleNames> names;
  std::optional<Classifier> classifier;
  std::optional<Tally> tally;  // nobody looks at it
  MessageJoin join{MessageJoin::Keep::kAll};
};

struct EventPrinter : NullObserver {
  EventPrinter(EventState& used, const GiveEvent& taker)
      : state(used), give(taker), stamps(Now(used.clock)) {}

  void OnEvent(const DeliveryEvent& whole, const Verdict& verdict, const LineInfo& info) {
    const DeliveryEvent event = state.veil.Veiled(whole);
    std::string time(event.time);
    if (!IsRfc3339(time)) {
      const auto point = stamps.Read(whole.time);
      time = point ? Rfc3339({*point, LocalOffset(*point)}) : "";
    }
    std::string json;
    AppendJsonEvent(event, verdict, {info.source, 0, info.line}, *state.rules, time, json);
    give(info.line.end_offset, std::move(json));
  }

  EventState& state;
  const GiveEvent& give;
  StampReader stamps;
};

class EventLines final : public LineStream {
 public:
  EventLines(std::shared_ptr<EventState> state, std::uint64_t offset, GiveEvent give)
      : state_(std::move(state)),
        give_(std::move(give)),
        pump_(state_->name, state_->lines, offset) {}

  void Feed(std::string_view chunk) override {
    state_->SetRules();
    pump_.Feed(chunk, counting(), EventPrinter(*state_, give_));
    state_->tally->Clear(state_->names);
  }
  void Finish() override { pump_.Finish(counting(), EventPrinter(*state_, give_)); }
  void Discard() override { pump_.Discard(counting()); }
  void Restart(std::uint64_t offset) override { pump_.Restart(offset); }
  std::uint64_t line_offset() const override { return pump_.line_offset(); }
  std::uint64_t pending_bytes() const override { return pump_.pending_bytes(); }

 private:
  CountingContext counting() { return {*state_->classifier, state_->join, *state_->tally}; }

  std::shared_ptr<EventState> state_;
  GiveEvent give_;
  Pump pump_;
};

}  // namespace

Result<EventStreamMaker> MakeEventStreams(const SourceConfig& source, const EventWorld& world,
                                          const Clock& clock) {
  Result<AddressVeil> veil = MakeAddressVeil(world.addresses, "");
  if (!veil) return veil.error();
  const auto state = std::make_shared<EventState>(source, world, clock, std::move(*veil));
  return EventStreamMaker([state](std::uint64_t offset, GiveEvent give) {
    return std::make_unique<EventLines>(state, offset, std::move(give));
  });
}

}  // namespace bouncesight
