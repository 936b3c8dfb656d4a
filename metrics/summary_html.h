// The summary as a web page: one file with nothing beside it, to be mailed or printed. No scripts;
// its policy (CSP) forbids them, and everything else but its own style sheet. Whatever the logs
// hold shows as text.
#pragma once

#include <string>

#include "metrics/summary.h"
#include "rules/rule_set.h"

namespace bouncesight {

// `rules` give the remedies and the pages for delisting.
std::string RenderSummaryHtml(const Summary& summary, const RuleSet& rules);

}  // namespace bouncesight
