// A folder with journal files, written by systemd-journal-remote, and a journal source that follows
// them and can be killed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/journal/journal_source.h"
#include "daemon/system/fs.h"
#include "tests/daemon/files/log_world.h"
#include "tests/daemon/system/fake_clock.h"

namespace bouncesight {

// Fields of an entry in order, without the time.
using Fields = std::vector<std::pair<std::string, std::string>>;

inline Fields PostfixEntry(const std::string& message,
                           const std::string& unit = "postfix@-.service") {
  return {{"_HOSTNAME", "mx1"}, {"SYSLOG_IDENTIFIER", "postfix/smtp"},
          {"SYSLOG_PID", "9"},  {"_SYSTEMD_UNIT", unit},
          {"_COMM", "smtp"},    {"PRIORITY", "6"},
          {"MESSAGE", message}};
}

class JournalWorld {
 public:
  JournalWorld() {
    char name[] = "/tmp/bouncesight-journal-XXXXXX";
    folder_ = ::mkdtemp(name);
    config.name = "journal";
    config.type = SourceType::kJournal;
    config.directory = (folder_ / "journal").string();
    config.start = FirstSight::kBeginning;
    std::filesystem::create_directory(config.directory);
  }
  ~JournalWorld() {
    source_.reset();
    std::filesystem::remove_all(folder_);
  }

  static const char* Writer() { return "/lib/systemd/systemd-journal-remote"; }

  // Appends the entries to a file of the journal, a millisecond apart from each other.
  void Write(const std::vector<Fields>& entries, const std::string& file = "system.journal") {
    const auto input = folder_ / "entries.export";
    std::ofstream out(input, std::ios::binary);
    for (const Fields& fields : entries) {
      milliseconds_ += 1;
      out << "__REALTIME_TIMESTAMP=" << 1'763'744'400'000'000 + milliseconds_ * 1000 << "\n"
          << "__MONOTONIC_TIMESTAMP=" << 1'000'000 + milliseconds_ * 1000 << "\n"
          << "_BOOT_ID=" << boot << "\n";
      for (const auto& [name, value] : fields) PutField(out, name, value);
      out << "\n";
    }
    out.close();
    const std::string command = std::string(Writer()) + " --output=" + config.directory + "/" +
                                file + " " + input.string() + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  // The next entries are younger by so much than they would be.
  void GoOn(std::int64_t milliseconds) {
    milliseconds_ += static_cast<std::uint64_t>(milliseconds);
  }
  void Rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(config.directory + "/" + from, config.directory + "/" + to);
  }
  void Remove(const std::string& file) { std::filesystem::remove(config.directory + "/" + file); }

  void Start() {
    source_ = std::make_unique<JournalSource>(config, *fs, clock, streams_);
    if (!state_.empty()) source_->RestoreState(state_);
  }
  void Poll() {
    while (source_->Turn()) {
    }
    clock.Advance(JournalSource::kCheckInterval);
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
  // All that was written, and where we stood.
  void Forget() {
    source_.reset();
    state_.clear();
    committed_ = 0;
    for (const auto& item : std::filesystem::recursive_directory_iterator(config.directory)) {
      if (item.is_regular_file()) std::filesystem::remove(item.path());
    }
  }
  JournalSource& source() { return *source_; }
  // The texts after the header.
  std::vector<std::string> Messages() const {
    std::vector<std::string> messages;
    for (const auto& line : lines) messages.push_back(line.substr(line.find(": ") + 2));
    return messages;
  }

  SourceConfig config;
  FakeClock clock;
  RealFileSystem real_fs;
  FileSystem* fs = &real_fs;
  std::vector<std::string> lines;
  std::string boot = "0123456789abcdef0123456789abcdef";

 private:
  static void PutField(std::ostream& out, const std::string& name, const std::string& value) {
    if (value.find('\n') == std::string::npos) {
      out << name << "=" << value << "\n";
      return;
    }
    out << name << "\n";
    for (std::uint64_t size = value.size(), i = 0; i < 8; ++i, size >>= 8) {
      out.put(static_cast<char>(size & 0xFF));
    }
    out << value << "\n";
  }

  std::filesystem::path folder_;
  std::uint64_t milliseconds_ = 0;
  RecordingStreams streams_{lines};
  std::unique_ptr<JournalSource> source_;
  std::string state_;
  std::size_t committed_ = 0;
};

}  // namespace bouncesight
