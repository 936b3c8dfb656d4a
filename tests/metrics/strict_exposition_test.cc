#include "tests/metrics/strict_exposition.h"

#include <string>

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

TEST(StrictExposition, RefusesWhatPrometheusWouldRefuseAndMore) {
  const std::string good = "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\"} 1\n";
  EXPECT_EQ(ReadText(good).error, "");
  for (const char* bad :
       {"", "a_total 1", "a_total 1\n", "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total -1\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total 1 \n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"a b\"} 1\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\",} 1\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total 1\na_total 2\n",
        "# HELP a A.\n# TYPE a counter\na 1\n", "# HELP a A.\n# TYPE a gauge\nb 1\n",
        "# HELP a A.\n# TYPE a gauge\na one\n", "# HELP a A.\n# TYPE a gauge\na \xff\n"}) {
    EXPECT_NE(ReadText(bad).error, "") << bad;
  }
  const std::string open = "# HELP a A.\n# TYPE a counter\na_total 1\n";
  EXPECT_EQ(ReadOpenMetrics(open + "# EOF\n").error, "");
  EXPECT_NE(ReadOpenMetrics(open).error, "");
  const std::string before = "# HELP a A.\n# TYPE a counter\na_total 1";
  EXPECT_EQ(ReadOpenMetrics(before + " # {q=\"1\"} 1\n# EOF\n").error, "");
  EXPECT_NE(ReadOpenMetrics(before + " # {q=\"1\"}\n# EOF\n").error, "");
  EXPECT_NE(ReadOpenMetrics(before + " # 1\n# EOF\n").error, "");
  EXPECT_NE(ReadOpenMetrics(before + " # {q=\"" + std::string(128, 'x') + "\"} 1\n# EOF\n").error,
            "");
  EXPECT_NE(ReadText(good.substr(0, good.size() - 1) + " # {q=\"1\"} 1\n").error, "");
  EXPECT_NE(ReadOpenMetrics(open + "# EOF\n\n").error, "");
  EXPECT_NE(ReadOpenMetrics(good + "# EOF\n").error, "");
}

}  // namespace
}  // namespace bouncesight
