// Random programs against the file source; log_program.h has what they do. Each comes from a
// printed seed and is shrunk to the steps that matter.
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/daemon/files/log_program.h"

namespace bouncesight {
namespace {

std::uint64_t Number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// BOUNCESIGHT_MODEL_SEED and BOUNCESIGHT_MODEL_PROGRAMS choose others.
TEST(FileSourceModel, CountsEveryLineOnceWhateverHappensToTheLog) {
  const std::uint64_t first = Number("BOUNCESIGHT_MODEL_SEED", 1);
  const std::uint64_t programs = Number("BOUNCESIGHT_MODEL_PROGRAMS", 2500);
  for (std::uint64_t seed = first; seed < first + programs; ++seed) {
    const auto steps = LogProgram::RandomSteps(seed, 40);
    if (LogProgram::Difference(steps).empty()) continue;
    const auto fewest = LogProgram::Shrink(steps);
    FAIL() << "BOUNCESIGHT_MODEL_SEED=" << seed << "\n" << LogProgram::Difference(fewest, true);
  }
}

// Programs that found a fault once, and that no shorter test tells as well.
TEST(FileSourceModel, CountsEveryLineOnceOfWhatOnceWasLostOrCountedTwice) {
  for (const std::uint64_t seed :
       {313528u, 332348u, 485474u, 490002u, 496949u, 534648u, 549012u, 619446u, 1028992u, 1070275u,
        1070709u, 1104955u, 1126906u, 1184521u, 1795953455u}) {
    EXPECT_EQ(LogProgram::Difference(LogProgram::RandomSteps(seed, 40)), "") << seed;
  }
}

}  // namespace
}  // namespace bouncesight
