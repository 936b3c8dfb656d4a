// Rules, lines and sources for tests of what counts and commits.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "daemon/count/worker.h"
#include "metrics/names.h"
#include "rules/rule_set.h"

namespace bouncesight {

inline std::shared_ptr<const RuleSet> SmallRules(const std::string& id = "user-unknown") {
  const std::string text = "rules:\n  - id: " + id +
                           "\n    cause: user_unknown\n    match: no such person\n"
                           "    examples: ['550 5.1.1 no such person']\n    source: this test\n";
  RuleSources sources;
  sources.catalog.push_back({"small.yaml", text});
  auto rules = RuleSet::Load(sources);
  if (!rules) {
    ADD_FAILURE() << rules.error().message;
    std::abort();
  }
  return *rules;
}

// A bounced delivery as Postfix logs it.
inline std::string BouncedLine(int number) {
  return "2026-11-21T17:00:00+00:00 mx1 postfix/smtp[9]: " + std::to_string(100'000 + number) +
         "AB: to=<user@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, "
         "delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: "
         "550 5.1.1 no such person (in reply to RCPT TO command))\n";
}

// Lines of the first source.
inline std::uint64_t Counted(const Snapshot& snapshot) {
  return snapshot.sources.empty() ? 0 : snapshot.sources[0].counted;
}

// Gives as many lines as it is told to, one a turn. Its position is their number.
class TellingSource final : public Source {
 public:
  struct Told {
    std::atomic<int> wanted{0};
    std::atomic<int> given{0};
  };

  TellingSource(StreamFactory& streams, Told& told) : stream_(streams.NewStream(0)), told_(told) {}

  bool Turn() override {
    if (told_.given >= told_.wanted) return false;
    stream_->Feed(BouncedLine(told_.given));
    ++told_.given;
    return true;
  }
  bool caught_up() const override { return told_.given > 0; }
  std::string SaveState() override { return std::to_string(told_.given); }
  bool RestoreState(std::string_view) override { return true; }
  void Describe(LiveSource& live) override { live.lag_bytes = 7; }

 private:
  std::unique_ptr<LineStream> stream_;
  Told& told_;
};

inline Worker::SourceMaker Telling(TellingSource::Told& told) {
  return [&told](StreamFactory& streams, boost::asio::io_context&) {
    return std::make_unique<TellingSource>(streams, told);
  };
}

}  // namespace bouncesight
