#include "daemon/count/counting.h"

#include "metrics/pump.h"

namespace bouncesight {

namespace {

// Shows the watch what could not be read, and what other programs wrote, and the history what
// became of messages.
struct CountingObserver : NullObserver {
  CountingObserver(FormatWatch& shown, HistoryBatch* kept) : watch(shown), history(kept) {}
  void OnEvent(const DeliveryEvent& event, const Verdict& verdict, const LineInfo& info) {
    if (history != nullptr) history->Note(info.source, event, verdict);
  }
  void OnSkip(SkipReason reason, const LineInfo& info) {
    if (reason == SkipReason::kMalformed) watch.NoteMalformed(info.line.text);
    if (reason == SkipReason::kForeign) watch.NoteForeign(info.line.text);
    if (reason == SkipReason::kUnknownFormat) watch.NoteUnknown(info.line.text);
  }
  FormatWatch& watch;
  HistoryBatch* history;
};

}  // namespace

class SourceCounting::Stream final : public LineStream {
 public:
  Stream(SourceCounting& owner, std::uint64_t start_offset)
      : owner_(owner), pump_(owner.source_, owner.options_, start_offset) {}

  void Feed(std::string_view chunk) override {
    pump_.Feed(chunk, counting(), observer());
    owner_.watch_.NoteFit(pump_.last_fit());
  }
  void Finish() override {
    pump_.Finish(counting(), observer());
    owner_.watch_.NoteFit(pump_.last_fit());
  }
  void Discard() override { pump_.Discard(counting()); }
  void Restart(std::uint64_t offset) override { pump_.Restart(offset); }
  std::uint64_t line_offset() const override { return pump_.line_offset(); }
  std::uint64_t pending_bytes() const override { return pump_.pending_bytes(); }

 private:
  CountingContext counting() {
    return CountingContext{owner_.counters_.classifier, owner_.join_, *owner_.counters_.tally,
                           &owner_.joined_};
  }

  CountingObserver observer() { return {owner_.watch_, owner_.counters_.history.get()}; }

  SourceCounting& owner_;
  Pump pump_;
};

SourceCounting::SourceCounting(std::string source, ReaderOptions options, Counters& counters)
    : source_(std::move(source)),
      options_(std::move(options)),
      counters_(counters),
      join_(
          counters.accounts ? MessageJoin::Keep::kDomainsAndAccounts : MessageJoin::Keep::kDomains,
          MessageTable::Limits{.budget = counters.queues}),
      joined_(counters.accounts),
      watch_(source_) {}

std::unique_ptr<LineStream> SourceCounting::NewStream(std::uint64_t start_offset) {
  return std::make_unique<Stream>(*this, start_offset);
}

}  // namespace bouncesight
