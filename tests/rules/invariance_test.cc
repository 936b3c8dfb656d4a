// The same reply has the same cause, codes, list, listed address and recipient however it reached
// us. Every example of every rule that is a reply is put into forms: the frames of MTAs and
// notices, folds, case, quotes, mail in base64 and quoted-printable, GBK, HTML, exceptions of
// programs, the prefix of a filter, ids at its end.
#include <cctype>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parsers/reason/failure_report.h"
#include "tests/rules/reply_encodings.h"
#include "tests/rules/rule_fixture.h"

namespace bouncesight {
namespace {

struct Form {
  const char* name;
  std::function<std::string(const std::string&)> make;
  // How many of a thousand examples may come out otherwise, and why.
  int others_in_a_thousand = 0;
  const char* why = "";
  bool codes = true;           // false: the reader of bare texts finds no code behind these words
  bool whole = false;          // a text for the reader of bounces, not a reason of a log line
  const char* recipient = "";  // whom it names; empty: nobody but whom the reply names
};

constexpr const char* kAnn = "ann@example.net";

Form Whole(Form form, const char* recipient = "") {
  form.whole = true;
  form.recipient = recipient;
  return form;
}

Form To(Form form) {
  form.recipient = kAnn;
  return form;
}

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
constexpr const char* kHash =
    "a number before '#5.1.0', or in front of what has a code of its own, is not taken for the "
    "code";
constexpr const char* kOuter = "the code, or the recipient, is the one that the outer words name";
constexpr const char* kKana = "what is mostly kana is guessed to be of another charset";
constexpr const char* kEnd =
    "a pattern that ends at the end of the reply does not hold before an id";

// Long because: a table, one form after another.
std::vector<Form> Forms() {
  const std::string host = "host mx1.example.org[192.0.2.25] ";
  const std::string to = "<ann@example.net>: ";
  const std::string said = host + "said: ";
  return {
      Around("Postfix, RCPT", host + "said: ", " (in reply to RCPT TO command)", 4, kPhase),
      Around("Postfix, DATA", host + "said: ", " (in reply to DATA command)", 4, kPhase),
      Around("Postfix, end of DATA", host + "said: ", " (in reply to end of DATA command)", 4,
             kPhase),
      Around("Postfix, greeting", host + "refused to talk to me: ", "", 4, kPhase),
      Around("Postfix, suspended", "delivery temporarily suspended: " + host + "said: ",
             " (in reply to RCPT TO command)", 4, kPhase),
      To(Around("Postfix notice", to + host + "said: ", " (in reply to RCPT TO command)", 4,
                kPhase)),
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
      To(Around("Coremail", "The message to ann@example.net is bounced because : ", "", 6, kPhase)),
      To(Around("Coremail, stage",
                "The message to ann@example.net is bounced because : SMTP error, RCPT TO: ", "", 6,
                kPhase)),
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
      To({"folded notice",
          [=](const std::string& reply) {
            return Folded(to + host + "said: " + reply + " (in reply to RCPT TO command)");
          },
          8, kPhase}),
      {"escaped line end", [](const std::string& reply) { return reply + "\\n"; }, 2, kEnd},
      Whole({"HTML",
             [=](const std::string& reply) {
               return "<html><body><p>" + InHtml(to + said + reply) + "</p></body></html>";
             },
             10, kPhase},
            kAnn),
      Whole({"HTML escapes", [=](const std::string& reply) { return InHtml(to + said + reply); },
             10, kPhase},
            kAnn),
      Whole({"base64",
             [=](const std::string& reply) {
               return AsMail("utf-8", "base64", InBase64(Folded(to + said + reply)));
             },
             10, kPhase},
            kAnn),
      Whole({"quoted-printable",
             [=](const std::string& reply) {
               return AsMail("utf-8", "quoted-printable",
                             InQuotedPrintable(Folded(to + said + reply)));
             },
             10, kPhase},
            kAnn),
      Whole({"GBK",
             [](const std::string& reply) {
               const std::string whole =
                   "您发送到 ann@example.net 的邮件由于以下原因被退回 : " + reply;
               return InCharset(whole, "GBK");
             },
             45, kKana},
            kAnn),
      Whole({"GBK mail",
             [=](const std::string& reply) {
               const std::string bytes = InCharset("退信通知\n\n" + to + said + reply, "GBK");
               return bytes.empty() ? "" : AsMail("gb2312", "base64", InBase64(bytes));
             },
             10, kPhase},
            kAnn),
      To({"Python, recipients",
          [](const std::string& reply) {
            const std::string bytes = InPythonBytes(reply.substr(4));
            return bytes.empty() ? ""
                                 : "smtplib.SMTPRecipientsRefused: {'ann@example.net': (" +
                                       reply.substr(0, 3) + ", " + bytes + ")}";
          },
          20, kHash}),
      {"Python, data",
       [](const std::string& reply) {
         const std::string bytes = InPythonBytes(reply.substr(4));
         return bytes.empty()
                    ? ""
                    : "smtplib.SMTPDataError: (" + reply.substr(0, 3) + ", " + bytes + ")";
       },
       20, kHash},
      {"Symfony",
       [](const std::string& reply) {
         return "Symfony\\Component\\Mailer\\Exception\\UnexpectedResponseException: Expected "
                "response code \"250/251/252\" but got code \"" +
                reply.substr(0, 3) + "\", with message \"" + reply + "\".";
       },
       20, kHash},
      Around("PHPMailer", "SMTP Error: The following recipients failed: ann@example.net: ", "", 10,
             kOuter, false),
      {"PHPMailer, DATA",
       [](const std::string& reply) {
         return "SMTP Error: data not accepted.SMTP server error: DATA END command failed "
                "Detail: " +
                reply.substr(4) + " SMTP code: " + reply.substr(0, 3);
       },
       10, kPhase},
      Around("Ruby", "Net::SMTPFatalError: ", "\n", 10, kPhase),
      Around("Node, message", "Error: Message failed: ", "", 10, kPhase),
      Around("Go", "gomail: could not send email 1: ", "", 10, kPhase),
      Around("Java, nested",
             "javax.mail.SendFailedException: Invalid Addresses;\n  nested exception is:\n"
             "\tcom.sun.mail.smtp.SMTPAddressFailedException: ",
             "", 10, kPhase),
      Around(
          "a filter's next hop",
          "id=01234-05 - Rejected by next-hop MTA on relaying, from MTA(smtp:[127.0.0.1]:10025): ",
          "", 10, kPhase),
      Around("a filter's prefix", host + "said: 550 5.1.0 Mail server at 192.0.2.26 said: ", "", 60,
             kOuter, false),
  };
}

struct Seen {
  CauseId cause = CauseId::kUnclassified;
  std::uint16_t code = 0;
  EnhancedCode enhanced;
  std::string list;
  std::string listed;
  std::string recipient;

  friend bool operator==(const Seen&, const Seen&) = default;
};

Seen Judge(Classifier& classifier, const Reason& reason) {
  const Verdict verdict = classifier.Classify({reason.reply, "", reason.remote_ip, ""});
  return {verdict.cause,
          reason.reply.code,
          reason.reply.enhanced,
          std::string(verdict.blocklist),
          std::string(verdict.listed_ip),
          std::string(reason.recipient)};
}

Seen Look(Classifier& classifier, const std::string& text) {
  return Judge(classifier, ParseReason(text));
}

// A bounce must tell of one recipient.
Seen LookAtBounce(Classifier& classifier, const std::string& bytes) {
  const std::vector<ReportedFailure> failures = ReadFailures(bytes);
  if (failures.size() != 1) return {};
  Reason reason = ParseReason(failures.front().words);
  if (!failures.front().recipient.empty()) reason.recipient = failures.front().recipient;
  return Judge(classifier, reason);
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

// What the form must show, by what the bare reply does.
Seen Expected(const Form& form, Seen plain) {
  if (*form.recipient != '\0') plain.recipient = form.recipient;
  return plain;
}

bool Holds(const Form& form, const Seen& seen, const Seen& expected) {
  return form.codes ? seen == expected : seen.cause == expected.cause && seen.list == expected.list;
}

std::string Difference(const RuleSet& rules, const Seen& plain, const Seen& seen) {
  const auto text = [&rules](const Seen& one) {
    EnhancedCodeText buffer;
    return std::string(rules.cause_name(one.cause)) + " " + std::to_string(one.code) + " " +
           std::string(FormatEnhancedCode(one.enhanced, buffer)) + " " + one.list + " " +
           one.listed + " " + one.recipient;
  };
  return text(plain) + " -> " + text(seen);
}

TEST(Invariance, TheSameReplyHasTheSameCauseCodesAndListInEveryForm) {
  const auto rules = ShippedRules();
  Classifier classifier(rules);
  const std::vector<std::string> replies = Replies(*rules);
  ASSERT_GT(replies.size(), 1000U);
  const std::vector<Form> forms = Forms();
  ASSERT_GE(forms.size(), 45U);
  std::size_t all = 0;
  std::size_t all_others = 0;
  for (const Form& form : forms) {
    std::size_t others = 0;
    std::size_t made = 0;
    std::string shown;
    for (const std::string& reply : replies) {
      const std::string text = form.make(reply);
      if (text.empty()) continue;  // the form cannot hold this reply
      ++made;
      const Seen plain = Expected(form, Look(classifier, reply));
      const Seen seen = form.whole ? LookAtBounce(classifier, text) : Look(classifier, text);
      if (Holds(form, seen, plain)) continue;
      if (++others <= 12) shown += "\n  " + Difference(*rules, plain, seen) + ": " + reply;
    }
    EXPECT_GT(made, 800U) << form.name;
    EXPECT_LE(others * 1000, static_cast<std::size_t>(form.others_in_a_thousand) * made)
        << form.name << ": " << others << " of " << made << " differ (" << form.why << ")" << shown;
    all += made;
    all_others += others;
  }
  RecordProperty("texts", std::to_string(all));
  RecordProperty("differences", std::to_string(all_others));
}

}  // namespace
}  // namespace bouncesight
