// A history in a folder of its own, and events to fill it with.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/history/history_writer.h"
#include "metrics/moment.h"

namespace bouncesight {

inline constexpr std::int64_t kNoon = 1'795'780'800;  // 2026-11-27T12:00:00Z

class HistoryFolder {
 public:
  HistoryFolder() {
    std::string name = "/tmp/bouncesight-history-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~HistoryFolder() { std::filesystem::remove_all(path_); }
  HistoryFolder(const HistoryFolder&) = delete;
  HistoryFolder& operator=(const HistoryFolder&) = delete;

  std::string database() const { return path_ + "/history.db"; }

 private:
  std::string path_;
};

// One result, with owned texts.
struct Happening {
  std::int64_t time = kNoon;
  Outcome outcome = Outcome::kBounced;
  CauseId cause = CauseId::kUserUnknown;
  std::string domain = "example.net";
  std::string queue_id = "4ABC";
  std::string reply = "550 5.1.1 no such user here";
  std::string list = {};
  std::uint32_t repeat = 1;
};

using Batches = std::vector<std::unique_ptr<HistoryBatch>>;

inline Batches BatchOf(const std::vector<Happening>& happenings, bool recipients = false,
                       std::int64_t now = kNoon) {
  Batches batches;
  batches.push_back(std::make_unique<HistoryBatch>(
      BuiltinNames(), HistoryBatch::Wants{recipients, now, 30 * 86400LL}));
  for (const Happening& one : happenings) {
    DeliveryEvent event;
    const std::string time = Rfc3339({one.time, 0});
    const std::string recipient = "ann@" + one.domain;
    event.time = time;
    event.outcome = one.outcome;
    event.host = "mx1.example.com";
    event.instance = "postfix";
    event.queue_id = one.queue_id;
    event.recipient = recipient;
    event.recipient_domain = one.domain;
    event.reply = ParseReply(one.reply);
    event.message.sender = "news@shop.example";
    event.repeat = one.repeat;
    Verdict verdict;
    verdict.cause = one.cause;
    verdict.blocklist = one.list;
    verdict.listed_ip = one.list.empty() ? "" : "192.0.2.25";
    batches.front()->Note("mail", event, verdict);
  }
  return batches;
}

inline std::unique_ptr<HistoryWriter> OpenWriter(
    const std::string& path, HistoryBounds bounds = {},
    AddressVeil::Mode mode = AddressVeil::Mode::kFull) {
  static RealFileSystem fs;
  static AddressVeil veils[] = {AddressVeil(AddressVeil::Mode::kFull),
                                AddressVeil(AddressVeil::Mode::kHidden),
                                AddressVeil(AddressVeil::Mode::kHashed, "0123456789abcdef")};
  auto writer = HistoryWriter::Open(fs, path, bounds, veils[static_cast<std::size_t>(mode)]);
  EXPECT_TRUE(writer) << (writer ? "" : writer.error().message);
  return writer ? std::move(*writer) : nullptr;
}

}  // namespace bouncesight
