// bouncesight: says why mail bounces, and counts it for Prometheus.
#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/terminal.h"
#include "daemon/system/version.h"
#include "rules/near_name.h"

namespace {

constexpr const char* kDescription =
    "Says of every deferral and bounce in a mail log why it failed, and counts it for Prometheus.";

constexpr const char* kExamples = R"(Examples:
  bouncesight report /var/log/mail.log*         why mail failed, by cause, domain and code
  bouncesight explain '550 5.7.1 blocked using zen.spamhaus.org'
                                                what one reply means and what to do
  bouncesight events mail.log | jq .cause       one JSON record per delivery result
  bouncesight trace ann@example.net mail.log    what became of a message
  bouncesight check                             is the configuration right? are the rules?
  bouncesight causes mailbox_full               what a cause means, and what to do
  bouncesight serve                             follow the logs, serve http://127.0.0.1:19154/metrics

'bouncesight COMMAND --help' tells more of each.)";

std::string FirstOption(const std::vector<std::string>& unknown) {
  const auto option = std::find_if(unknown.begin(), unknown.end(),
                                   [](const std::string& text) { return text.starts_with('-'); });
  return option == unknown.end() ? std::string() : *option;
}

// The option of the command that was probably meant, as a sentence to go on with; empty: none.
std::string ProbablyMeant(const CLI::App& command, std::string_view wrong) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string meant = bouncesight::NearestName(wrong.substr(0, wrong.find('=')), known);
  return meant.empty() ? "" : " is " + meant + " meant?";
}

// The command that was probably meant, as a sentence to go on with; empty: none.
std::string ProbablyMeantCommand(const CLI::App& app, std::string_view wrong) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  const std::string meant = bouncesight::NearestName(wrong, known);
  return meant.empty() ? "" : " did you mean " + meant + "?";
}

// What CLI11 says of a wrong command line, and our exit code for it.
int UsageError(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = app.remaining();
  if (app.get_subcommands().empty() && !unknown.empty()) {
    std::fprintf(stderr, "'%s' is not a command or option;%s bouncesight --help lists them\n",
                 unknown.front().c_str(), ProbablyMeantCommand(app, unknown.front()).c_str());
    return bouncesight::kExitUsage;
  }
  for (const CLI::App* command : app.get_subcommands()) {
    if (const std::string wrong = FirstOption(command->remaining()); !wrong.empty()) {
      const std::string name = command->get_name();
      std::fprintf(stderr, "'%s' is not an option of %s;%s 'bouncesight %s --help' lists them\n",
                   wrong.c_str(), name.c_str(), ProbablyMeant(*command, wrong).c_str(),
                   name.c_str());
      return bouncesight::kExitUsage;
    }
  }
  std::ostringstream out;  // --help and --version are errors to CLI11, with code 0
  std::ostringstream complaint;
  const int code = app.exit(error, out, complaint);
  std::fputs(complaint.str().c_str(), stderr);
  return code == 0 ? bouncesight::PrintOut(out.str()) : bouncesight::kExitUsage;
}

// What was written behind the program's name, in the order that CLI11 takes, the last first. `help`
// and `help COMMAND` ask for --help.
std::vector<std::string> Arguments(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto rest = std::find_if(words.begin(), words.end(),
                                 [](const std::string& word) { return word != "help"; });
  if (rest != words.begin()) {
    words.erase(words.begin(), rest);
    words.emplace_back("--help");
  }
  std::reverse(words.begin(), words.end());
  return words;
}

// The first option that ends in "=", for which CLI11 would take the word behind it, without the
// "="; empty: none. `words` is what Arguments gives. What stands behind "--" is no option.
std::string OptionWithoutValue(const std::vector<std::string>& words) {
  const auto end = std::find(words.rbegin(), words.rend(), "--");
  const auto option = std::find_if(words.rbegin(), end, [](const std::string& word) {
    return word.starts_with("--") && word.find('=') + 1 == word.size();
  });
  return option == end ? std::string() : option->substr(0, option->size() - 1);
}

// The option that was given an empty value, as by `--domain "$UNSET"`: it would stand for none.
// Empty: there is none.
std::string OptionWithEmptyValue(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      const std::vector<std::string>& values = option->results();
      const bool given =
          !option->get_positional() && std::find(values.begin(), values.end(), "") != values.end();
      if (given) return "--" + option->get_lnames().front();
    }
  }
  return {};
}

int ComplainOfNoValue(const std::string& option) {
  std::fprintf(stderr, "'%s' has no value; write %s=VALUE, or leave it out\n", option.c_str(),
               option.c_str());
  return bouncesight::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(kDescription, "bouncesight");
  app.footer(kExamples);
  app.set_version_flag("--version", bouncesight::VersionText());
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);

  bouncesight::Command chosen;
  bouncesight::AddServeCommand(app, chosen);
  bouncesight::AddReportCommand(app, chosen);
  bouncesight::AddEventsCommand(app, chosen);
  bouncesight::AddTraceCommand(app, chosen);
  bouncesight::AddExplainCommand(app, chosen);
  bouncesight::AddCheckCommand(app, chosen);
  bouncesight::AddCausesCommand(app, chosen);
  const std::vector<std::string> words = Arguments(argc, argv);
  if (const std::string option = OptionWithoutValue(words); !option.empty()) {
    return ComplainOfNoValue(option);
  }
  try {
    app.parse(std::vector<std::string>(words));
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error);
  }
  if (const std::string option = OptionWithEmptyValue(app); !option.empty()) {
    return ComplainOfNoValue(option);
  }
  return chosen.run();
}
