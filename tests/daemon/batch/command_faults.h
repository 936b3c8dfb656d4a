// What the sweeps of faults over commands ask of each run.
#pragma once

#include <cerrno>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/batch/command_run.h"
#include "tests/daemon/system/fault_walk.h"

namespace bouncesight {

// But for the minute in which a report was made.
inline std::string Lasting(const std::string& text) {
  const std::size_t at = text.rfind("\nMade ");
  return at == std::string::npos ? text : text.substr(0, at);
}

struct FaultyCommand {
  std::string folder;  // calls on what lies there fail
  std::vector<std::string> words;
  std::string input = {};
};

// Each call fails once, and several times in a row, in every way. Either nothing of it shows, or
// the command says what failed and its exit status tells. Gives what it printed without a fault.
inline std::string FailEachCall(const FaultyCommand& command, std::size_t part) {
  FailingFileCalls counted(command.folder, 0, 0);
  const CommandRun well = RunCommand(command.words, command.input, counted);
  EXPECT_EQ(well.code, 0) << well.err;
  for (const int times : {1, 2, 5}) {
    ForEachFault(counted.calls(), part, FileFaultsOf,
                 [&](std::size_t nth, int way, const auto& site) {
                   FailingFileCalls calls(command.folder, nth, way, times);
                   const CommandRun run = RunCommand(command.words, command.input, calls);
                   const bool told = run.err.find("bouncesight: error: ") != std::string::npos;
                   const bool reader_gone = way == EPIPE && site.starts_with("write");
                   const bool whole = Lasting(run.out) == Lasting(well.out) && run.err == well.err;
                   EXPECT_TRUE(run.code == 0 ? whole : told || reader_gone)
                       << "call " << nth << ", " << site << ", fails with " << way << ", " << times
                       << " times: exit " << run.code << "\n"
                       << run.err << run.out;
                 });
  }
  return well.out;
}

}  // namespace bouncesight
