// bouncesight check: are the configuration and the rules right?
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/source_table.h"
#include "daemon/commands/terminal.h"
#include "daemon/config/alike_files.h"
#include "daemon/config/certificate_sight.h"
#include "daemon/config/default_sources.h"
#include "daemon/config/listen_sight.h"
#include "daemon/config/rule_files.h"
#include "daemon/config/source_overlap.h"
#include "daemon/journal/journal_names.h"
#include "daemon/system/folder_access.h"
#include "daemon/web/web_guard.h"
#include "rules/rule_check.h"

namespace bouncesight {
namespace {

constexpr const char* kCheckHelp =
    R"(Reads the configuration and every rule, runs the rules' own examples, and looks at what each source sees now: says
what is wrong, where, and what to do. Names of rule files stand for files that are not installed yet.

Exit status: 0 all is well, 78 something must be fixed. Dead, shadowed, conflicting and slow rules, and what a source
misses, are warnings, unless --strict is given.)";

struct CheckOptions {
  RuleOptions rules;
  bool strict = false;
};

bool MustBeMended(const Finding& finding, bool strict) {
  return strict || finding.kind == FindingKind::kError || finding.kind == FindingKind::kExample ||
         finding.kind == FindingKind::kCounterExample;
}

std::string FindingsText(const std::vector<Finding>& findings, bool strict) {
  std::string text;
  for (const Finding& finding : findings) {
    text.append(MustBeMended(finding, strict) ? "error: " : "warning: ");
    text.append(finding.message).append(" [").append(FindingKindName(finding.kind)).append("]\n");
  }
  return text;
}

// `rules`: null where they cannot be loaded, which the findings tell.
std::string RuleCountsText(const RuleSet* rules) {
  if (rules == nullptr) return {};
  std::size_t examples = 0;
  for (const Rule& rule : rules->rules())
    examples += rule.examples.size() + rule.counter_examples.size();
  return "rules: " + std::to_string(rules->rule_count()) + " rules for " +
         std::to_string(rules->cause_count()) + " causes, " + std::to_string(examples) +
         " examples run\n";
}

struct SourceFindings {
  std::string table;
  std::string warnings;  // what is on the disk now may be gone tomorrow: no errors
};

SourceFindings LookAtSourcesOf(const Config& config, FileSystem& fs, const Clock& clock) {
  std::string note;
  const std::vector<SourceConfig> sources =
      config.sources.empty() ? DefaultSources(fs, LastJournalMail, &note) : config.sources;
  SourceTable table = LookAtSources(sources, fs, clock.Wall());
  SourceFindings findings;
  if (!note.empty()) findings.warnings = "warning: " + note + "\n";
  SourceTable outputs = LookAtOutputs(config.outputs, sources);
  table.warnings.insert(table.warnings.end(), outputs.warnings.begin(), outputs.warnings.end());
  findings.table = table.text + outputs.text;
  for (const std::string& warning : table.warnings)
    findings.warnings += "warning: " + warning + "\n";
  for (const std::string& shared : SharedFiles(sources, fs)) {
    findings.warnings += "warning: " + shared + "\n";
  }
  for (const std::string& alike : AlikeFiles(sources, fs)) {
    findings.warnings += "warning: " + alike + "\n";
  }
  return findings;
}

// An Error: a file of them cannot be read.
Result<CheckedRules> CheckAllRules(const RuleLocations& locations) {
  const Result<RuleTexts> texts = RuleTexts::Read(locations);
  if (!texts) return texts.error();
  return CheckRules(texts->sources());
}

int BadConfig(const Error& error) {
  PrintError(error.message);
  return kExitBadConfig;
}

int RunCheck(const CheckOptions& options) {
  RealFileSystem fs;
  SystemClock clock;
  const Result<Config> config = LoadCommandConfig(options.rules.config_file, &fs);
  if (!config) return BadConfig(config.error());
  WebGuard guard(config->web.config_file, fs, clock);
  if (const Status web = guard.Load(); !web) return BadConfig(web.error());
  const auto checked = CheckAllRules(LocationsOf(options.rules, *config));
  if (!checked) return BadConfig(checked.error());
  SourceFindings seen = LookAtSourcesOf(*config, fs, clock);
  const std::string web = ListenComplaint(config->web);
  if (!web.empty()) seen.warnings += "warning: " + web + "\n";
  const std::string state = FolderComplaint(config->state.path);
  if (!state.empty()) seen.warnings += "warning: state.path: " + state + "\n";
  auto certificates = CertificateWarnings(config->sources, clock.Wall());
  if (const std::string own = guard.CertificateWarning(); !own.empty()) certificates.push_back(own);
  for (const std::string& warning : certificates) seen.warnings += "warning: " + warning + "\n";
  const bool bad = (options.strict && !seen.warnings.empty()) ||
                   std::ranges::any_of(checked->findings, [&](const Finding& finding) {
                     return MustBeMended(finding, options.strict);
                   });
  std::string text = seen.table + RuleCountsText(checked->rules.get()) +
                     FindingsText(checked->findings, options.strict) + seen.warnings;
  if (!bad) {
    text += checked->findings.empty() && seen.warnings.empty() ? "all is well\n"
                                                               : "usable; see the warnings above\n";
  }
  const int printed = PrintOut(text);
  return bad ? kExitBadConfig : printed;
}

}  // namespace

void AddCheckCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("check", "Is the configuration right? Are the rules?");
  command->footer(kCheckHelp);
  auto options = std::make_shared<CheckOptions>();
  command->add_option("RULE_FILE", options->rules.extra_files,
                      "Rule files to check before they are installed");
  command->add_option("--config.file", options->rules.config_file, "The configuration");
  command->add_flag("--strict", options->strict, "Take warnings for errors");
  command->callback([options, &chosen] { chosen.run = [options] { return RunCheck(*options); }; });
}

}  // namespace bouncesight
