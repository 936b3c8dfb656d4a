// Random programs of what happens to logs, run against the real source and a ledger of what was
// written: every line must be counted once. Each program comes from a printed seed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "tests/daemon/files/log_world.h"

namespace bouncesight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kLog = "/log/mail.log";

class Program {
 public:
  explicit Program(std::uint64_t seed) : random_(seed) {
    Write(1);
    world_.Start();
    world_.Poll();
    world_.Commit();
  }

  void Run(int steps) {
    for (int i = 0; i < steps; ++i) Step();
    FinishPartial();
    if (!world_.running()) world_.Start();
    world_.PollFor(seconds(30));
  }

  // Empty: the ledger and what was counted agree.
  std::string Difference() {
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

 private:
  unsigned Pick(unsigned below) {
    return std::uniform_int_distribution<unsigned>(0, below - 1)(random_);
  }

  void Step() {
    switch (Pick(12)) {
      case 0:
      case 1:
      case 2:
        return Do("write", [&] { Write(1 + Pick(4)); });
      case 3:
        return Do("write partly", [&] { WritePartly(); });
      case 4:
        return Do("rotate", [&] { Rotate(); });
      case 5:
        return Do("rotate, create later", [&] { RotateAndLeave(); });
      case 6:
        return Do("copytruncate", [&] { CopyTruncate(); });
      case 7:
        return Do("delete and recreate", [&] { DeleteAndRecreate(); });
      case 8:
        return Do("kill and restart", [&] { KillAndRestart(); });
      case 9:
        return Do("stop or start", [&] { StopOrStart(); });
      case 10:
        return Do("pause", [&] { Pause(); });
      default:
        return Do("poll", [&] { Poll(); });
    }
  }

  template <typename Action>
  void Do(const char* name, Action action) {
    trace_ += std::string("  ") + name + "\n";
    action();
    if (std::getenv("BOUNCESIGHT_MODEL_TRACE")) Show(name);
  }

  void Show(const char* name) {
    std::printf("%s: %s, %zu lines counted\n", name, world_.running() ? "running" : "down",
                world_.lines.size());
    std::vector<std::string> names;
    world_.fs.List("/log", names);
    for (const auto& file : names) {
      const auto node = world_.fs.Find("/log/" + file);
      std::printf("  %s inode %d size %zu modified %d: %s\n", file.c_str(),
                  static_cast<int>(node->inode), node->bytes.size(),
                  static_cast<int>(node->modified_ns), node->bytes.substr(0, 8).c_str());
    }
  }

  std::string NextLine() {
    const std::string filler(Pick(10) == 0 ? Pick(3000) : Pick(100), 'x');
    return "line " + std::to_string(++number_) + " of all " + filler + ".";
  }

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
      const std::string from = kLog + "." + std::to_string(i);
      if (world_.fs.Exists(from)) world_.fs.Rename(from, kLog + "." + std::to_string(i + 1));
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
    world_.fs.Copy(kLog, kLog + ".1");
    world_.fs.Truncate(kLog);
    if (Pick(2) == 0) Poll();
    if (Pick(4) > 0) Write(1 + Pick(3));
  }

  // What is deleted unread while nobody holds it open is lost by nature, and so is what the daemon
  // held open when it was killed: it has the file open, and lives until all is read. A cut before
  // that has been seen, which may take as long as kShrinkGrace: with the file goes the proof of it.
  void DeleteAndRecreate() {
    if (!world_.fs.Exists(kLog) || !rest_.empty()) return;
    Reopen();
    if (!world_.running()) world_.Start();
    world_.PollFor(milliseconds(3500));
    if (Pick(2) == 0) Write(1 + Pick(4));
    world_.fs.Remove(kLog);
    if (Pick(2) == 0) Poll();
    if (Pick(2) == 0) Write(1);  // by the late writer
    writer_.reset();
    Write(1);
    ReadAll();
  }

  void ReadAll() {
    Reopen();
    if (!world_.running()) world_.Start();
    world_.PollFor(milliseconds(1500));
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
  void Pause() { world_.clock.Advance(seconds(Pick(4) == 0 ? Pick(600) : Pick(15))); }

  void Poll() {
    if (!world_.running()) return;
    world_.Poll();
    if (Pick(2) == 0) world_.Commit();
  }

  std::mt19937_64 random_;
  LogWorld world_;
  std::shared_ptr<MemoryFs::Node> writer_;
  std::string rest_;
  std::vector<std::string> written_;
  std::string trace_;
  int number_ = 0;
};

std::uint64_t Number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// BOUNCESIGHT_MODEL_SEED and BOUNCESIGHT_MODEL_PROGRAMS choose others.
TEST(FileSourceModel, CountsEveryLineOnceWhateverHappensToTheLog) {
  const std::uint64_t first = Number("BOUNCESIGHT_MODEL_SEED", 1);
  const std::uint64_t programs = Number("BOUNCESIGHT_MODEL_PROGRAMS", 5000);
  for (std::uint64_t seed = first; seed < first + programs; ++seed) {
    Program program(seed);
    program.Run(40);
    const std::string difference = program.Difference();
    ASSERT_EQ(difference, "") << "BOUNCESIGHT_MODEL_SEED=" << seed;
  }
}

}  // namespace
}  // namespace bouncesight
