// bouncesight explain: what a reply means, and what to do about it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/explainer.h"
#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"

namespace bouncesight {
namespace {

constexpr const char* kHelp =
    R"(Says what a reply, a log line or a bounce text means: the cause, the rule that saw it, who must act, whether a
retry helps, and what to do. Without TEXT it reads one text a line from standard input.

  bouncesight explain '550 5.1.1 <x@example.net>: user unknown'
  bouncesight explain bounce.eml                 a whole bounce message, saved from the mail client
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

  bool Print(const std::string& text) { return Print(explainer_.Explain(text)); }

  bool PrintMessage(const std::string& message) {
    const std::vector<ExplainedText> all = explainer_.ExplainMessage(message);
    return std::ranges::all_of(all, [this](const ExplainedText& one) { return Print(one); });
  }

 private:
  bool Print(const ExplainedText& explained) {
    if (json_)
      return WriteOut(ExplanationJson(explained, explainer_.rules(), style_.language) + "\n");
    const bool first = std::exchange(first_, false);
    return WriteOut((first ? "" : "\n") + ExplanationText(explained, explainer_.rules(), style_));
  }

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

// A single word that is a file's name means the bounce message in it.
bool NamesAFile(const std::vector<std::string>& words) {
  std::error_code none;
  return words.size() == 1 && std::filesystem::is_regular_file(words.front(), none);
}

// "bounce.eml" or "/tmp/bounce" where no such file is: a slip, and no reply to explain.
bool NamesAMissingFile(const std::vector<std::string>& words) {
  if (words.size() != 1 || words.front().find(' ') != std::string::npos) return false;
  return words.front().ends_with(".eml") || words.front().starts_with('/');
}

bool PrintAll(const ExplainOptions& options, Printer& printer) {
  if (!options.words.empty()) return printer.Print(Joined(options.words));
  if (StdinIsTerminal()) std::fputs("Type or paste a reply, then Enter; Ctrl-D ends.\n", stderr);
  std::string line;
  bool good = true;
  while (good && std::getline(std::cin, line)) good = printer.Print(line);
  return good;
}

Result<int> Explain(const ExplainOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  Printer printer(options, rules);
  bool good = true;
  if (NamesAFile(options.words)) {
    std::ifstream file(options.words.front(), std::ios::binary);
    std::ostringstream message;
    if (!file || !(message << file.rdbuf())) {
      return Error{options.words.front() + ": cannot read the message"};
    }
    good = printer.PrintMessage(std::move(message).str());
  } else if (NamesAMissingFile(options.words)) {
    return Error{options.words.front() +
                 ": no such message; name a file, or write the reply itself"};
  } else {
    good = PrintAll(options, printer);
  }
  return good ? kExitOk : FailedOutput();
}

int RunExplain(const ExplainOptions& options) {
  return RunWithRules(options.rules, [&](const auto& rules) { return Explain(options, rules); });
}

}  // namespace

void AddExplainCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("explain", "What a reply means, and what to do about it");
  command->footer(kHelp);
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("TEXT", options->words,
                      "A reply, a log line, a bounce text, or the name of a saved bounce message");
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
