// The summary as text for a terminal or a mail. Fits 80 columns, or more if there are; columns are
// aligned by the width of characters, so Chinese stands as straight as English.
#pragma once

#include <cstddef>
#include <string>

#include "metrics/summary.h"
#include "metrics/summary_compare.h"

namespace bouncesight {

struct SummaryStyle {
  bool colour = false;
  std::size_t width = 80;
  Language language = Language::kEnglish;
};

// `then`: null, or what the summary is compared with.
std::string RenderSummaryText(const Summary& summary, const SummaryStyle& style = {},
                              const Comparison* then = nullptr);

}  // namespace bouncesight
