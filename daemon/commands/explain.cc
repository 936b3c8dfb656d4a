// bouncesight explain: what a reply means, and what to do about it.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/explainer.h"

namespace bouncesight {
namespace {

constexpr const char* kHelp =
    R"(Says what a reply, a log line or a bounce text means: the cause, the rule that saw it, who must act, whether a
retry helps, and what to do. Without TEXT it reads one text a line from standard input.

  bouncesight explain '550 5.1.1 <x@example.net>: user unknown'
  bouncesight explain --lang=zh '554 DT:SPM'
  grep status=deferred /var/log/mail.log | bouncesight explain --format=json)";

struct ExplainOptions {
  RuleOptions rules;
  std::vector<std::string> words;
  std::string format = "text";
  std::string language = "en";
};

class Printer {
 public:
  Printer(const ExplainOptions& options, const std::shared_ptr<const RuleSet>& rules)
      : explainer_(rules),
        json_(options.format == "json"),
        style_{.language = *LanguageFromName(options.language),
               .colour = StdoutHasColour(),
               .width = StdoutWidth()} {}

  bool Print(const std::string& text) {
    const ExplainedText explained = explainer_.Explain(text);
    if (json_)
      return WriteOut(ExplanationJson(explained, explainer_.rules(), style_.language) + "\n");
    const bool first = std::exchange(first_, false);
    return WriteOut((first ? "" : "\n") + ExplanationText(explained, explainer_.rules(), style_));
  }

 private:
  Explainer explainer_;
  bool json_;
  ExplanationStyle style_;
  bool first_ = true;
};

// Unquoted words on the command line are one text.
std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

bool PrintAll(const ExplainOptions& options, Printer& printer) {
  if (!options.words.empty()) return printer.Print(Joined(options.words));
  if (StdinIsTerminal()) std::fputs("Type or paste a reply, then Enter; Ctrl-D ends.\n", stderr);
  std::string line;
  bool good = true;
  while (good && std::getline(std::cin, line)) good = printer.Print(line);
  return good;
}

int RunExplain(const ExplainOptions& options) {
  const Result<std::shared_ptr<const RuleSet>> rules = LoadCommandRules(options.rules);
  if (!rules) {
    PrintError(rules.error().message);
    return kExitBadConfig;
  }
  Printer printer(options, *rules);
  if (!PrintAll(options, printer)) {
    PrintError("cannot write to standard output");
    return kExitFailed;
  }
  return kExitOk;
}

}  // namespace

void AddExplainCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("explain", "What a reply means, and what to do about it");
  command->description(kHelp);
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("TEXT", options->words, "A reply, a log line or a bounce text");
  command->add_option("--format", options->format, "What to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--lang", options->language, "The language of the advice")
      ->check(CLI::IsMember({"en", "zh"}))
      ->capture_default_str();
  AddRuleOptions(*command, options->rules);
  command->callback(
      [options, &chosen] { chosen.run = [options] { return RunExplain(*options); }; });
}

}  // namespace bouncesight
