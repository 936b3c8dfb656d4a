// A directory source, with what it has counted: for tests that kill it, start it again and compare.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/files/directory_source.h"
#include "tests/daemon/files/log_world.h"

namespace bouncesight {

// "1\n2\n…": one line each.
inline std::string Numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += std::to_string(i) + "\n";
  return text;
}

class DropWorld {
 public:
  explicit DropWorld(FileSystem& fs, std::string directory = "/in") : fs_(fs) {
    config.name = "drop";
    config.type = SourceType::kDirectory;
    config.directory = std::move(directory);
  }
  void Start(std::size_t max_files = DirectorySource::kMaxFiles) {
    source_ = std::make_unique<DirectorySource>(config, fs_, clock, streams_, max_files);
    if (!state_.empty()) source_->RestoreState(state_);
  }
  void Poll() {
    clock.Advance(DirectorySource::kScanInterval);
    while (source_->Turn()) {
    }
  }
  void PollFor(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds passed{0}; passed < time;
         passed += DirectorySource::kScanInterval)
      Poll();
  }
  void Commit() {
    state_ = source_->SaveState();
    committed_ = lines.size();
  }
  void KillAndStart() {
    source_.reset();
    lines.resize(committed_);
    Start();
  }
  DirectorySource& source() { return *source_; }
  // The numbers that the lines begin with, in their order.
  std::vector<int> Counted() const {
    std::vector<int> numbers;
    for (const auto& line : lines) numbers.push_back(std::atoi(line.c_str()));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
  // Exactly 1 to `last`, each once, in any order.
  void ExpectCounted(int last) const {
    std::vector<int> expected;
    for (int i = 1; i <= last; ++i) expected.push_back(i);
    EXPECT_EQ(Counted(), expected);
  }

  SourceConfig config;
  FakeClock clock;
  std::vector<std::string> lines;

 private:
  FileSystem& fs_;
  RecordingStreams streams_{lines};
  std::unique_ptr<DirectorySource> source_;
  std::string state_;
  std::size_t committed_ = 0;
};

}  // namespace bouncesight
