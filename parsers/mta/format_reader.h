// From a line of any source to what it reports: takes the wrapping off and finds the format.
//
//   line -> JSON object, container head, syslog header -> Record -> the format that fits -> clean
//
// Whatever carries a line may have wrapped it in one more header or object: where the program that
// a header names is none of ours, what stands behind it is read as a line of its own, up to
// kMaxLayers deep.
//
// A wrapped line gives the same event as the bare one, but for the time stamp's form.
//
// Most lines of a log are Postfix' and have the header of the line before but for its digits
// (header_shape.h). They take a short way with the same result: the long one is the oracle of a
// differential test and of a fuzz target.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/event/delivery_event.h"
#include "parsers/mta/format.h"
#include "parsers/mta/parse_context.h"
#include "parsers/mta/reader_options.h"
#include "parsers/text/charset.h"
#include "parsers/wrap/container_log.h"
#include "parsers/wrap/header_shape.h"
#include "parsers/wrap/journal_export.h"
#include "parsers/wrap/json_envelope.h"
#include "parsers/wrap/line_prefix.h"

namespace bouncesight {

// Reads the lines of one stream, in order: a container's pieces are joined. Not thread-safe: one
// reader per stream. Does not allocate per line once its buffers have grown.
class FormatReader {
 public:
  // kLong: as if there were no short way, for tests.
  enum class Way : std::uint8_t { kShort, kLong };

  explicit FormatReader(ReaderOptions options = {}, Way way = Way::kShort);

  static constexpr int kMaxLayers = 3;

  // Unwraps `line` and parses it. With kAuto the format that fitted last is tried first, then the
  // others: one stream may carry several MTAs. Text of an event comes out as clean UTF-8
  // (charset.h). The views in the result live until the next call, those into `line` as long as it.
  Parsed Parse(std::string_view line);

  // A guess at the queue id of the line that `text` begins with, for who wants to have ready what
  // that line will be asked for: most lines of Postfix are seen through, no others. Empty: none.
  std::string_view GuessQueueId(std::string_view text) const { return shape_.GuessFirstWord(text); }

  // The stream begins anew: pieces of an unfinished record are forgotten.
  void Restart();

  // Whether what a line told so far hung on the lines before it: on the pieces of the same line, on
  // a journal export's fields, on the mark or the number of a delivery.
  bool joins_lines() const { return joins_lines_ || context_.joins_lines(); }

  // The format of the last line that fitted one; kAuto before the first.
  Format last_fit() const { return last_fit_; }

 private:
  bool ReadKnownHeader(std::string_view line, Record& record) const;
  Parsed ParseKnown(std::string_view line, const Record& record);
  Parsed ParseOther(std::string_view line);
  Parsed ParseText(std::string_view line);
  Parsed ParseJson(std::string_view line, std::string_view object, int layers);
  Parsed ParseUnheaded(std::string_view line);
  Parsed KeepPiece(PieceJoiner& joiner, std::string_view piece);
  Parsed ParseCri(const CriLine& cri);
  Parsed ParseBehindPrefix(const LinePrefix& prefix);
  Parsed ParseJournal(const Record& entry, bool partial, int layers);
  Parsed ParseDocker(const Envelope& envelope, int layers);
  Parsed ParseWrapped(const Record& outer, int layers);
  Parsed ParseLayers(const Record& record, int layers);
  Parsed ParseInner(const Record& outer, int layers);
  Parsed ParseRepeated(const Record& record);
  Parsed ParseRecord(const Record& record);
  Parsed ParseOnce(const Record& record);
  void TryOthers(const Record& record, Parsed& parsed);
  void CleanEvent(DeliveryEvent& event);
  const MessageNote* NoteOfHop(const DeliveryEvent& event);
  PieceJoiner& JoinerOf(std::string_view stream) { return joiners_[stream == "stderr" ? 1 : 0]; }

  const bool fixed_;  // the operator named the format: no other is tried
  const bool short_way_;
  std::size_t first_ = 0;  // the row to try first
  HeaderShape shape_;      // of Postfix' lines
  Format last_fit_ = Format::kAuto;
  bool joins_lines_ = false;
  bool ends_lines_ = false;  // Docker: some object ended with a newline, as all should
  std::shared_ptr<const CoremailWords> coremail_words_;  // the context points to them
  const std::vector<IpNetwork> internal_relays_;
  ParseContext context_;
  TextCleaner cleaner_;
  JsonEnvelope envelope_;
  JournalExport export_;
  PieceJoiner joiners_[2];  // stdout, stderr
  PieceJoiner journal_pieces_;
  std::string pieces_of_;  // the program whose pieces those are
};

}  // namespace bouncesight
