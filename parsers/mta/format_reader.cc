#include "parsers/mta/format_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

#include "parsers/mta/internal_hop.h"
#include "parsers/mta/postfix.h"
#include "parsers/reason/handed_on.h"
#include "parsers/text/scan.h"
#include "parsers/text/timestamp.h"
#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

constexpr std::string_view kPostfix = "postfix";
constexpr std::size_t kDockerPiece = 16 * 1024;
constexpr std::string_view kRepeated = "message repeated ";
// One line may claim no more: whoever can write one must not be able to write the counters.
constexpr std::uint32_t kMostRepeats = 10'000;

bool IsForeign(const Parsed& parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  return skip != nullptr && skip->reason == SkipReason::kForeign;
}

// An event cut short, or what cannot be told for the same reason.
bool LooksCut(const Parsed& parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  if (skip == nullptr) return std::get<DeliveryEvent>(parsed).truncated;
  return skip->reason == SkipReason::kMalformed;
}

// A message with a syslog header of its own: that one knows better than the wrapper, which may name
// the container. Words in front of what looks like a tag do not make a header there.
bool HasOwnHeader(const Record& outer, const Record& inner) {
  const bool bare_tag = inner.time.empty() && inner.host.empty();
  return !inner.program.empty() &&
         (outer.program.empty() || bare_tag || BeginsLikeHeader(outer.message));
}

// The record behind a header within `outer`, with what only the outer one says. Its message gets
// shorter with each, so that reading ends.
Record Within(const Record& outer, Record inner) {
  inner.json = outer.json;
  if (inner.host.empty()) inner.host = outer.host;
  if (inner.time.empty()) inner.time = outer.time;
  return inner;
}

// Whether the tag may be that of a container which is called like the MTA within, whose line this
// is. Epoch seconds there are qmail's own, and a stamp with no header behind it is Exim's.
bool NamesContainer(const Record& record, const Parsed& parsed) {
  const Skip* skip = std::get_if<Skip>(&parsed);
  if (skip == nullptr || skip->reason != SkipReason::kNotDelivery || skip->note != nullptr)
    return false;
  const std::string_view text = record.message;
  if (record.program.empty() || (text.size() > 4 && IsDigit(text[0]) && text[4] != '-'))
    return false;
  if (FindNear(record.program, '/') < record.program.size() || !BeginsLikeHeader(text))
    return false;
  const std::optional<Record> inner = ParseSyslogHeader(text);
  return inner && inner->message.size() < text.size();
}

// Whether `part` is a view into `whole`.
bool HoldsView(std::string_view whole, std::string_view part) {
  const std::less_equal<const char*> before;
  return before(whole.data(), part.data()) &&
         before(part.data() + part.size(), whole.data() + whole.size());
}

std::size_t RowOf(Format format) {
  const auto rows = AllFormats();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].format == format) return i;
  }
  return 0;
}

}  // namespace

FormatReader::FormatReader(ReaderOptions options, Way way)
    : fixed_(options.format != Format::kAuto),
      short_way_(way == Way::kShort),
      first_(RowOf(options.format)),
      coremail_words_(std::move(options.coremail)),
      internal_relays_(std::move(options.internal_relays)),
      envelope_(std::move(options.json)) {
  context_.set_coremail_words(coremail_words_.get());
}

// A line that ParseText would hand straight to ParsePostfix: its format is tried first, its name is
// Postfix' with a daemon's behind it, and nothing is to be taken off its message.
bool FormatReader::ReadKnownHeader(std::string_view line, Record& record) const {
  if (!short_way_ || AllFormats()[first_].format != FormatOf(Mta::kPostfix)) return false;
  if (export_.active() || !shape_.Read(line, record)) return false;
  const char first = record.message.front();
  return NamesPostfixDaemon(record.program) && first != '@' && first != 'm';
}

// The short way. A text that is plain as a whole has no part that wants cleaning, and where nothing
// was rewritten all texts of the event are parts of the line: one look instead of twelve.
Parsed FormatReader::ParseKnown(std::string_view line, const Record& record) {
  Parsed parsed = ParsePostfix(record, context_);
  last_fit_ = FormatOf(Mta::kPostfix);
  DeliveryEvent* const event = std::get_if<DeliveryEvent>(&parsed);
  if (event == nullptr) return parsed;
  if (IsInternalHop(*event, internal_relays_)) {
    parsed = Skip{SkipReason::kInternalHop, NoteOfHop(*event)};
  } else if (!context_.empty() || !IsPlainText(line)) {
    CleanEvent(*event);
  }
  return parsed;
}

Parsed FormatReader::Parse(std::string_view line) {
  context_.Reset();
  Record record;
  if (ReadKnownHeader(line, record)) return ParseKnown(line, record);
  const bool plain = !line.empty() && IsAlnum(line.front()) && line.front() != 'd';
  return plain && !export_.active() ? ParseText(line) : ParseOther(line);
}

void FormatReader::Restart() {
  for (PieceJoiner& joiner : joiners_) joiner.Abandon();
  journal_pieces_.Abandon();
  export_.Abandon();
}

// What starts with no letter or digit, or stands inside a journal export record.
Parsed FormatReader::ParseOther(std::string_view line) {
  Record record;
  switch (export_.Take(line, record)) {
    case JournalExport::Step::kField:
      joins_lines_ = true;
      return Skip{SkipReason::kPartial};
    case JournalExport::Step::kEnd:
      return ParseJournal(record, export_.partial(), 0);
    case JournalExport::Step::kNone:
      break;
  }
  if (line.find_first_not_of(" \t\r\n\v\f") == line.npos) return Skip{SkipReason::kEmpty};
  const std::string_view object = ObjectIn(line);
  return object.empty() ? ParseText(line) : ParseJson(line, object, 0);
}

Parsed FormatReader::ParseText(std::string_view line) {
  const std::optional<Record> record = ParseSyslogHeader(line);
  if (!record) return ParseUnheaded(line);
  if (record->program.starts_with(kPostfix)) shape_.Learn(line, *record);
  if (record->program.empty()) {
    if (const std::optional<CriLine> cri = ParseCriLine(line)) return ParseCri(*cri);
  }
  if (record->message.starts_with('@')) {
    std::string_view message = record->message;
    if (Consume(message, "@cee:")) return ParseJson(line, SkipBlanks(message), 1);
  }
  return ParseLayers(*record, 1);
}

Parsed FormatReader::ParseUnheaded(std::string_view line) {
  const LinePrefix prefix = IsPlainMainLog(line) ? LinePrefix() : TakeLinePrefix(line);
  const bool qmail_stamp = line.starts_with('@') && !BeginsLikeHeader(prefix.behind);
  if (!prefix.behind.empty() && !qmail_stamp) return ParseBehindPrefix(prefix);
  Record record;
  record.message = line;
  Parsed parsed = ParseRecord(record);
  if (!IsForeign(parsed)) return parsed;
  if (!prefix.behind.empty()) return ParseBehindPrefix(prefix);
  const bool binary = std::memchr(line.data(), '\0', line.size()) != nullptr;
  return Skip{binary ? SkipReason::kBinary : SkipReason::kUnknownFormat};
}

// Nothing that looks like a header follows what a tool put before the line.
Parsed FormatReader::ParseBehindPrefix(const LinePrefix& prefix) {
  const std::string_view object = ObjectIn(prefix.behind);
  if (!object.empty()) return ParseJson(prefix.behind, object, 1);
  Record record;
  record.time = prefix.time;
  record.message = prefix.behind;
  const Parsed parsed = ParseRecord(record);
  return IsForeign(parsed) ? Skip{SkipReason::kUnknownFormat} : parsed;
}

Parsed FormatReader::ParseJson(std::string_view line, std::string_view object, int layers) {
  Envelope envelope;
  if (!envelope_.Open(object, context_, envelope)) {
    return object.starts_with("{\"") || object.starts_with("{ \"") ? Skip{SkipReason::kMalformed}
                                                                   : ParseUnheaded(line);
  }
  if (!envelope.has_message) return ParseRecord(envelope.record);
  if (envelope.message_lost) return Skip{SkipReason::kMalformed};
  if (!envelope.stream.empty()) return ParseDocker(envelope, layers);
  return ParseJournal(envelope.record, envelope.partial, layers);
}

Parsed FormatReader::KeepPiece(PieceJoiner& joiner, std::string_view piece) {
  joins_lines_ = true;
  joiner.Add(piece);
  return Skip{SkipReason::kPartial};
}

// An entry of the journal, or a piece of a container's line. Other programs' entries come between
// the pieces; those of two containers at once are not told apart further than by their names.
Parsed FormatReader::ParseJournal(const Record& entry, bool partial, int layers) {
  const bool same = !journal_pieces_.empty() && entry.program == pieces_of_;
  if (partial) {
    if (!same) journal_pieces_.Abandon();
    pieces_of_.assign(entry.program);
    return KeepPiece(journal_pieces_, entry.message);
  }
  Record record = entry;
  if (same) record.message = journal_pieces_.Finish(entry.message);
  return ParseWrapped(record, layers);
}

Parsed FormatReader::ParseDocker(const Envelope& envelope, int layers) {
  PieceJoiner& joiner = JoinerOf(envelope.stream);
  Record record = envelope.record;
  if (envelope.ends_line) {
    ends_lines_ = true;
    record.message = joiner.Finish(record.message);
    return ParseWrapped(record, layers);
  }
  // Some shippers take the newline off every object. Then a piece is told by its looks.
  const bool piece = ends_lines_ || !joiner.empty() || record.message.size() >= kDockerPiece;
  if (piece) return KeepPiece(joiner, record.message);
  const Parsed parsed = ParseWrapped(record, layers);
  return LooksCut(parsed) ? KeepPiece(joiner, record.message) : parsed;
}

Parsed FormatReader::ParseCri(const CriLine& cri) {
  PieceJoiner& joiner = JoinerOf(cri.stream);
  if (!cri.ends_line) return KeepPiece(joiner, cri.text);
  Record record;
  record.time = cri.time;
  record.message = joiner.Finish(cri.text);
  return ParseWrapped(record, 0);
}

Parsed FormatReader::ParseWrapped(const Record& outer, int layers) {
  Record record = outer;
  record.message = SkipBlanks(outer.message);  // rsyslog's msg starts with one
  // What looks like a header in an object, or behind a Postfix daemon's name, is a part of it.
  if (!record.message.starts_with('{') && !record.program.starts_with("postfix/")) {
    const std::optional<Record> inner = ParseSyslogHeader(record.message);
    if (inner && HasOwnHeader(record, *inner)) record = Within(record, *inner);
  }
  return ParseLayers(record, layers + 1);
}

// `layers` were taken off to get at `record`.
Parsed FormatReader::ParseLayers(const Record& record, int layers) {
  Parsed parsed = ParseRecord(record);
  const bool foreign = IsForeign(parsed);
  if (foreign && record.program.empty() && !record.behind_stamp.empty()) {
    Record bare;  // "docker logs -t" of a program whose lines have no header
    bare.time = record.time;
    bare.message = record.behind_stamp;
    parsed = ParseRecord(bare);
    if (!IsForeign(parsed)) return parsed;
  }
  if (layers == kMaxLayers || (!foreign && !NamesContainer(record, parsed))) return parsed;
  return ParseInner(record, layers);
}

Parsed FormatReader::ParseInner(const Record& outer, int layers) {
  Record record = outer;
  record.message = SkipBlanks(outer.message);
  if (record.message.starts_with("{\"")) {
    // The envelope forgets the outer object, of which this may be a part.
    const std::string_view object = context_.Copy(record.message);
    if (object.empty()) return Skip{SkipReason::kForeign};
    const Parsed parsed = ParseJson(object, object, layers + 1);
    const Skip* skip = std::get_if<Skip>(&parsed);
    // What cannot be read behind another program's name is that program's business.
    const bool strange = skip != nullptr && (skip->reason == SkipReason::kUnknownFormat ||
                                             skip->reason == SkipReason::kMalformed);
    return strange ? Skip{SkipReason::kForeign} : parsed;
  }
  // "HOST HOST postfix/smtp[9]: …": a relay put the sender's name before it, without a tag.
  if (!BeginsLikeHeader(record.message)) {
    const std::size_t blank = FindNear(record.message.substr(0, 256), ' ');
    const std::string_view behind =
        record.message.substr(std::min(blank + 1, record.message.size()));
    if (!record.program.empty() || !BeginsLikeHeader(behind)) return Skip{SkipReason::kForeign};
    record.host = record.message.substr(0, blank);
    record.message = behind;
  }
  const std::optional<Record> inner = ParseSyslogHeader(record.message);
  if (!inner || inner->message.size() >= record.message.size()) return Skip{SkipReason::kForeign};
  return ParseLayers(Within(record, *inner), layers + 1);
}

// "message repeated 3 times: [ TEXT]": rsyslog folds lines that differ in their time alone.
Parsed FormatReader::ParseRepeated(const Record& record) {
  std::string_view text = record.message;
  std::uint32_t times = 0;
  Consume(text, kRepeated);
  const std::size_t digits = FindNear(text, ' ');
  const auto read = std::from_chars(text.data(), text.data() + digits, times);
  text.remove_prefix(digits);
  if (read.ec != std::errc() || !Consume(text, " times: [") || times == 0) {
    return Skip{SkipReason::kNotDelivery};
  }
  if (times > kMostRepeats) return Skip{SkipReason::kMalformed};
  ConsumeEnd(text, "]");
  Record once = record;
  once.message = SkipBlanks(text);
  if (once.message.starts_with(kRepeated)) return Skip{SkipReason::kNotDelivery};
  Parsed parsed = ParseRecord(once);
  if (DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed)) event->repeat = times;
  return parsed;
}

Parsed FormatReader::ParseRecord(const Record& record) {
  if (record.message.starts_with('m') && record.message.starts_with(kRepeated)) {
    return ParseRepeated(record);
  }
  return ParseOnce(record);
}

Parsed FormatReader::ParseOnce(const Record& record) {
  const FormatRow& first = AllFormats()[first_];
  Parsed parsed = first.parse(record, context_);
  if (!IsForeign(parsed)) {
    last_fit_ = first.format;
  } else if (!fixed_) {
    TryOthers(record, parsed);
  }
  if (DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed)) {
    if (IsInternalHop(*event, internal_relays_))
      return Skip{SkipReason::kInternalHop, NoteOfHop(*event)};
    CleanEvent(*event);
  }
  return parsed;
}

void FormatReader::TryOthers(const Record& record, Parsed& parsed) {
  const auto rows = AllFormats();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == first_) continue;
    parsed = rows[i].parse(record, context_);
    if (IsForeign(parsed)) continue;
    first_ = i;
    last_fit_ = rows[i].format;
    return;
  }
  // Older syslogd does not say which of many programs' lines it was.
  if (record.message.starts_with("last message repeated ")) {
    parsed = Skip{SkipReason::kNotDelivery};
  }
}

const MessageNote* FormatReader::NoteOfHop(const DeliveryEvent& event) {
  if (event.queue_id.empty()) return nullptr;
  MessageNote& note = context_.NewNote({}, event.mta, event.queue_id);
  note.kind = NoteKind::kHandedOn;
  note.time = event.time;
  note.host = event.host;
  note.instance = event.instance;
  note.other_id = QueueIdGiven(event.reply.text);
  return &note;
}

void FormatReader::CleanEvent(DeliveryEvent& event) {
  const char* const recipient = event.recipient.data();
  const bool domain_within = HoldsView(event.recipient, event.recipient_domain);
  for (std::string_view* text : TextsOf(event)) {
    if (!text->empty()) *text = cleaner_.Clean(*text, context_);
  }
  // Cleaned apart only where it is no part of the recipient: Haraka names the domain alone.
  if (!domain_within) {
    event.recipient_domain = cleaner_.Clean(event.recipient_domain, context_);
  } else if (event.recipient.data() != recipient) {
    event.recipient_domain = DomainOf(event.recipient);
  }
}

}  // namespace bouncesight
