// The same reply has the same cause, codes and list however it reached us. Every example of every
// rule that is a reply is put into forms: the frames of MTAs and notices, folds, case, quotes,
// exceptions of programs, ids at its end.
#include <cctype>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

struct Form {
  const char* name;
  std::function<std::string(const std::string&)> make;
  // How many of a thousand examples may come out otherwise, and why.
  int others_in_a_thousand = 0;
  const char* why = "";
  bool codes = true;  // false: the reader of bare texts finds no code behind these words
};

std::string Mapped(std::string text, int (*map)(int)) {
  for (char& c : text) {
    if ((c & 0x80) == 0) c = static_cast<char>(map(c));
  }
  return text;
}

// As Postfix folds a notice: at blanks, before column 79, four blanks in front.
std::string Folded(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column != 0 && column + 1 + end - at > 78) {
      out += "\n   ";
      column = 3;
    }
    if (at != 0) {
      out += ' ';
      ++column;
    }
    out.append(text, at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

Form Around(const char* name, std::string before, std::string after = "", int others = 0,
            const char* why = "", bool codes = true) {
  return {name,
          [before = std::move(before), after = std::move(after)](const std::string& reply) {
            return before + reply + after;
          },
          others, why, codes};
}

constexpr const char* kUpper =
    "words outside ASCII have no case here, and an id in capitals is a word";
constexpr const char* kQuote = "a reply that ends in a quote or bracket of its own loses it";
constexpr const char* kPhase = "a rule that asks for a phase sees the one that the frame names";
constexpr const char* kNoCode =
    "no code is found behind this, so that rules that ask for one do not hold";
constexpr const char* kEnd =
    "a pattern that ends at the end of the reply does not hold before an id";

std::vector<Form> Forms() {
  const std::string host = "host mx1.example.org[192.0.2.25] ";
  const std::string to = "<ann@example.net>: ";
  return {
      Around("Postfix, RCPT", host + "said: ", " (in reply to RCPT TO command)", 4, kPhase),
      Around("Postfix, DATA", host + "said: ", " (in reply to DATA command)", 4, kPhase),
      Around("Postfix, end of DATA", host + "said: ", " (in reply to end of DATA command)", 4,
             kPhase),
      Around("Postfix, greeting", host + "refused to talk to me: ", "", 4, kPhase),
      Around("Postfix, suspended", "delivery temporarily suspended: " + host + "said: ",
             " (in reply to RCPT TO command)", 4, kPhase),
      Around("Postfix notice", to + host + "said: ", " (in reply to RCPT TO command)", 4, kPhase),
      Around("Exim, RCPT",
             "SMTP error from remote mail server after RCPT TO:<ann@example.net>: ", "", 6, kPhase),
      Around("Exim, end of data", "SMTP error from remote mail server after end of data: ", "", 6,
             kPhase),
      Around("Exim, pipelined",
             "SMTP error from remote mail server after pipelined end of data: ", "", 6, kPhase),
      Around("Sendmail",
             "... while talking to mx1.example.org.:\n>>> RCPT To:<ann@example.net>\n<<< ", "", 6,
             kPhase),
      Around("qmail, recipient", "192.0.2.25 does not like recipient.\nRemote host said: ",
             "\nGiving up on 192.0.2.25.", 8, kPhase),
      Around("qmail, message",
             "192.0.2.25 failed after I sent the message.\nRemote host said: ", "", 8, kPhase),
      Around("Outlook", "Remote Server returned '", "'", 8, kQuote),
      Around("Gmail", "The response from the remote server was:\n", "", 80, kNoCode, false),
      Around("Coremail", "The message to ann@example.net is bounced because : ", "", 6, kPhase),
      Around("Coremail, stage",
             "The message to ann@example.net is bounced because : SMTP error, RCPT TO: ", "", 6,
             kPhase),
      Around("delivery status", "Diagnostic-Code: smtp; ", "", 6, kPhase),
      Around("diagnostic", "smtp; ", "", 12, kPhase, false),
      Around("double quotes", "\"", "\"", 80, kNoCode, false),
      Around("Node", "Error: Can't send mail - all recipients were rejected: ", "", 12, kPhase,
             false),
      Around("Java", "com.sun.mail.smtp.SMTPAddressFailedException: ", "", 12, kPhase, false),
      Around("end of line", "", "\r\n"),
      Around("session id", "", " [a1b2c3d4e5f6a7b8]", 25, kEnd),
      Around("queue id", "", " (4Xq2Zf1b7Gz9rX3)", 25, kEnd),
      Around("blanks around", "  ", "  ", 2, kQuote),
      {"two blanks", [](const std::string& reply) { return Replaced(reply, " ", "  "); }, 8,
       kQuote},
      {"capitals", [](const std::string& reply) { return Mapped(reply, std::toupper); }, 60,
       kUpper},
      {"small letters", [](const std::string& reply) { return Mapped(reply, std::tolower); }, 40,
       kUpper},
      {"folded notice",
       [=](const std::string& reply) {
         return Folded(to + host + "said: " + reply + " (in reply to RCPT TO command)");
       },
       8, kPhase},
      {"escaped line end", [](const std::string& reply) { return reply + "\\n"; }, 2, kEnd},
  };
}

struct Seen {
  CauseId cause;
  std::uint16_t code;
  EnhancedCode enhanced;
  std::string list;

  friend bool operator==(const Seen&, const Seen&) = default;
};

Seen Look(Classifier& classifier, const std::string& text) {
  const Reason reason = ParseReason(text);
  const Verdict verdict = classifier.Classify({reason.reply, "", "", ""});
  return {verdict.cause, reason.reply.code, reason.reply.enhanced, std::string(verdict.blocklist)};
}

// Replies as a server sends them, one line; rules that ask who speaks or where are left out, since
// a frame answers that.
std::vector<std::string> Replies(const RuleSet& rules) {
  std::vector<std::string> replies;
  for (const Rule& rule : rules.rules()) {
    if (!rule.when.phases.empty() || !rule.when.providers.empty() ||
        rule.when.origin != Origin::kUnknown) {
      continue;
    }
    for (const std::string& example : rule.examples) {
      const bool coded = example.size() > 4 && (example[0] == '4' || example[0] == '5') &&
                         std::isdigit(example[1]) != 0 && std::isdigit(example[2]) != 0 &&
                         example[3] == ' ';
      if (coded && example.find('\n') == std::string::npos) replies.push_back(example);
    }
  }
  return replies;
}

TEST(Invariance, TheSameReplyHasTheSameCauseCodesAndListInEveryForm) {
  const auto rules = ShippedRules();
  Classifier classifier(rules);
  const std::vector<std::string> replies = Replies(*rules);
  ASSERT_GT(replies.size(), 1000U);
  const std::vector<Form> forms = Forms();
  ASSERT_GE(forms.size(), 25U);
  for (const Form& form : forms) {
    std::size_t others = 0;
    std::string shown;
    for (const std::string& reply : replies) {
      const Seen plain = Look(classifier, reply);
      const Seen seen = Look(classifier, form.make(reply));
      if (form.codes ? seen == plain : seen.cause == plain.cause && seen.list == plain.list) {
        continue;
      }
      if (++others <= 12) {
        shown += "\n  " + std::string(rules->cause_name(plain.cause)) + " " +
                 std::to_string(plain.code) + " -> " + std::string(rules->cause_name(seen.cause)) +
                 " " + std::to_string(seen.code) + ": " + reply;
      }
    }
    EXPECT_LE(others * 1000, static_cast<std::size_t>(form.others_in_a_thousand) * replies.size())
        << form.name << ": " << others << " of " << replies.size() << " differ (" << form.why << ")"
        << shown;
  }
}

}  // namespace
}  // namespace bouncesight
