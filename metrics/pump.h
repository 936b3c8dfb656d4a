// The way of the data, for one source:
//
//   bytes -> LineSplitter -> FormatReader -> MessageJoin -> Classifier -> MessageJoin
//         -> JoinedCounts, Tally
//
// The join is asked twice: for the sender, before a cause is named, and with the verdict, for who
// waits, and why an expiry had been put off.
// What a line tells of a message beside its deliveries goes from the reader to the join.
// Every line ends as exactly one count: counted (with an event for each recipient, where it names
// several), excluded, or a skip with its reason; one that an observer sets aside when TakeLine
// brings it. Once tables have grown nothing is allocated for a line. One Pump reads one stream (a
// file, a connection) and belongs to one thread.
//
// The folder metrics: from events to what is shown and kept. Pure functions of bytes.
//
// * counters.h: every counter of the logs, described once; outcomes.h, delay_histogram.h.
// * tally.h: one worker's counters; totals.h: all of them, merged; snapshot.h: as published.
// * message_join.h: who sent a message, who waits for it and why; journalled_table.h: such tables'
//   door to the state.
// * domain_places.h, domain_admission.h: which domains have series of their own; label.h: what may
//   be a label value at all.
// * state_codec.h: the record that a restart restores (STATE.md); byte_codec.h, counter_codec.h.
// * live.h: the health of the process; families.h, serializer.h, exposition.h: a scrape's text.
// * report_facts.h: what a report tells beyond the counters (times, hosts, who still waits);
//   summary.h: both as data; summary_text.h, summary_html.h, summary_mail.h and others print it.
// * template_miner.h: the replies that no rule knows.
// * flat_map.h, name_table.h, message_table.h, slab_chains.h, space_saving.h and others: the tables
//   underneath; prefetch.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "metrics/joined_counts.h"
#include "metrics/message_join.h"
#include "metrics/tally.h"
#include "parsers/mta/format_reader.h"
#include "parsers/wrap/line_splitter.h"
#include "rules/classifier.h"

namespace bouncesight {

// Where an event or skip stands. Views are valid during the observer's call only.
struct LineInfo {
  std::string_view source;
  std::uint64_t number = 0;  // from 1
  const Line& line;
  MessageJoin::Place place = {};  // of an event
};

// Watches what passes. Derive (statically) and hide what is of interest.
struct NullObserver {
  // false: the line is not counted, but as "excluded". What a deferral says of a queued message is
  // remembered all the same: a later expiry may need it.
  bool Wants(const DeliveryEvent&, const LineInfo&) { return true; }
  // true: an expiry is not looked at now, and its line counts as nothing; TakeLine will bring it.
  bool SetsAside(const DeliveryEvent&, const LineInfo&) { return false; }
  // As Wants, once the verdict is known.
  bool Shows(const DeliveryEvent&, const Verdict&) { return true; }
  void OnEvent(const DeliveryEvent&, const Verdict&, const LineInfo&) {}
  void OnSkip(SkipReason, const LineInfo&) {}
  // What a skipped line tells of a message, once the join knows it. Called before OnSkip.
  void OnNote(const MessageNote&, const LineInfo&) {}
  // The line names this message, as the join knows it now. Called before all others; of a line that
  // names two, for each.
  void OnMessage(const MessageJoin::Place&, const LineInfo&) {}
};

// What one source's streams count with. The classifier and the tally may be others at each call
// (rules reloaded, tally handed over); the tally must have been made, or cleared, with the names of
// the classifier's rules.
struct CountingContext {
  Classifier& classifier;
  MessageJoin& join;  // one for a source: its files share it, so that it outlives a rotation
  Tally& tally;
  JoinedCounts* joined = nullptr;  // null: nobody asks for figures by sender
};

class Pump {
 public:
  // `source` is the name that the lines count under. `start_offset` is that of the stream's first
  // byte, `start_line` the number of lines before it.
  explicit Pump(std::string source, ReaderOptions options = {}, std::uint64_t start_offset = 0,
                std::uint64_t start_line = 0)
      : source_(std::move(source)),
        splitter_(start_offset),
        reader_(std::move(options)),
        line_(start_line) {}

  // Takes the next bytes of the stream.
  template <typename Observer = NullObserver>
  void Feed(std::string_view chunk, const CountingContext& counting,
            Observer&& observer = Observer{}) {
    const SourceId id = counting.tally.Source(source_);
    const std::uint64_t before = splitter_.line_offset();
    const std::uint64_t begin = before + splitter_.pending_bytes();  // of the chunk
    splitter_.Feed(chunk, [&](const Line& line) {
      // While this line is read, what is known of the next one's message comes out of memory.
      if (counting.join.OutgrowsCache()) {
        counting.join.Expect(reader_.GuessQueueId(chunk.substr(line.end_offset - begin)));
      }
      Take(line, id, counting, observer);
    });
    // Of whole lines only: a restart reads the unfinished one again.
    counting.tally.CountBytes(id, splitter_.line_offset() - before);
  }

  // The stream has ended (or this datagram has): what stands after the last newline is a line too.
  template <typename Observer = NullObserver>
  void Finish(const CountingContext& counting, Observer&& observer = Observer{}) {
    const SourceId id = counting.tally.Source(source_);
    const std::uint64_t before = splitter_.line_offset();
    splitter_.Finish([&](const Line& line) { Take(line, id, counting, observer); });
    counting.tally.CountBytes(id, splitter_.line_offset() - before);
  }

  // The stream has ended in the middle of a message: what stands after the last newline is a piece
  // of a line, and counts as a skip.
  void Discard(const CountingContext& counting) {
    const SourceId id = counting.tally.Source(source_);
    const std::uint64_t before = splitter_.line_offset();
    splitter_.Finish([&](const Line& line) {
      ++line_;
      if (line.truncated) counting.tally.CountTruncated(id);
      counting.tally.CountSkip(id, SkipReason::kPartial);
    });
    counting.tally.CountBytes(id, splitter_.line_offset() - before);
  }

  // One line that was set aside, or lies by one; its bytes are counted already.
  template <typename Observer = NullObserver>
  void TakeLine(const Line& line, const CountingContext& counting,
                Observer&& observer = Observer{}) {
    Take(line, counting.tally.Source(source_), counting, observer);
  }

  // The stream begins anew, as after a truncation: what stood after the last newline is dropped.
  void Restart(std::uint64_t offset) {
    splitter_ = LineSplitter(offset);
    reader_.Restart();
  }

  const std::string& source() const { return source_; }
  // Where a reader that starts anew must begin: after the last line that was counted.
  std::uint64_t line_offset() const { return splitter_.line_offset(); }
  std::uint64_t pending_bytes() const { return splitter_.pending_bytes(); }
  std::uint64_t lines() const { return line_; }
  Format last_fit() const { return reader_.last_fit(); }

 private:
  template <typename Observer>
  void Take(const Line& line, SourceId id, const CountingContext& counting, Observer& observer) {
    LineInfo info{source_, ++line_, line};
    if (line.truncated) counting.tally.CountTruncated(id);
    Parsed parsed = reader_.Parse(line.text);
    if (DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed)) {
      TakeEvent(*event, info, id, counting, observer);
      return;
    }
    const Skip& skip = std::get<Skip>(parsed);
    if (skip.note != nullptr) {
      observer.OnMessage(counting.join.Take(*skip.note), info);
      if (!skip.note->other_id.empty()) observer.OnMessage(counting.join.OtherOf(*skip.note), info);
      observer.OnNote(*skip.note, info);
    }
    counting.tally.CountSkip(id, skip.reason);
    observer.OnSkip(skip.reason, info);
  }

  template <typename Observer>
  void TakeEvent(DeliveryEvent& event, LineInfo& info, SourceId id, const CountingContext& counting,
                 Observer& observer) {
    event.truncated = event.truncated || info.line.truncated;
    info.place = counting.join.Complete(event);
    observer.OnMessage(info.place, info);
    if (event.outcome == Outcome::kExpired && observer.SetsAside(event, info)) return;
    bool first = true;  // of this line
    const bool wanted = observer.Wants(event, info);
    if (!wanted) counting.tally.CountExcluded(id);
    const auto count = [&](DeliveryEvent& one, const Verdict& verdict, bool first_deferral) {
      if (!wanted || !observer.Shows(one, verdict)) return;
      if (counting.joined != nullptr) {
        counting.joined->Count(one, verdict);
        if (first_deferral) counting.joined->CountFirstDeferral(verdict.provider, one.repeat);
      }
      if (first) {
        counting.tally.CountEvent(id, one, verdict);
      } else {
        counting.tally.CountResult(id, one, verdict);
      }
      first = false;
      observer.OnEvent(one, verdict, info);
    };
    const bool whole_message = event.outcome == Outcome::kExpired && event.recipient.empty();
    const auto expired = [&](DeliveryEvent& one, const Verdict& verdict) {
      count(one, verdict, false);  // the join has settled it
    };
    // What is not wanted needs no cause, but a later expiry may.
    const auto judge = [&](DeliveryEvent& one) {
      const bool judged = wanted || IsPutOff(one.outcome);
      const Verdict verdict = judged ? Judge(one, info, counting) : Verdict{};
      count(one, verdict, counting.join.Settle(info.place, one, verdict));
    };
    if (whole_message && counting.join.Expire(info.place, event, expired)) {
      // Each of its recipients has been told of.
    } else if (event.more_recipients.empty()) {
      judge(event);
    } else {
      do {
        DeliveryEvent one = event;  // its reply may be changed, and is each one's
        judge(one);
      } while (NextRecipient(event));
    }
    if (wanted && first) counting.tally.CountExcluded(id);
  }

  static bool IsPutOff(Outcome outcome) {
    return outcome == Outcome::kDeferred || outcome == Outcome::kSuspended;
  }

  static Verdict Judge(DeliveryEvent& event, const LineInfo& info,
                       const CountingContext& counting) {
    const Evidence evidence = EvidenceOf(event);
    if (event.outcome == Outcome::kDelivered) return counting.classifier.Delivered(evidence);
    Verdict verdict = counting.classifier.Classify(evidence);
    counting.join.Explain(info.place, event, verdict);
    return verdict;
  }

  std::string source_;
  LineSplitter splitter_;
  FormatReader reader_;
  std::uint64_t line_;
};

}  // namespace bouncesight
