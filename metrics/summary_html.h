// The summary as a web page: one file with nothing beside it, to be mailed or printed, for a desk
// and a telephone, light and dark. No scripts; its policy (CSP) forbids them, and everything else
// but its own style sheet. Whatever the logs hold shows as text.
#pragma once

#include <string>

#include "metrics/summary.h"
#include "metrics/summary_compare.h"

namespace bouncesight {

// Remedies and pages for delisting are there after Advise. `then`: null, or what the summary is
// compared with.
std::string RenderSummaryHtml(const Summary& summary, Language language = Language::kEnglish,
                              const Comparison* then = nullptr);

}  // namespace bouncesight
