#include "daemon/commands/usage_error.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "parsers/text/scan.h"
#include "rules/near_name.h"

namespace bouncesight {
namespace {

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

std::string FirstOption(const std::vector<std::string>& unknown) {
  const auto option =
      std::ranges::find_if(unknown, [](const std::string& text) { return text.starts_with('-'); });
  return option == unknown.end() ? std::string() : *option;
}

// The option of the command that was probably meant, as a sentence to go on with; empty: none.
std::string ProbablyMeant(const CLI::App& command, std::string_view wrong) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string meant = NearestName(wrong.substr(0, wrong.find('=')), known);
  return meant.empty() ? "" : " is " + meant + " meant?";
}

// The command that was probably meant, as a sentence to go on with; empty: none.
std::string ProbablyMeantCommand(const CLI::App& app, std::string_view wrong) {
  const std::string meant = NearestName(wrong, CommandNames(app));
  return meant.empty() ? "" : " did you mean " + meant + "?";
}

std::string HelpOf(const CLI::App& command) {
  return "'bouncesight " + command.get_name() + " --help'";
}

// "UINT:INT in [1 - 100]", "TEXT:{text,json}", "TIME".
std::string NeededValue(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string kind = type.substr(0, type.find(':'));
  if (kind == "UINT" || kind == "INT") return "a number";
  if (kind == "TEXT" || kind.empty()) return "a value";
  return kind.ends_with('S') ? kind : "a " + kind;
}

// An option was given too often, or without its value, or a flag with one. `words` are CLI11's:
// "NAME: …", "Could not convert: NAME = VALUE".
std::string MisusedOption(const CLI::App& command, std::string_view words) {
  Consume(words, "Could not convert: ");
  const std::string name(words.substr(0, words.find_first_of(": =")));
  const CLI::Option* const option = command.get_option_no_throw(name);
  if (option == nullptr) return std::string(words);
  const std::string see = "; " + HelpOf(command) + " tells more";
  if (words.find("At Most") != kNotFound) return name + " may be given once only" + see;
  if (words.find("missing") != kNotFound) return name + " needs " + NeededValue(*option) + see;
  if (option->get_expected_min() == 0) return name + " takes no value: leave it away" + see;
  TakeBefore(words, " = ");
  return "'" + std::string(words) + "' is not what " + name + " needs: " + NeededValue(*option) +
         see;
}

// `unknown`: the words that neither `command` nor the program knows.
std::string WrongInCommand(const CLI::App& command, const std::vector<std::string>& unknown,
                           const CLI::ParseError& error) {
  if (const std::string wrong = FirstOption(unknown); !wrong.empty()) {
    return "'" + wrong + "' is not an option of " + command.get_name() + ";" +
           ProbablyMeant(command, wrong) + " " + HelpOf(command) + " lists them";
  }
  if (error.get_exit_code() == 0) return {};
  // Its name is the command's.
  const bool too_much = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (too_much && !unknown.empty()) {
    return "'" + unknown.front() + "' is too much: " + command.get_name() +
           " takes no such argument; " + HelpOf(command) + " tells more";
  }
  const std::string kind = error.get_name();
  if (kind == "RequiredError") {
    const std::string words = error.what();
    return words.substr(0, words.find(' ')) + " is missing; " + HelpOf(command) + " tells more";
  }
  const bool misused = kind == "ArgumentMismatch" || kind == "ConversionError";
  return misused ? MisusedOption(command, error.what()) : error.what();
}

}  // namespace

std::string UsageWords(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  const std::vector<std::string> unknown = app.remaining(true);
  if (!commands.empty()) return WrongInCommand(*commands.front(), unknown, error);
  if (!unknown.empty()) {
    return "'" + unknown.front() + "' is not a command or option;" +
           ProbablyMeantCommand(app, unknown.front()) + " bouncesight --help lists them";
  }
  if (error.get_exit_code() == 0) return {};
  if (error.get_name() != "RequiredError") return error.what();
  return "say what to do: " + Listed(CommandNames(app)) + "; bouncesight --help tells of each";
}

CLI::Validator OneOf(std::vector<std::string> names) {
  std::string shown = CLI::IsMember(names).get_description();
  return {[names = std::move(names)](std::string& text) {
            const bool known = std::ranges::find(names, text) != names.end();
            return known ? std::string()
                         : "there is no '" + text + "'; write one of " + Listed(names);
          },
          std::move(shown)};
}

CLI::Validator Between(int least, int most) {
  CLI::Range range(least, most);
  return {[range, least, most](std::string& text) {
            return range(text).empty() ? std::string()
                                       : "'" + text + "' is not a number from " +
                                             std::to_string(least) + " to " + std::to_string(most);
          },
          range.get_description()};
}

}  // namespace bouncesight
