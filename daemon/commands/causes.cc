// bouncesight causes: the vocabulary, with what each cause means and what to do.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "metrics/summary_words.h"
#include "rules/cause_words.h"
#include "rules/near_name.h"

namespace bouncesight {
namespace {

constexpr const char* kCausesHelp =
    R"(Lists the causes that mail fails for, by family, and why each happens; those that your own rule files add, too.
With CAUSE it says who must act, whether a retry helps, and what to do.

  bouncesight causes
  bouncesight causes --lang=zh mailbox_full)";

struct CausesOptions {
  RuleOptions rules;
  std::string language = UserLanguage();
  std::string cause;
};

CauseId CauseAt(std::size_t index) { return static_cast<CauseId>(index); }

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, padded.size()), ' ');
  return padded;
}

// One line a cause, under its family.
std::string ListText(const RuleSet& rules, Language language) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    width = std::max(width, rules.cause_name(CauseAt(i)).size());
  }
  std::string text;
  std::string_view family;
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    const CauseId cause = CauseAt(i);
    if (rules.cause_family(cause) != family) {
      family = rules.cause_family(cause);
      text.append(text.empty() ? "" : "\n");
      text.append(WithWords(family, FamilyWords(family, language))).append("\n");
    }
    text.append("  ").append(Padded(rules.cause_name(cause), width)).append("  ");
    const std::string_view words = CauseWords(rules.cause_name(cause), language);
    text.append(words).append(words.empty() ? "" : "。");
    text.append(rules.advice(cause, RuleId::kNone).text(language).why).append("\n");
  }
  return text;
}

std::string CauseText(const RuleSet& rules, CauseId cause, Language language) {
  const Advice advice = rules.advice(cause, RuleId::kNone);
  const AdviceText& words = advice.text(language);
  const std::string_view name = rules.cause_name(cause);
  std::string text = WithWords(name, CauseWords(name, language));
  text.append(" (").append(ShortName(rules.cause_family(cause), language)).append(")\n\n");
  text.append(words.why).append("\n\n");
  const bool chinese = language == Language::kChinese;
  text.append(chinese ? "处理方: " : "must act: ")
      .append(ActWord(ActName(advice.act), language))
      .append("\n");
  text.append(chinese ? "重试: " : "retry: ")
      .append(RetryWord(RetryName(advice.retry), language))
      .append("\n");
  for (std::size_t i = 0; i < words.steps.size(); ++i) {
    text.append(std::to_string(i + 1)).append(". ").append(words.steps[i]).append("\n");
  }
  return text;
}

std::string NoSuchCause(const std::string& name, const RuleSet& rules) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rules.cause_count(); ++i) {
    names.emplace_back(rules.cause_name(CauseAt(i)));
  }
  const std::string near = NearestName(name, names);
  return "`" + name + "` is not a cause; " +
         (near.empty() ? "`bouncesight causes` lists them" : "did you mean `" + near + "`?");
}

Result<int> PrintCauses(const CausesOptions& options, const RuleSet& rules) {
  const Language language = *LanguageFromName(options.language);
  if (options.cause.empty()) return PrintOut(ListText(rules, language));
  if (const auto cause = rules.FindCause(options.cause)) {
    return PrintOut(CauseText(rules, *cause, language));
  }
  PrintError(NoSuchCause(options.cause, rules));
  return kExitUsage;
}

int RunCauses(const CausesOptions& options) {
  return RunWithRules(options.rules,
                      [&](const auto& rules) { return PrintCauses(options, *rules); });
}

}  // namespace

void AddCausesCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("causes", "The causes there are, and what to do");
  command->footer(kCausesHelp);
  auto options = std::make_shared<CausesOptions>();
  command->add_option("CAUSE", options->cause, "Only this one, with what to do");
  command
      ->add_option("--lang", options->language,
                   "The language of the advice; without it that of LC_ALL, LC_MESSAGES or LANG")
      ->check(OneOf({"en", "zh"}));
  AddRuleOptions(*command, options->rules);
  command->callback([options, &chosen] { chosen.run = [options] { return RunCauses(*options); }; });
}

}  // namespace bouncesight
