// bouncesight: says why mail bounces, and counts it for Prometheus.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/system/version.h"

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

// Says what is wrong with the command line, and gives our exit code for it.
int UsageError(const CLI::App& app, const CLI::ParseError& error) {
  if (const std::string words = bouncesight::UsageWords(app, error); !words.empty()) {
    bouncesight::PrintError(words);
    return bouncesight::kExitUsage;
  }
  std::ostringstream out;  // --help and --version are errors to CLI11
  std::ostringstream complaint;
  app.exit(error, out, complaint);
  return bouncesight::PrintOut(out.str());
}

// What was written behind the program's name, in the order that CLI11 takes, the last first. `help`
// and `help COMMAND` ask for --help. A text that is an array of JSON gets a blank before it, for
// CLI11 takes what stands in brackets for a list of words.
std::vector<std::string> Arguments(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto rest = std::find_if(words.begin(), words.end(),
                                 [](const std::string& word) { return word != "help"; });
  if (rest != words.begin()) {
    words.erase(words.begin(), rest);
    words.emplace_back("--help");
  }
  if (!words.empty() && words.front() == "explain") {
    for (std::string& word : words) {
      if (word.starts_with('[') && word.ends_with(']')) word.insert(0, " ");
    }
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
  bouncesight::PrintError("'" + option + "' has no value; write " + option +
                          "=VALUE, or leave it out");
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
