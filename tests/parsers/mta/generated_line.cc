#include "tests/parsers/mta/generated_line.h"

#include <algorithm>

#include "tests/parsers/mta/line_forms.h"
#include "tests/parsers/mta/wrappers.h"

namespace bouncesight {

GeneratedLine LineGenerator::Next() {
  if (Below(3) == 0) return {"exim", EximMessage()};
  return {std::string(OneOf({"postfix/smtp", "postfix/lmtp", "postfix-out/smtp", "mail/smtp"})),
          PostfixMessage()};
}

GeneratedLine LineGenerator::NextNoise() {
  const std::string id = Id("0123456789ABCDEF", 5 + Below(8));
  const std::string client = "app" + std::to_string(Below(9)) + ".example.com[198.51.100." +
                             std::to_string(Below(256)) + "]";
  const std::string sender = Below(6) == 0 ? "" : Address();
  const std::vector<GeneratedLine> all = {
      {"postfix/smtpd", "connect from " + client},
      {"postfix/smtpd", "disconnect from " + client + " ehlo=1 mail=1 quit=1 commands=3"},
      {"postfix/smtpd", id + ": client=" + client},
      {"postfix/submission/smtpd",
       id + ": client=" + client + ", sasl_method=PLAIN, sasl_username=" + sender},
      {"postfix/smtpd",
       id + ": client=localhost[127.0.0.1], orig_queue_id=" + id + ", orig_client=" + client},
      {"postfix/pickup", id + ": uid=1000 from=<" + sender + ">"},
      {"postfix/cleanup", id + ": message-id=<" + id + ".7@example.com>"},
      {"postfix/qmgr", id + ": from=<" + sender + ">, size=" + std::to_string(Below(90000)) +
                           ", nrcpt=1 (queue active)"},
      {"postfix-out/qmgr", id + ": removed"},
      {"postfix/qmgr", id + ": from=<" + sender + ">, status=expired, returned to sender"},
      {"postfix/bounce", id + ": sender non-delivery notification: " + id},
      {"postfix/postsuper", id + ": placed on hold"},
      {"postfix/smtp", "connect to " + client + ":25: Connection timed out"},
      {"postfix/smtp",
       id + ": host " + client + " said: " + Reply() + " (in reply to RCPT TO command)"},
      {"postfix/smtp", id + ": lost connection with " + client + " while sending RCPT TO"},
      {"postfix/smtp",
       id + ": to=<" + sender +
           ">, relay=127.0.0.1[127.0.0.1]:10024, delay=1, "
           "delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 from MTA: Ok: queued as " +
           id + ")"},
      {"postfix/smtp", id + ": to=<" + sender + ">, relay=none, delay=1"},
      {"postfix/verify", id + ": to=<" + sender +
                             ">, relay=none, delay=1, delays=0/0/0/1, "
                             "dsn=2.0.0, status=deliverable (delivered)"},
      {"postfix/smtpd", "NOQUEUE: reject: RCPT from " + client + ": " + Reply() + "; from=<" +
                            sender + "> to=<" + Address() + "> proto=ESMTP helo=<pc>"},
      {"postfix/cleanup", id + ": milter-reject: END-OF-MESSAGE from " + client + ": 5.7.1 " +
                              Reply() + "; from=<" + sender + "> to=<" + Address() + ">"},
      {"postfix/smtpd", "warning: " + Reply()},
      {"postfix/smtp", "message repeated 3 times: [ " + PostfixMessage() + "]"},
      {"postfix/smtp", "mail: " + PostfixMessage()},
      {"postfix/cleanup", id + ": warning: header Subject: #015#012 #011x from " + client},
      {"postfix/smtp",
       id + ": to=<a" + std::string(OneOf({"#033[1m", "\xC3\xA4", "\x01", "#"})) +
           "b@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=5.1.1, "
           "status=bounced (" +
           Reply() + ")"},
      {"mail/qmgr", id + ": removed"},
      {"dovecot", "imap-login: Login: user=<ines>, method=PLAIN, rip=203.0.113.4"},
      {"systemd", "Starting logrotate.service - Rotate log files..."},
      {"exim", "2026-11-21 16:49:30 Start queue run: pid=4711"},
  };
  return all[Below(all.size())];
}

GeneratedLine LineGenerator::NextOfAnyFormat() {
  const LineForm& form = AllLineForms()[Below(AllLineForms().size())];
  return {std::string(form.program), Fill(form.text)};
}

std::string LineGenerator::Fill(std::string_view form) {
  std::string line;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '$') {
      line += Filling(form[++i]);
    } else {
      line += form[i];
    }
  }
  return line;
}

std::string LineGenerator::Filling(char place) {
  switch (place) {
    case 'q':
      return Id("0123456789ABCDEF", 5 + Below(8));
    case 'a':
      return Address();
    case 'h':
      return std::string(OneOf({"mx", "unknown", "m.example.com"})) + std::to_string(Below(9));
    case 'i':
      return Below(4) == 0 ? "2001:db8::" + std::to_string(Below(99))
                           : "192.0.2." + std::to_string(Below(256));
    case 'c':
      return std::to_string(400 + Below(200));
    case 'j': {
      const std::string quoted = JsonQuoted(Reply());
      return quoted.substr(1, quoted.size() - 2);
    }
    case 'u': {
      std::string reply = Reply();
      std::replace(reply.begin(), reply.end(), ' ', '_');
      return reply;
    }
    case 'r':
      return Reply();
    default:
      return std::to_string(Below(100'000));
  }
}

std::string LineGenerator::Id(std::string_view alphabet, std::size_t length) {
  std::string id;
  while (id.size() < length) id += alphabet[Below(alphabet.size())];
  return id;
}

std::string LineGenerator::Address() {
  const std::string domain =
      "@d" + std::to_string(Below(500)) + ".example." + std::string(OneOf({"com", "net", "org"}));
  const std::string user = "user" + std::to_string(Below(100000));
  switch (Below(8)) {
    case 0:
      return "\"" + user + " with blank\"" + domain;
    case 1:
      return "\xE7\x94\xA8\xE6\x88\xB7" + domain;
    case 2:
      return user + "+tag=x" + domain;
    default:
      return user + domain;
  }
}

std::string LineGenerator::Reply() {
  const std::string code(OneOf({"550 5.1.1", "452 4.2.2", "451 4.7.1", "554 5.7.1", "550", "421",
                                "552 4.2.2", "550 5.7.606"}));
  return code + " " +
         std::string(OneOf(
             {"no such user here", "mailbox full (over quota)", "greylisted, try \\ later",
              "\"quoted\", relay=evil, status=sent (fake)", "see https://example.org/why?a=1&b=2",
              "\xE7\x94\xA8\xE6\x88\xB7\xE4\xB8\x8D\xE5\xAD\x98\xE5\x9C\xA8",
              "\xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA", "R=r T=t: {\"json\": [1]} <a@b.example>",
              "550-5.1.1 twice 550 5.1.1 over"}));
}

std::string LineGenerator::PostfixMessage() {
  const std::string ip = "192.0.2." + std::to_string(Below(256));
  const std::string host = "mx" + std::to_string(Below(9)) + ".example.net[" + ip + "]";
  std::string line = Id("0123456789ABCDEF", 11) + ": to=<" + Address() + ">";
  if (Below(5) == 0) line += ", orig_to=<alias@example.org>";
  line += ", relay=" + host + ":25, delay=" + std::to_string(Below(9000) / 100.0) +
          ", delays=0/0.1/0.2/0.3";
  switch (Below(6)) {
    case 0:
      return line + ", dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as " +
             Id("0123456789ABCDEF", 10) + ")";
    case 1:
      return line + ", dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to " +
             host + ":25: Connection timed out)";
    case 2:
      return line + ", dsn=4.4.2, status=deferred (lost connection with " + host +
             " while sending RCPT TO)";
    default:
      return line +
             ", dsn=5.0.0, status=" + std::string(OneOf({"bounced", "deferred", "SOFTBOUNCE"})) +
             " (host " + host + " said: " + Reply() + " (in reply to " +
             std::string(OneOf({"MAIL FROM", "RCPT TO", "end of DATA"})) + " command))";
  }
}

std::string LineGenerator::EximMessage() {
  constexpr std::string_view kBase62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::string user = "user" + std::to_string(Below(100000)) + "@example.net";
  const std::string host = "H=mx.example.net [192.0.2." + std::to_string(Below(256)) + "]";
  const std::string head =
      "2026-11-21 16:49:30 1" + Id(kBase62, 5) + "-" + Id(kBase62, 6) + "-" + Id(kBase62, 2) + " ";
  const std::string said = ": SMTP error from remote mail server after RCPT TO:<" + user + ">: ";
  switch (Below(3)) {
    case 0:
      return head + "=> " + user + " R=dnslookup T=remote_smtp " + host + " C=\"250 OK\"";
    case 1:
      return head + "== " + user + " R=dnslookup T=remote_smtp defer (-44) " + host + said +
             Reply();
    default:
      return head + "** " + user + " R=dnslookup T=remote_smtp " + host + said + Reply();
  }
}

}  // namespace bouncesight
