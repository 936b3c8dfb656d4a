// Looks for the text that costs most for each byte of it, reader by reader: what a stranger who
// chooses what is logged could do to the daemon. It climbs: the costliest texts so far are cut,
// doubled and mixed, and what costs more stays.
//
//   denial_search [SECONDS [READER]]    for each reader, or for one; prints the worst against
//                                       ordinary text, and the text
//
// Time is the processor's of this thread, the least of several runs; a busy machine adds noise, not
// much more.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "daemon/batch/explainer.h"
#include "metrics/pump.h"
#include "parsers/mta/format_reader.h"
#include "parsers/reason/reason.h"
#include "rules/classifier.h"

namespace bouncesight {
namespace {

constexpr std::size_t kLongest = 16 * 1024;
// A line of a few bytes costs what a line costs; nobody gets far with those.
constexpr std::size_t kShortest = 100;

std::int64_t Now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

struct Reader {
  const char* name;
  std::function<void(std::string_view)> read;
  std::vector<std::string> ordinary;
};

double CostOf(const Reader& reader, const std::string& text) {
  constexpr int kRuns = 4;
  std::int64_t best = INT64_MAX;
  for (int run = 0; run < kRuns; ++run) {
    const std::int64_t begun = Now();
    reader.read(text);
    best = std::min(best, Now() - begun);
  }
  return static_cast<double>(best) / static_cast<double>(std::max(text.size(), kShortest));
}

class Search {
 public:
  explicit Search(const Reader& reader) : reader_(reader) {
    reader_.read(reader_.ordinary.front());  // its memory grows once
    double sum = 0;
    for (const std::string& text : reader_.ordinary) {
      best_.push_back({CostOf(reader_, text), text});
      sum += best_.back().cost;
    }
    usual_ = sum / static_cast<double>(best_.size());
  }

  void Run(int seconds) {
    const std::int64_t end = Now() + std::int64_t{seconds} * 1'000'000'000;
    while (Now() < end) Try(Mutated());
  }

  void Print() {
    for (Found& found : best_) found.cost = CostOf(reader_, found.text);  // once more, in peace
    std::ranges::sort(best_, std::ranges::greater(), &Found::cost);
    const Found& worst = best_.front();
    std::printf("%-12s %6.1f ns a byte usually, %7.1f at worst: %5.1f times; %zu bytes: ",
                reader_.name, usual_, worst.cost, worst.cost / usual_, worst.text.size());
    constexpr std::size_t kShown = 160;
    for (const char c : worst.text.substr(0, kShown)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte < 0x7f) {
        std::putchar(c);
      } else {
        std::printf("\\x%02x", byte);
      }
    }
    std::putchar('\n');
    std::fflush(stdout);
  }

 private:
  struct Found {
    double cost;
    std::string text;
  };

  std::size_t Pick(std::size_t below) { return below == 0 ? 0 : random_() % below; }

  std::string Piece(const std::string& text) {
    const std::size_t begin = Pick(text.size());
    return text.substr(begin, 1 + Pick(std::min<std::size_t>(text.size() - begin, 48)));
  }

  std::string Mutated() {
    std::string text = best_[Pick(best_.size())].text;
    const std::string& other = best_[Pick(best_.size())].text;
    const std::size_t at = Pick(text.size() + 1);
    switch (Pick(6)) {
      case 0:
        text.insert(at, Piece(other));
        break;
      case 1: {  // the same over and over
        const std::string piece = Piece(text);
        const std::size_t times = 1 + Pick(400);
        for (std::size_t i = 0; i < times && text.size() < kLongest; ++i) text.insert(at, piece);
        break;
      }
      case 2:
        text.erase(at, 1 + Pick(64));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(Pick(256));
        break;
      case 4:
        text.insert(at, 1 + Pick(8), " <>()[]@.,:;=\"'\\{}/-0aA\n\xe4\xff"[Pick(27)]);
        break;
      default:
        text.resize(at);
        text += other.substr(Pick(other.size()));
    }
    if (text.empty()) text = " ";
    text.resize(std::min(text.size(), kLongest));
    return text;
  }

  void Try(std::string text) {
    constexpr std::size_t kKept = 24;
    const double cost = CostOf(reader_, text);
    if (best_.size() >= kKept) {
      const auto least = std::ranges::min_element(best_, {}, &Found::cost);
      if (cost <= least->cost) return;
      best_.erase(least);
    }
    best_.push_back({cost, std::move(text)});
  }

  const Reader& reader_;
  std::mt19937_64 random_{1};
  std::vector<Found> best_;
  double usual_ = 0;
};

std::string Postfix(const std::string& status) {
  return "Nov 21 16:49:30 mx postfix/smtp[1]: 2DC5552A34: to=<ann@example.net>, "
         "relay=mx.example.net[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=" +
         status;
}

const char* const kReplies[] = {
    "550 5.1.1 <ann@example.net>: no such user here",
    "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using dnsbl.example.net",
    "451 4.7.1 Greylisting in action, please come back in 00:05:00",
    "552 5.2.2 Mailbox is full, see https://postmaster.example.org/errors?code=7",
};

struct OrdinaryLines {
  const char* format;
  std::vector<std::string> lines;
};

std::vector<OrdinaryLines> LinesOfFormats() {
  return {
      {"postfix",
       {Postfix("bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 no such user (in reply to "
                "RCPT TO command))"),
        Postfix("sent (250 2.0.0 Ok: queued as 4ABC)"),
        "Nov 21 16:49:30 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 "
        "<a@example.net>: Relay access denied; from=<b@example.org> to=<a@example.net>"}},
      {"exim",
       {"2026-11-21 16:55:53 1xUoNV-00005S-1i ** ann@example.net R=dns T=smtp H=mx.example.net "
        "[192.0.2.1]: SMTP error from remote mail server after RCPT TO: 550 no such user",
        "2026-11-21 16:55:53 1xUoNV-00005S-1i => ann@example.net R=dns T=smtp C=\"250 OK\""}},
      {"coremail",
       {"T:77(08:09:10)[da:Info] AQ.1-2:subject=a, b,from=<>,to=<ann@example.com>,channel=remote,"
        "state=defer SMTP error, RCPT TO: Host example.com(192.0.2.7) RCPT TO said 451 4.7.1 "
        "later"}},
      {"sendmail",
       {"Nov 21 16:49:30 mx sendmail[1]: jB4JCnPo019367: to=<ann@example.net>, delay=00:00:01, "
        "mailer=esmtp, relay=mx.example.net. [192.0.2.1], dsn=5.1.1, stat=User unknown"}},
      {"qmail",
       {"@40000000419f13a508f3214c delivery 5: failure: 192.0.2.1_does_not_like_recipient./"
        "Remote_host_said:_550_no_such_user/Giving_up_on_192.0.2.1./"}},
      {"opensmtpd",
       {"Nov 21 16:49:30 mx smtpd[1]: 6b3a6c195c1f6010 mta event=delivery evpid=8f26ea98359eccea "
        "from=<> to=<ann@example.com> rcpt=<-> source=\"192.0.2.1\" relay=\"192.0.2.9 "
        "(mx.example.com)\" delay=1m2s result=\"TempFail\" stat=\"421 busy\""}},
      {"haraka",
       {"2026-11-21T16:49:30.123Z [NOTICE] [9C4C-58.1.1] [outbound] recipient <ann@example.com> "
        "deferred: 450 4.7.1 wait"}},
      {"zonemta",
       {"info Sender/default/77 id=18cd.001 DEFERRED[greylist] from=<> to=<ann@example.com> "
        "mx=mx.example.com[192.0.2.9] (450 4.7.1 wait)"}},
      {"json",
       {R"({"log":"Nov 21 16:49:30 mx postfix/smtp[1]: 4A: to=<a@example.net>, status=sent (250 ok)\n","stream":"stdout","time":"2026-11-21T16:49:30Z"})",
        R"({"type":"Bounce","id":"1","sender":"a@example.com","recipient":"b@example.net","response":{"code":550,"content":"no such user"}})"}},
  };
}

// A reply and a line as nobody has sent them before: what is remembered costs less.
std::string Fresh(std::string_view text) {
  static std::uint64_t number = 0;
  std::string fresh(text);
  for (std::uint64_t left = ++number; left > 0; left /= 26) {
    fresh += static_cast<char>('a' + left % 26);
  }
  return fresh;
}

// All that `serve` does with a line, from bytes to counters.
void CountLine(const std::shared_ptr<const RuleSet>& rules, std::string_view text) {
  static Classifier classifier(rules);
  static MessageJoin join;
  static Tally tally(NamesOf(*rules));
  static Pump pump("mail");
  pump.Feed(Fresh(text) + ")\n", CountingContext{classifier, join, tally});
}

std::vector<Reader> Readers(const std::shared_ptr<const RuleSet>& rules) {
  static FormatReader lines;
  static Classifier classifier(rules);
  static Explainer explainer(rules);
  const auto parse = [](std::string_view text) { lines.Parse(text); };
  const auto classify = [](std::string_view text) {
    const std::string fresh = Fresh(text);
    const Reason reason = ParseReason(fresh);
    classifier.Classify({reason.reply, reason.remote_host, reason.remote_ip, ""});
  };
  const auto explain = [](std::string_view text) { explainer.ExplainText(text); };
  std::vector<Reader> readers;
  Reader counted{"counted", [rules](std::string_view text) { CountLine(rules, text); }, {}};
  for (const OrdinaryLines& of : LinesOfFormats()) {
    readers.push_back({of.format, parse, of.lines});
    counted.ordinary.push_back(of.lines.front());
  }
  readers.push_back(std::move(counted));
  readers.push_back({"classifier", classify, {std::begin(kReplies), std::end(kReplies)}});
  readers.push_back(
      {"explain",
       explain,
       {kReplies[0], Postfix("bounced (550 5.1.1 no such user)"),
        "Subject: Undelivered Mail\nContent-Type: multipart/report; boundary=x\n\n--x\n\n"
        "<ann@example.net>: host mx said: 550 no such user\n\n--x\nContent-Type: "
        "message/delivery-status\n\nFinal-Recipient: rfc822; ann@example.net\nAction: failed\n"
        "Status: 5.1.1\n\n--x--\n",
        "<html><body><p>Your message to <b>ann@example.net</b> could not be delivered.</p>"
        "</body></html>"}});
  return readers;
}

}  // namespace
}  // namespace bouncesight

int main(int argc, char** argv) {
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 20;
  const auto rules = bouncesight::RuleSet::Load(bouncesight::EmbeddedSources());
  if (!rules) return 1;
  for (const auto& reader : bouncesight::Readers(*rules)) {
    if (argc > 2 && std::string_view(argv[2]) != reader.name) continue;
    bouncesight::Search search(reader);
    search.Run(seconds);
    search.Print();
  }
}
