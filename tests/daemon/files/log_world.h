// A file source over a file system in memory, with what it has counted: for tests that kill it,
// start it again and compare.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/files/file_source.h"
#include "parsers/wrap/line_splitter.h"
#include "tests/daemon/system/fake_clock.h"
#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {

// Keeps the lines themselves.
class RecordingStreams final : public StreamFactory {
 public:
  explicit RecordingStreams(std::vector<std::string>& lines) : lines_(lines) {}

  std::unique_ptr<LineStream> NewStream(std::uint64_t start_offset) override {
    return std::make_unique<Stream>(lines_, start_offset);
  }

 private:
  class Stream final : public LineStream {
   public:
    Stream(std::vector<std::string>& lines, std::uint64_t start)
        : lines_(lines), splitter_(start) {}
    void Feed(std::string_view chunk) override {
      splitter_.Feed(chunk, [&](const Line& line) { lines_.emplace_back(line.text); });
    }
    void Finish() override {
      splitter_.Finish([&](const Line& line) { lines_.emplace_back(line.text); });
    }
    void Discard() override {
      splitter_.Finish(
          [&](const Line& line) { lines_.push_back("partial: " + std::string(line.text)); });
    }
    void Restart(std::uint64_t offset) override { splitter_ = LineSplitter(offset); }
    std::uint64_t line_offset() const override { return splitter_.line_offset(); }
    std::uint64_t pending_bytes() const override { return splitter_.pending_bytes(); }

   private:
    std::vector<std::string>& lines_;
    LineSplitter splitter_;
  };

  std::vector<std::string>& lines_;
};

class LogWorld {
 public:
  explicit LogWorld(std::vector<std::string> paths = {"/log/mail.log"},
                    FirstSight first = FirstSight::kBeginning) {
    config_.name = "mail";
    config_.paths = std::move(paths);
    config_.start = first;
  }

  // From the next start on, as after a change of the configuration.
  void SetPaths(std::vector<std::string> paths) { config_.paths = std::move(paths); }
  void SetRotated(std::vector<std::string> patterns) { config_.rotated = std::move(patterns); }

  void Start() {
    source_ = std::make_unique<FileSource>(config_, fs, clock, streams_);
    if (!state_.empty()) source_->RestoreState(state_);
  }
  // Turns until nothing is left to read; then time goes by.
  void Poll(std::chrono::milliseconds then = std::chrono::milliseconds(250)) {
    while (source_->Turn()) {
    }
    clock.Advance(then);
  }
  void PollFor(std::chrono::milliseconds time) {
    for (auto passed = std::chrono::milliseconds(0); passed < time;
         passed += std::chrono::milliseconds(250)) {
      Poll();
    }
  }
  // As the committer does: position and counters together.
  void Commit() {
    state_ = source_->SaveState();
    committed_ = lines.size();
  }
  // kill -9: what was counted after the last commit never was.
  void Kill() {
    source_.reset();
    lines.resize(committed_);
  }
  void KillAndStart() {
    Kill();
    Start();
  }
  void Stop() {
    Commit();
    source_.reset();
  }
  bool running() const { return source_ != nullptr; }
  FileSource& source() { return *source_; }
  LiveSource Live() {
    LiveSource live;
    source_->Describe(live);
    return live;
  }

  MemoryFs fs;
  FakeClock clock;
  std::vector<std::string> lines;

 private:
  SourceConfig config_;
  RecordingStreams streams_{lines};
  std::unique_ptr<FileSource> source_;
  std::string state_;
  std::size_t committed_ = 0;
};

// As logrotate does it with `create`, keeping two.
inline void RotateLog(LogWorld& world, const std::string& log) {
  if (world.fs.Exists(log + ".1")) world.fs.Rename(log + ".1", log + ".2");
  world.fs.Rename(log, log + ".1");
  world.fs.Create(log);
}

}  // namespace bouncesight
