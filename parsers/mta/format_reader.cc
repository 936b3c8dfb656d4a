#include "parsers/mta/format_reader.h"

#include <charconv>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

#include "parsers/text/text.h"
#include "parsers/text/timestamp.h"
#include "parsers/wrap/syslog_header.h"

namespace bouncesight {
namespace {

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

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

// The object of a line that is one, perhaps behind a record separator (RFC 7464) or the mark of a
// server-sent event; empty: it is none.
std::string_view ObjectIn(std::string_view line) {
  line = SkipBlanks(line);
  if (!Consume(line, "\x1E")) Consume(line, "data: ");
  return line.starts_with('{') ? line : std::string_view();
}

// A message with a syslog header of its own: that one knows better than the wrapper, which may name
// the container. Words in front of what looks like a tag do not make a header there.
bool HasOwnHeader(const Record& outer, const Record& inner) {
  if (inner.program.empty()) return false;
  const bool bare_tag = inner.time.empty() && inner.host.empty();
  return outer.program.empty() || bare_tag || outer.message.starts_with('<') ||
         TimestampLength(outer.message) != 0;
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

FormatReader::FormatReader(ReaderOptions options)
    : fixed_(options.format != Format::kAuto),
      first_(RowOf(options.format)),
      coremail_words_(std::move(options.coremail)),
      envelope_(std::move(options.json)) {
  context_.set_coremail_words(coremail_words_.get());
}

Parsed FormatReader::Parse(std::string_view line) {
  context_.Reset();
  const bool plain = !line.empty() && IsAlnum(line.front()) && line.front() != 'd';
  return plain && !export_.active() ? ParseText(line) : ParseOther(line);
}

void FormatReader::Restart() {
  for (PieceJoiner& joiner : joiners_) joiner.Abandon();
  export_.Abandon();
}

// What starts with no letter or digit, or stands inside a journal export record.
Parsed FormatReader::ParseOther(std::string_view line) {
  Record record;
  switch (export_.Take(line, record)) {
    case JournalExport::Step::kField:
      return Skip{SkipReason::kPartial};
    case JournalExport::Step::kEnd:
      return ParseWrapped(record);
    case JournalExport::Step::kNone:
      break;
  }
  if (IsBlank(line)) return Skip{SkipReason::kEmpty};
  const std::string_view object = ObjectIn(line);
  return object.empty() ? ParseText(line) : ParseJson(line, object);
}

Parsed FormatReader::ParseText(std::string_view line) {
  const std::optional<Record> record = ParseSyslogHeader(line);
  if (!record) return ParseUnheaded(line);
  if (record->program.empty()) {
    if (const std::optional<CriLine> cri = ParseCriLine(line)) return ParseCri(*cri);
  }
  if (record->message.starts_with('@')) {
    std::string_view message = record->message;
    if (Consume(message, "@cee:")) return ParseJson(line, SkipBlanks(message));
  }
  return ParseRecord(*record);
}

Parsed FormatReader::ParseUnheaded(std::string_view line) {
  Record record;
  record.message = line;
  Parsed parsed = ParseRecord(record);
  if (IsForeign(parsed)) {
    const bool binary = std::memchr(line.data(), '\0', line.size()) != nullptr;
    parsed = Skip{binary ? SkipReason::kBinary : SkipReason::kUnknownFormat};
  }
  return parsed;
}

Parsed FormatReader::ParseJson(std::string_view line, std::string_view object) {
  Envelope envelope;
  if (!envelope_.Open(object, context_, envelope)) {
    return object.starts_with("{\"") || object.starts_with("{ \"") ? Skip{SkipReason::kMalformed}
                                                                   : ParseUnheaded(line);
  }
  if (!envelope.has_message) return ParseRecord(envelope.record);
  if (envelope.message_lost) return Skip{SkipReason::kMalformed};
  if (!envelope.stream.empty()) return ParseDocker(envelope);
  return ParseWrapped(envelope.record);
}

Parsed FormatReader::ParseDocker(const Envelope& envelope) {
  PieceJoiner& joiner = JoinerOf(envelope.stream);
  Record record = envelope.record;
  if (envelope.ends_line) {
    ends_lines_ = true;
    record.message = joiner.Finish(record.message);
    return ParseWrapped(record);
  }
  // Some shippers take the newline off every object. Then a piece is told by its looks.
  const bool piece = ends_lines_ || !joiner.empty() || record.message.size() >= kDockerPiece;
  Parsed parsed = Skip{SkipReason::kPartial};
  if (!piece) parsed = ParseWrapped(record);
  if (piece || LooksCut(parsed)) {
    joiner.Add(record.message);
    parsed = Skip{SkipReason::kPartial};
  }
  return parsed;
}

Parsed FormatReader::ParseCri(const CriLine& cri) {
  PieceJoiner& joiner = JoinerOf(cri.stream);
  if (!cri.ends_line) {
    joiner.Add(cri.text);
    return Skip{SkipReason::kPartial};
  }
  Record record;
  record.time = cri.time;
  record.message = joiner.Finish(cri.text);
  return ParseWrapped(record);
}

Parsed FormatReader::ParseWrapped(const Record& outer) {
  Record record = outer;
  record.message = SkipBlanks(outer.message);  // rsyslog's msg starts with one
  const std::optional<Record> inner = ParseSyslogHeader(record.message);
  if (inner && HasOwnHeader(record, *inner)) {
    record = *inner;
    record.json = outer.json;
    if (record.host.empty()) record.host = outer.host;
    if (record.time.empty()) record.time = outer.time;
  }
  return ParseRecord(record);
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
  if (DeliveryEvent* event = std::get_if<DeliveryEvent>(&parsed)) CleanEvent(*event);
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
