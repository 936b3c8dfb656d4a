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

}  // namespace
}  // namespace bouncesight
