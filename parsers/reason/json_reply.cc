#include "parsers/reason/json_reply.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <simdjson.h>

#include "parsers/reason/reason.h"
#include "parsers/reason/unfold.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr int kMostJsonDepth = 8;
constexpr std::size_t kLongestWords = 4000;  // more is a message, and no reply

// Keys in small letters, without the signs that part their words. Of words, those of the remote
// host come first, those of the service last.
constexpr std::string_view kWordKeys[] = {
    "diagnosticcode", "diagnostic", "diag",         "rawreason",        "smtpresponse",
    "smtpreply",      "response",   "reply",        "reason",           "details",
    "detail",         "message",    "errormessage", "description",      "error",
    "statusmessage",  "text",       "comment",      "bouncedescription"};
constexpr std::string_view kCodeKeys[] = {
    "code",   "smtpcode",   "errorcode",    "statuscode", "replycode",
    "status", "smtpstatus", "responsecode", "bouncecode", "smtperrorcode"};
constexpr std::string_view kEnhancedKeys[] = {"status",       "enhancedcode", "enhancedstatuscode",
                                              "smtpenhanced", "dsn",          "statuscode"};
constexpr std::string_view kEventKeys[] = {"event",     "type",  "recordtype", "notificationtype",
                                           "eventtype", "state", "action",     "status"};
// Whatever they say, it is not why mail failed.
constexpr std::string_view kOtherKeys[] = {"subject", "from", "sender", "useragent", "url", "name"};
constexpr std::string_view kTakenWords[] = {"delivered", "delivery", "send",   "sent",
                                            "processed", "accepted", "queued", "open",
                                            "opened",    "click",    "clicked"};
constexpr std::string_view kFailedWords[] = {
    "bounce",    "fail",    "reject",   "defer", "drop",    "block",   "error",
    "undeliver", "expired", "complain", "spam",  "delayed", "suppress"};

template <std::size_t kSize>
bool IsKnownKey(const std::string_view (&keys)[kSize], std::string_view key) {
  return std::ranges::find(keys, key) != std::end(keys);
}

std::string PlainKey(std::string_view key) {
  std::string plain;
  for (const char c : key) {
    if (c != '-' && c != '_' && c != ' ') plain += ToLower(c);
  }
  return plain;
}

// "5.1.1": all of `text`.
bool IsFailureCode(std::string_view text) {
  return text.size() >= 5 && text.size() <= 9 && (text[0] == '4' || text[0] == '5') &&
         text[1] == '.' && std::ranges::count(text, '.') == 2 &&
         std::ranges::all_of(text, [](char c) { return IsDigit(c) || c == '.'; });
}

std::uint16_t CodeIn(std::string_view text) {
  if (text.size() != 3 || !AllDigits(text)) return 0;
  return static_cast<std::uint16_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0');
}

// Everything that the object tells, by the rank of its key.
class JsonFacts {
 public:
  void Look(simdjson::dom::element element, const std::string& key, int depth) {
    std::string_view text;
    std::int64_t number = 0;
    simdjson::dom::array list;
    simdjson::dom::object object;
    if (element.get(text) == simdjson::SUCCESS) {
      TakeText(key, text);
    } else if (element.get(number) == simdjson::SUCCESS) {
      if (IsKnownKey(kCodeKeys, key) && number >= 200 && number <= 599)
        TakeCode(static_cast<std::uint16_t>(number));
    } else if (depth == kMostJsonDepth) {
      return;
    } else if (element.get(list) == simdjson::SUCCESS) {
      for (const simdjson::dom::element one : list) Look(one, key, depth + 1);
    } else if (element.get(object) == simdjson::SUCCESS) {
      for (const auto& field : object) Look(field.value, PlainKey(field.key), depth + 1);
    }
  }

  std::optional<JsonReply> Reply() const {
    for (const std::string& words : words_) {
      if (HasCode(words)) return JsonReply{words};
    }
    const auto any =
        std::ranges::find_if(words_, [](const std::string& one) { return !one.empty(); });
    if (any != words_.end() && (code_ >= 400 || !enhanced_.empty()))
      return JsonReply{Codes(*any) + *any};
    if (!other_.empty()) return JsonReply{other_};
    const bool delivered = (taken_ || code_ / 100 == 2) && !failed_ && enhanced_.empty();
    if (delivered && code_ < 400) return JsonReply{{}, true};
    return std::nullopt;
  }

 private:
  static bool HasCode(std::string_view words) {
    return !words.empty() && ParseReason(words).reply.code >= 400;
  }

  void TakeCode(std::uint16_t code) { code_ = std::max(code_, code); }

  void TakeText(const std::string& key, std::string_view text) {
    text = Strip(text);
    if (text.empty() || text.size() > kLongestWords) return;
    if (IsKnownKey(kEventKeys, key)) TakeEvent(text);
    if (IsKnownKey(kEnhancedKeys, key) && IsFailureCode(text)) {
      enhanced_ = text;
    } else if (const std::uint16_t code = CodeIn(text); code != 0) {
      if (IsKnownKey(kCodeKeys, key) && code >= 200 && code <= 599) TakeCode(code);
    } else if (const auto* const rank = std::ranges::find(kWordKeys, key);
               rank != std::end(kWordKeys)) {
      std::string& words = words_[static_cast<std::size_t>(rank - std::begin(kWordKeys))];
      if (words.empty() || (!HasCode(words) && HasCode(Unfold(text)))) words = Unfold(text);
    } else if (other_.empty() && !IsKnownKey(kOtherKeys, key) && HasCode(Unfold(text))) {
      other_ = Unfold(text);
    }
  }

  // "Delivery", "email.delivered".
  void TakeEvent(std::string_view text) {
    const std::string word = PlainKey(text.substr(text.rfind('.') + 1));
    taken_ = taken_ || IsKnownKey(kTakenWords, word);
    failed_ = failed_ || std::ranges::any_of(kFailedWords, [&word](std::string_view one) {
                return word.find(one) != kNotFound;
              });
  }

  // Of those that the words do not begin with.
  std::string Codes(std::string_view words) const {
    std::string codes;
    if (code_ >= 400) codes = std::to_string(code_) + " ";
    const bool begins = words.size() > 2 && IsDigit(words[0]) && words[1] == '.';
    return begins || enhanced_.empty() ? codes : codes + enhanced_ + " ";
  }

  std::array<std::string, std::size(kWordKeys)> words_;
  std::string other_;  // words with a code under a key that is not known
  std::string enhanced_;
  std::uint16_t code_ = 0;
  bool taken_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<JsonReply> ReplyInJson(std::string_view text) {
  text = Strip(text);
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  JsonFacts facts;
  facts.Look(root, {}, 0);
  return facts.Reply();
}

}  // namespace bouncesight
