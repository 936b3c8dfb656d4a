// How large a history gets, and how long it takes to answer: history_scale FILE [ROWS] writes ROWS
// failures (10 million) of 30 days into FILE and asks it. Run by hand; its figures are in
// HISTORY.md.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "daemon/history/history_reader.h"
#include "daemon/history/history_writer.h"
#include "metrics/moment.h"

using namespace bouncesight;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kNow = 1'795'867'000, kDay = 86400;
constexpr long kPerCommit = 1000;

double Milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

[[noreturn]] void Die(const Error& error) {
  std::puts(error.message.c_str());
  std::exit(1);
}

// One of 100,000 domains, few of which have most of the mail; of 500 senders; of 160,000 replies.
void Note(long number, std::int64_t time, std::mt19937_64& random, HistoryBatch& batch) {
  const double share = std::generate_canonical<double, 53>(random);
  const std::string domain =
      "d" + std::to_string(std::lround(std::exp(share * std::log(100'000.0)))) + ".example.net";
  const std::string queue_id = "4X" + std::to_string(10'000'000'000 + number);
  const std::string sender = "x@s" + std::to_string(random() % 500) + ".example";
  const auto letter = [&] { return static_cast<char>('a' + random() % 26); };
  const std::string reply = "550 5." + std::to_string(random() % 8) + "." +
                            std::to_string(random() % 30) + " <u@" + domain + ">: form " +
                            letter() + letter() + " is not known here";
  const std::string stamp = Rfc3339({time, 0});
  DeliveryEvent event;
  event.time = stamp;
  event.outcome = random() % 2 == 0 ? Outcome::kBounced : Outcome::kDeferred;
  event.host = random() % 2 == 0 ? "mx1" : "mx2";
  event.instance = "postfix";
  event.queue_id = queue_id;
  event.recipient_domain = domain;
  event.reply = ParseReply(reply);
  event.message.sender = sender;
  Verdict verdict;
  verdict.cause = static_cast<CauseId>(random() % kBuiltinCauseCount);
  batch.Note("mail", event, verdict);
}

void Fill(const std::string& path, long rows) {
  RealFileSystem fs;
  AddressVeil veil(AddressVeil::Mode::kHidden);
  auto writer = HistoryWriter::Open(fs, path, {}, veil);
  if (!writer) Die(writer.error());
  std::mt19937_64 random(1);
  const auto names = BuiltinNames();
  const auto began = Clock::now();
  std::uint64_t commit = 0;
  for (long done = 0; done < rows; done += kPerCommit) {
    std::vector<std::unique_ptr<HistoryBatch>> batches;
    batches.push_back(
        std::make_unique<HistoryBatch>(names, HistoryBatch::Wants{false, kNow, 31 * kDay}));
    for (long i = done; i < done + kPerCommit; ++i) {
      Note(i, kNow - 30 * kDay + i * 30 * kDay / rows, random, *batches.front());
    }
    if (Status status = (*writer)->Write(++commit, batches, kNow); !status) Die(status.error());
    while ((*writer)->full()) {
      if (const auto more = (*writer)->PruneStep(kNow); !more) Die(more.error());
    }
  }
  std::printf("%ld rows written, %.0f a second; %.1f MiB in use, %.1f bytes a row\n", rows,
              static_cast<double>(rows) / (Milliseconds(began) / 1000),
              static_cast<double>((*writer)->bytes()) / 1048576,
              static_cast<double>((*writer)->bytes()) / static_cast<double>(rows));
  (*writer)->Finish();
}

void Search(const HistoryReader& reader, const char* what, const HistoryFilter& filter) {
  const auto began = Clock::now();
  const auto page = reader.Search(filter, 100);
  if (!page) Die(page.error());
  std::printf("%7.1f ms  %s: %zu rows%s\n", Milliseconds(began), what, page->rows.size(),
              page->before ? ", and more" : "");
}

template <typename Ask>
void Time(const char* what, Ask&& ask) {
  const auto began = Clock::now();
  if (const auto answer = ask(); !answer) Die(answer.error());
  std::printf("%7.1f ms  %s\n", Milliseconds(began), what);
}

void AskAll(const HistoryReader& reader) {
  Search(reader, "newest", {});
  Search(reader, "a common domain", {.domain = "d1.example.net"});
  Search(reader, "a rare domain", {.domain = "d99901.example.net"});
  Search(reader, "an old queue id", {.queue_id = "4X10000000010"});
  Search(reader, "no such queue id", {.queue_id = "4X"});
  Search(reader, "a cause of a sender",
         {.cause = "greylisted", .domain = "d5000.example.net", .sender_domain = "s77.example"});
  Time("timeline of a day by cause",
       [&] { return reader.Timeline({kNow - kDay}, 300, HistoryBy::kCause); });
  Time("timeline of 30 days by outcome",
       [&] { return reader.Timeline({}, kDay, HistoryBy::kOutcome); });
  Time("causes of 30 days", [&] { return reader.Top(HistoryRank::kCauses, {}, 10); });
  Time("domains of a day", [&] { return reader.Top(HistoryRank::kDomains, {kNow - kDay}, 10); });
  Time("domains of 30 days", [&] { return reader.Top(HistoryRank::kDomains, {}, 10); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::puts("history_scale FILE [ROWS]");
    return 2;
  }
  Fill(argv[1], argc > 2 ? std::atol(argv[2]) : 10'000'000);
  const HistoryReader reader{argv[1]};
  const auto extent = reader.Extent();
  if (!extent) Die(extent.error());
  std::printf("%llu rows are there\n", static_cast<unsigned long long>(extent->failures));
  AskAll(reader);
  std::puts("once more:");
  AskAll(reader);
  return 0;
}
