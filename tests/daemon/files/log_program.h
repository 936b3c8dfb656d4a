// A random program of what happens to logs, run against the real source and a ledger of what was
// written: every line must be counted once. Logs are written, rotated, cut, copied, moved, linked
// and compressed; the source is killed, stopped, and started with another path for the same log.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/daemon/files/gzip.h"
#include "tests/daemon/files/log_world.h"

namespace bouncesight {

class LogProgram {
 public:
  // One number a step, which decides all about it: without some of the steps the others do the
  // same.
  using Steps = std::vector<std::uint64_t>;
  static Steps RandomSteps(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    Steps steps(count);
    for (auto& step : steps) step = random();
    return steps;
  }

  // What was lost, what was counted twice, and the program that did it. Empty: the ledger and what
  // was counted agree. `shown`: prints what is there after each step.
  static std::string Difference(const Steps& steps, bool shown = false) {
    LogProgram program;
    program.shown_ = shown;
    program.Run(steps);
    return program.Compare();
  }

  // Leaves steps away for as long as there is a difference.
  static Steps Shrink(Steps steps) {
    for (std::size_t i = steps.size(); i-- > 0;) {
      Steps fewer = steps;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (Difference(fewer).empty()) continue;
      steps = std::move(fewer);
      i = steps.size();
    }
    return steps;
  }

 private:
  LogProgram() {
    world_.fs.SymbolicLink(kLog, kLink);
    world_.SetRotated({"/archive/*"});
    Write(1);
    world_.Start();
    world_.Poll();
    world_.Commit();
  }

  void Run(const Steps& steps) {
    for (const std::uint64_t step : steps) {
      random_.seed(step);
      Step();
    }
    FinishPartial();
    if (!world_.running()) world_.Start();
    world_.PollFor(std::chrono::seconds(30));
  }

  std::string Compare() {
    auto counted = world_.lines;
    std::sort(counted.begin(), counted.end());
    std::sort(written_.begin(), written_.end());
    std::string text;
    std::vector<std::string> lost;
    std::vector<std::string> extra;
    std::set_difference(written_.begin(), written_.end(), counted.begin(), counted.end(),
                        std::back_inserter(lost));
    std::set_difference(counted.begin(), counted.end(), written_.begin(), written_.end(),
                        std::back_inserter(extra));
    for (const auto& line : lost) text += "lost: " + line.substr(0, 60) + "\n";
    for (const auto& line : extra) text += "extra: " + line.substr(0, 60) + "\n";
    return text.empty() ? text : text + "program:\n" + trace_;
  }

  unsigned Pick(unsigned below) {
    const unsigned picked = std::uniform_int_distribution<unsigned>(0, below - 1)(random_);
    if (!trace_.empty()) trace_.insert(trace_.size() - 1, " " + std::to_string(picked));
    return picked;
  }

  void Step() {
    using Action = void (LogProgram::*)();
    struct Named {
      const char* name;
      Action action;
      unsigned weight = 1;
    };
    static constexpr Named kActions[] = {
        {"write", &LogProgram::WriteSome, 3},
        {"write partly", &LogProgram::WritePartly},
        {"rotate", &LogProgram::Rotate},
        {"rotate, create later", &LogProgram::RotateAndLeave},
        {"copytruncate", &LogProgram::CopyTruncate},
        {"delete and recreate", &LogProgram::DeleteAndRecreate},
        {"kill and restart", &LogProgram::KillAndRestart},
        {"stop or start", &LogProgram::StopOrStart},
        {"pause", &LogProgram::Pause},
        {"poll", &LogProgram::Poll},
        {"replace by a copy", &LogProgram::ReplaceByCopy},
        {"copy aside", &LogProgram::CopyAside},
        {"link", &LogProgram::Link},
        {"move to the archive", &LogProgram::MoveToArchive},
        {"compress", &LogProgram::Compress},
        {"change the paths", &LogProgram::ChangePaths},
    };
    unsigned all = 0;
    for (const Named& each : kActions) all += each.weight;
    unsigned pick = static_cast<unsigned>(random_() % all);
    for (const Named& each : kActions) {
      if (pick < each.weight) return Do(each.name, [&] { (this->*each.action)(); });
      pick -= each.weight;
    }
  }

  template <typename Action>
  void Do(const char* name, Action action) {
    trace_ += std::string("  ") + name + "\n";
    if (shown_) std::printf("-- %s\n", name);
    action();
    if (shown_) Show();
  }

  void Show() {
    std::printf("   %s, %zu lines counted of %zu\n", world_.running() ? "running" : "down",
                world_.lines.size(), written_.size());
    for (const std::string folder : {"/log", "/archive"}) {
      std::vector<std::string> names;
      world_.fs.List(folder, names);
      for (const auto& file : names) {
        const auto node = world_.fs.Find(folder + "/" + file);
        if (!node) continue;
        std::printf("   %s/%s inode %d size %zu modified %d: %s\n", folder.c_str(), file.c_str(),
                    static_cast<int>(node->inode), node->bytes.size(),
                    static_cast<int>(node->modified_ns), node->bytes.substr(0, 8).c_str());
      }
    }
    std::fflush(stdout);
  }

  std::string NextLine() {
    const std::string filler(Pick(10) == 0 ? Pick(3000) : Pick(100), 'x');
    return "line " + std::to_string(++number_) + " of all " + filler + ".";
  }

  void WriteSome() { Write(1 + Pick(4)); }

  // The writer keeps its file open, as syslog daemons do, until it is told to reopen.
  void Write(unsigned lines) {
    FinishPartial();
    for (unsigned i = 0; i < lines; ++i) {
      const std::string line = NextLine();
      written_.push_back(line);
      world_.fs.AppendTo(Writer(), line + "\n");
    }
  }

  void WritePartly() {
    FinishPartial();
    const std::string line = NextLine();
    const std::size_t cut = 1 + Pick(static_cast<unsigned>(line.size()));
    written_.push_back(line);
    world_.fs.AppendTo(Writer(), line.substr(0, cut));
    rest_ = line.substr(cut) + "\n";
  }

  void FinishPartial() {
    if (rest_.empty()) return;
    world_.fs.AppendTo(Writer(), rest_);
    rest_.clear();
  }

  const std::shared_ptr<MemoryFs::Node>& Writer() {
    if (!writer_) writer_ = world_.fs.Exists(kLog) ? world_.fs.Find(kLog) : world_.fs.Create(kLog);
    return writer_;
  }

  void ShiftNames() {
    for (int i = 8; i >= 1; --i) {
      for (const std::string end : {"", ".gz"}) {
        const std::string from = kLog + "." + std::to_string(i) + end;
        if (world_.fs.Exists(from)) {
          world_.fs.Rename(from, kLog + "." + std::to_string(i + 1) + end);
        }
      }
    }
  }

  // The oldest name falls off; only what is read may be lost that way.
  void Rotate() {
    RotateAndLeave();
    if (Pick(2) == 0 && !world_.fs.Exists(kLog)) world_.fs.Create(kLog);
    if (Pick(2) == 0) Write(1);  // by the late writer, into the file of before
    Reopen();
  }

  void RotateAndLeave() {
    if (!world_.fs.Exists(kLog)) return;
    if (world_.fs.Exists(kLog + ".9")) ReadAll();
    ShiftNames();
    world_.fs.Rename(kLog, kLog + ".1");
    if (Pick(2) == 0) Reopen();
  }

  void Reopen() {
    FinishPartial();
    writer_.reset();
    Writer();
  }

  // Nothing is written between the copy and the cut: that would be lost by nature (T07). Whether
  // the reader has caught up, has counted anything, or has seen the cut before the next one is of
  // no matter.
  void CopyTruncate() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    Reopen();
    if (world_.fs.Exists(kLog + ".9")) ReadAll();
    ShiftNames();
    world_.fs.Copy(kLog, kLog + ".1", ++cuts_ % 2 == 0);
    world_.fs.Truncate(kLog);
    cut_ = true;
    if (Pick(2) == 0) Poll();
    if (Pick(4) > 0) Write(1 + Pick(3));
  }

  // With a file goes the proof of a cut that was not seen, which may take as long as
  // kShrinkGrace.
  void SeeCut() {
    if (!world_.running()) world_.Start();
    world_.PollFor(std::chrono::milliseconds(3500));
    cut_ = false;
  }

  // What is deleted unread while nobody holds it open is lost by nature, and so is what the daemon
  // held open when it was killed: it has the file open, and lives until all is read.
  void DeleteAndRecreate() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    Reopen();
    SeeCut();
    if (Pick(2) == 0) Write(1 + Pick(4));
    world_.fs.Remove(kLog);
    if (Pick(2) == 0) Poll();
    if (Pick(2) == 0) Write(1);  // by the late writer
    writer_.reset();
    Write(1);
    ReadAll();
  }

  // As rsync does, or who restores a backup: all that was there stands under another inode.
  void ReplaceByCopy() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    Reopen();
    if (cut_) SeeCut();
    world_.fs.Remove("/log/hard.log");  // it would be an old copy, as in CopyAside
    world_.fs.Copy(kLog, "/tmp/copy");
    world_.fs.Rename("/tmp/copy", kLog);
    writer_.reset();
    if (Pick(2) == 0) Write(1 + Pick(3));
  }

  // For a while only: once the log is gone nothing tells what an old copy of a part of it is.
  void CopyAside() {
    if (!world_.fs.Exists(kLog)) return;
    world_.fs.Copy(kLog, "/log/copy.log");
    const unsigned polls = Pick(20);
    for (unsigned i = 0; i < polls; ++i) Poll();
    if (Pick(2) == 0 && rest_.empty()) Write(1);
    world_.fs.Remove("/log/copy.log");
  }

  void Link() {
    if (!world_.fs.Exists(kLog)) return;
    if (Pick(2) == 0) {
      world_.fs.SymbolicLink(kLog, "/log/soft.log");
    } else if (!world_.fs.Exists("/log/hard.log")) {
      world_.fs.Link(kLog, "/log/hard.log");
    } else {
      world_.fs.Remove("/log/hard.log");
    }
  }

  // A folder on the same disk, or on another one.
  void MoveToArchive() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    Reopen();
    const std::string to = "/archive/mail.log." + std::to_string(++archived_);
    if (Pick(2) == 0) {
      world_.fs.Rename(kLog, to);
    } else {
      if (cut_) SeeCut();
      world_.fs.Copy(kLog, to);
      world_.fs.Remove(kLog);
    }
    writer_.reset();
    if (Pick(2) == 0) Poll();
    if (Pick(2) == 0) Write(1 + Pick(3));
  }

  void Compress() {
    const std::string from = kLog + "." + std::to_string(1 + Pick(3));
    constexpr std::size_t kMost = 65'000;  // what the packer of the tests takes
    if (!world_.fs.Exists(from) || world_.fs.Find(from)->bytes.size() > kMost) return;
    Reopen();
    SeeCut();
    world_.Commit();
    world_.fs.Create(from + ".gz")->bytes = Gzip(world_.fs.Find(from)->bytes);
    if (Pick(4) == 0) Poll();
    world_.fs.Remove(from);
  }

  // The same log under another name, or beside others; its position goes with it. That a link is
  // the log under another name shows as long as the log is there.
  void ChangePaths() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    ReadAll();
    world_.Stop();
    const std::vector<std::vector<std::string>> ways = {{kLog}, {"/log/*.log"}, {kLink}};
    const bool from_link = way_ == 2;
    way_ = Pick(3);
    world_.SetPaths(ways[way_]);
    world_.Start();
    if (way_ == 2 || from_link) {
      world_.Poll();
      world_.Commit();
    } else if (Pick(2) == 0) {
      Poll();
    }
  }

  void ReadAll() {
    Reopen();
    if (!world_.running()) world_.Start();
    world_.PollFor(std::chrono::milliseconds(1500));
    world_.Commit();
  }

  void KillAndRestart() {
    if (!world_.running()) return;
    world_.KillAndStart();
    if (Pick(2) == 0) Poll();
  }

  void StopOrStart() {
    if (world_.running()) {
      world_.Stop();
    } else {
      world_.Start();
      Poll();
    }
  }

  // The writer stays with a renamed file for as long as it likes, up to an hour.
  void Pause() { world_.clock.Advance(std::chrono::seconds(Pick(4) == 0 ? Pick(600) : Pick(15))); }

  void Poll() {
    if (!world_.running()) return;
    world_.Poll();
    if (Pick(2) == 0) world_.Commit();
  }

  static inline const std::string kLog = "/log/mail.log";
  static inline const std::string kLink = "/link/mail.log";

  std::mt19937_64 random_;
  LogWorld world_;
  std::shared_ptr<MemoryFs::Node> writer_;
  std::string rest_;
  std::vector<std::string> written_;
  std::string trace_;
  int number_ = 0;
  int archived_ = 0;
  int cuts_ = 0;
  unsigned way_ = 0;
  bool cut_ = false;  // and perhaps not seen yet
  bool shown_ = false;
};

}  // namespace bouncesight
