#include "daemon/system/process_stats.h"

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

namespace bouncesight {
namespace {

std::uint64_t CountDescriptors() {
  struct CloseDirectory {
    void operator()(DIR* directory) const { closedir(directory); }
  };
  const std::unique_ptr<DIR, CloseDirectory> dir(::opendir("/proc/self/fd"));
  std::uint64_t entries = 0;
  while (dir && ::readdir(dir.get()) != nullptr) ++entries;
  return entries > 3 ? entries - 3 : 0;  // ".", "..", and the one that reads the folder
}

// "btime" of /proc/stat: when the system started.
double BootTime() {
  std::ifstream in("/proc/stat");
  std::string word;
  while (in >> word) {
    double seconds = 0;
    if (word == "btime" && in >> seconds) return seconds;
  }
  return 0;
}

// The fields of /proc/self/stat after the program's name, which may hold blanks.
void ReadStat(LiveProcess& process) {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  const auto end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return;
  std::istringstream fields(line.substr(end_of_name + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  double start = 0;
  double resident_pages = 0;
  fields >> user >> system;
  for (int field = 16; field < 22; ++field) fields >> skipped;
  fields >> start >> process.virtual_bytes >> resident_pages;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  process.cpu_seconds = (user + system) / ticks;
  process.start_time_seconds = BootTime() + start / ticks;
  process.resident_bytes = static_cast<std::uint64_t>(resident_pages) *
                           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

LiveProcess ReadProcessStats() {
  LiveProcess process;
  ReadStat(process);
  process.open_fds = CountDescriptors();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) process.max_fds = limit.rlim_cur;
  return process;
}

}  // namespace bouncesight
