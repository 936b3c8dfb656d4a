#include "parsers/reason/mail_text.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include <gmime/gmime.h>

#include "parsers/reason/mbox.h"
#include "parsers/reason/plain_text.h"
#include "parsers/reason/text_lines.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/recode.h"
#include "parsers/text/scan.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

// Parts within parts: no honest mail comes near, and hostile mail shall not use up the stack.
constexpr int kMaxDepth = 16;

void Start() {
  static const bool kStarted = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(kStarted);
}

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, Free>;

std::string_view View(const char* text) { return text == nullptr ? "" : text; }

std::string BytesOf(GMimeStream* stream) {
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

// The part's content without its transfer encoding.
std::string ContentOf(GMimePart* part) {
  GMimeDataWrapper* const content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, out.get());
  return BytesOf(out.get());
}

// By the charset that the part names, where it names a true one; else by a guess.
std::string TextOf(GMimePart* part) {
  const std::string bytes = ContentOf(part);
  const std::string_view charset =
      View(g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"));
  if (charset.empty() || StartsWithNoCase(charset, "us-ascii") ||
      StartsWithNoCase(charset, "utf-8"))
    return ToPlainText(bytes);
  const std::optional<std::string> text = Recode(bytes, charset);
  return ToPlainText(text ? *text : bytes);
}

bool HasType(GMimeObject* object, const char* type, const char* subtype) {
  return g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype) != 0;
}

// "receiver.example!domain.example!1700000000!1700086399.xml.gz" (RFC 7489 section 7.2.1.1).
bool IsNameOfDmarcReport(std::string_view name) {
  const bool packed = name.ends_with(".xml") || name.ends_with(".xml.gz") || name.ends_with(".zip");
  return packed && CountOf(name, '!') >= 3;
}

class PartReader {
 public:
  explicit PartReader(MailText& into) : into_(into) {}

  void Read(GMimeObject* object, int depth) {
    if (object == nullptr) return;
    if (depth > kMaxDepth) {
      into_.too_deep = true;
      return;
    }
    if (GMIME_IS_MULTIPART(object)) {
      ReadParts(GMIME_MULTIPART(object), depth);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
      Keep(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)));
    } else if (HasType(object, "message", "delivery-status") ||
               HasType(object, "message", "global-delivery-status")) {
      into_.status.append(TextOf(GMIME_PART(object))).append("\n\n");
    } else if (HasType(object, "text", "plain") || HasType(object, "text", "html")) {
      into_.words.append(TextOf(GMIME_PART(object))).append("\n\n");
    } else if (GMIME_IS_PART(object) &&
               IsNameOfDmarcReport(View(g_mime_part_get_filename(GMIME_PART(object))))) {
      into_.dmarc_file = true;
    }
  }

 private:
  void ReadParts(GMimeMultipart* parts, int depth) {
    const int count = g_mime_multipart_get_count(parts);
    const bool choice = HasType(GMIME_OBJECT(parts), "multipart", "alternative");
    for (int i = 0; i < count; ++i) {
      const std::size_t before = into_.words.size();
      Read(g_mime_multipart_get_part(parts, i), depth + 1);
      // The first that has words is the plainest.
      if (choice && !Strip(std::string_view(into_.words).substr(before)).empty()) return;
    }
  }

  void Keep(GMimeMessage* message) {
    if (message == nullptr || into_.enclosed.size() >= kMaxDepth) return;
    const OwnedText text(g_mime_object_to_string(GMIME_OBJECT(message), nullptr));
    into_.enclosed.emplace_back(View(text.get()));
  }

  MailText& into_;
};

bool IsNameByte(char c) { return IsAlnum(c) || c == '-' || c == '_'; }

// "Name: value"; the name, or empty.
std::string_view HeaderName(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() && IsNameByte(line[end])) ++end;
  return end > 0 && end < line.size() && line[end] == ':' ? line.substr(0, end) : "";
}

bool IsMailHeader(std::string_view name) {
  static constexpr std::string_view kNames[] = {"from",
                                                "to",
                                                "subject",
                                                "date",
                                                "received",
                                                "return-path",
                                                "message-id",
                                                "mime-version",
                                                "content-type",
                                                "delivered-to",
                                                "auto-submitted",
                                                "x-failed-recipients",
                                                "content-transfer-encoding",
                                                "reply-to",
                                                "dkim-signature"};
  return std::ranges::any_of(kNames,
                             [name](std::string_view known) { return SameNoCase(name, known); });
}

std::string_view WithoutLeadingBlankLines(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return StripLeft(bytes);
}

// "--boundary" with a part's headers behind it, near the start: a body without its headers. The
// boundary, or empty.
std::string_view BoundaryOf(std::string_view bytes) {
  std::string_view last;
  for (int lines = 0; lines < 40 && !bytes.empty(); ++lines) {
    const std::string_view line = TakeLine(bytes);
    if (last.size() > 4 && last.starts_with("--") && StartsWithNoCase(line, "content-"))
      return StripRight(last.substr(2));
    last = line;
  }
  return {};
}

std::string_view HeaderOf(GMimeMessage* message, const char* name) {
  return Strip(View(g_mime_object_get_header(GMIME_OBJECT(message), name)));
}

bool NamesOneOf(std::string_view from, std::span<const std::string_view> systems) {
  return std::ranges::any_of(
      systems, [from](std::string_view system) { return FindNoCase(from, system) != kNotFound; });
}

// By who sent it. Many notices have the null sender, and few else have.
bool IsOfAMailSystem(GMimeMessage* message) {
  static constexpr std::string_view kSystems[] = {"daemon",      "postmaster", "mail delivery",
                                                  "mail system", "mailsystem", "delivery",
                                                  "bounce",      "exchange",   "microsoft outlook"};
  return NamesOneOf(DecodeWords(std::string(HeaderOf(message, "From"))), kSystems) ||
         HeaderOf(message, "Return-Path") == "<>";
}

// A vacation program's, not a mail system's.
bool IsAutomaticReply(GMimeMessage* message) {
  static constexpr std::string_view kSystems[] = {"mailer-daemon", "postmaster@", "mail delivery"};
  if (NamesOneOf(HeaderOf(message, "From"), kSystems)) return false;
  return StartsWithNoCase(HeaderOf(message, "Auto-Submitted"), "auto-replied") ||
         StartsWithNoCase(HeaderOf(message, "Precedence"), "auto_reply") ||
         !HeaderOf(message, "X-Autoreply").empty() || !HeaderOf(message, "X-Autorespond").empty();
}

// One line of Apple Mail's .emlx, which counts the bytes.
std::string_view WithoutCount(std::string_view bytes) {
  std::string_view rest = bytes;
  const std::string_view line = Strip(TakeLine(rest));
  return line.size() < 10 && AllDigits(line) && StartsWithHeaders(rest) ? rest : bytes;
}

}  // namespace

bool StartsWithHeaders(std::string_view bytes) {
  std::size_t known = 0;
  while (!bytes.empty()) {
    const std::string_view line = TakeLine(bytes);
    if (line.empty()) break;
    if (line[0] == ' ' || line[0] == '\t') continue;
    const std::string_view name = HeaderName(line);
    if (name.empty()) return false;
    if (IsMailHeader(name)) ++known;
  }
  return known >= 2;
}

bool LooksLikeMail(std::string_view bytes) {
  bytes = WithoutCount(WithoutLeadingBlankLines(bytes));
  std::string_view rest = bytes;
  if (IsMboxLine(TakeLine(rest))) return StartsWithHeaders(rest);
  return StartsWithHeaders(bytes) || !BoundaryOf(bytes).empty();
}

MailText ReadMail(std::string_view bytes) {
  Start();
  std::string whole(WithoutCount(WithoutLeadingBlankLines(bytes)));
  if (!StartsWithHeaders(whole) && !whole.starts_with("From ")) {
    const std::string boundary(BoundaryOf(whole));
    if (!boundary.empty())
      whole.insert(0, "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n");
  }
  MailText mail;
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(whole.data(), whole.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  if (whole.starts_with("From ")) g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MBOX);
  GMimeMessage* const parsed = g_mime_parser_construct_message(parser.get(), nullptr);
  if (parsed == nullptr) return mail;
  const Owned<GMimeMessage> message(parsed);
  mail.subject = ToUtf8(View(g_mime_message_get_subject(message.get())));
  mail.failed_recipients =
      ToUtf8(View(g_mime_object_get_header(GMIME_OBJECT(message.get()), "X-Failed-Recipients")));
  GMimeObject* const top = g_mime_message_get_mime_part(message.get());
  if (top != nullptr)
    mail.report_type = ToUtf8(View(g_mime_object_get_content_type_parameter(top, "report-type")));
  mail.from_mail_system = IsOfAMailSystem(message.get());
  mail.automatic_reply = mail.failed_recipients.empty() && IsAutomaticReply(message.get());
  PartReader(mail).Read(g_mime_message_get_mime_part(message.get()), 0);
  return mail;
}

bool IsNestedTooDeep(const MailText& mail, int depth) {
  if (mail.too_deep || (depth == kMostForwards && !mail.enclosed.empty())) return true;
  return std::ranges::any_of(mail.enclosed, [depth](const std::string& enclosed) {
    return IsNestedTooDeep(ReadMail(enclosed), depth + 1);
  });
}

std::string DecodeWords(const std::string& line) {
  if (line.find("=?") == kNotFound) return line;
  Start();
  const OwnedText text(g_mime_utils_header_decode_text(nullptr, line.c_str()));
  return Unfold(ToPlainText(View(text.get())));  // they may hold line ends and controls
}

}  // namespace bouncesight
