// bouncesight explain: what a reply means, and what to do about it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/batch/explainer.h"
#include "daemon/commands/command.h"
#include "daemon/commands/log_options.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/system/fs.h"
#include "daemon/system/input_stream.h"
#include "daemon/system/shell_word.h"
#include "daemon/system/small_file.h"
#include "parsers/reason/plain_text.h"
#include "parsers/reason/text_lines.h"
#include "parsers/text/scan.h"
#include "parsers/text/utf8.h"

namespace bouncesight {
namespace {

constexpr const char* kExplainHelp =
    R"(Says what a reply, a log line or a bounce means: the cause, the rule that saw it, who must act, whether a retry
helps, and what to do. It takes a reply, log lines, a whole bounce as text or as a saved message (.eml, mbox), a
mail queue's listing (postqueue -p, mailq), or a table of bounces (CSV), and answers for each recipient.

  bouncesight explain '550 5.1.1 <x@example.net>: user unknown'
  bouncesight explain bounce.eml other.eml       whole messages, saved from the mail client
  bouncesight explain --lang=zh '554 DT:SPM'
  mailq | bouncesight explain
  grep status=deferred /var/log/mail.log | bouncesight explain --format=json

Each message of an mbox is explained as if it were alone. Of several files, each answer is headed by its file's name.
Without TEXT, or with -, it reads standard input as one text. Only what is plainly a list of replies (every line begins
as a reply does; from eight lines on a third of them; no line blank, indented or a header) has an answer per line;
--lines asks for that whatever the lines are. Exit code 2: there was nothing to explain; 1: something could not be
read, as a message that is nested too deep.)";

struct ExplainOptions {
  RuleOptions rules;
  std::vector<std::string> words;
  std::string format = "text";
  std::string language = UserLanguage();
  bool lines = false;
};

class ExplanationPrinter {
 public:
  ExplanationPrinter(const ExplainOptions& options, const std::shared_ptr<const RuleSet>& rules)
      : explainer_(rules),
        json_(options.format == "json"),
        style_{.language = *LanguageFromName(options.language),
               .colour = StdoutHasColour(),
               .width = StdoutWidth()} {}

  // From now on a heading says which of several inputs an answer belongs to.
  void HeadInputs() { heads_ = true; }

  // `name` is the input's. False: standard output takes no more.
  bool Print(const std::vector<ExplainedText>& all, std::string_view name) {
    good_ = std::ranges::all_of(
        all, [this, name](const ExplainedText& one) { return Print(one, name); });
    return good_;
  }
  bool good() const { return good_; }

  Explainer& explainer() { return explainer_; }

 private:
  bool Print(const ExplainedText& explained, std::string_view name) {
    if (json_)
      return WriteOut(ExplanationJson(explained, explainer_.rules(), style_.language) + "\n");
    const bool first = std::exchange(first_, false);
    std::string head = ExplanationHead(heads_ ? name : std::string_view(), explained, style_);
    if (head == head_)
      head.clear();  // several recipients of one message
    else
      head_ = head;
    return WriteOut((first ? "" : "\n") + head +
                    ExplanationText(explained, explainer_.rules(), style_));
  }

  Explainer explainer_;
  bool json_;
  ExplanationStyle style_;
  bool first_ = true;
  bool heads_ = false;
  bool good_ = true;
  std::string head_;  // the last one
};

// Unquoted words on the command line are one text.
std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

constexpr std::string_view kStdin = "-";
constexpr std::uint64_t kMostInput = std::uint64_t{256}
                                     << 20;  // a mailq, a folder's worth of messages

enum class Word : std::uint8_t {
  kText,
  kInput,  // a file, a pipe, or standard input: what holds text rather than being it
  kFolder,
  kMissing,  // "bounce.eml" or "/tmp/bounce" where no such file is: a slip, and no reply to explain
};

bool LooksLikeAPath(const std::string& word) {
  constexpr std::string_view kEndings[] = {".eml", ".mbox", ".msg", ".txt",
                                           ".log", ".html", ".csv"};
  if (word.find_first_of(" \t\n@") != std::string::npos) return false;
  constexpr std::string_view kStarts[] = {"/", "./", "../"};
  const auto begins = [&word](std::string_view start) { return word.starts_with(start); };
  const auto ends = [&word](std::string_view ending) { return word.ends_with(ending); };
  return std::ranges::any_of(kStarts, begins) || std::ranges::any_of(kEndings, ends);
}

// Asks the disk once: it may say something else the next time.
Word KindOf(const std::string& word) {
  if (word == kStdin) return Word::kInput;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(word, error);
  // Where it cannot be told, to read it will tell why. A text may be longer than a name.
  if (status.type() == std::filesystem::file_type::none) {
    return error == std::errc::filename_too_long ? Word::kText : Word::kInput;
  }
  if (std::filesystem::is_directory(status)) return Word::kFolder;
  if (std::filesystem::exists(status)) return Word::kInput;
  return LooksLikeAPath(word) ? Word::kMissing : Word::kText;
}

Error NotRead(const std::string& name, Word kind) {
  if (kind == Word::kMissing)
    return Error{name + ": no such message; name a file, or write the reply itself"};
  const bool slash = name.ends_with('/');
  return Error{name + ": is a folder; name the messages in it, as in " + ShellWord(name) +
               (slash ? "*" : "/*")};
}

Result<std::string> ReadStdin() {
  constexpr std::size_t kStep = std::size_t{64} << 10;
  const InputStream input(kStdinFd);
  std::string text;
  for (std::int64_t got = 1; got > 0;) {
    const std::size_t at = text.size();
    text.resize(at + kStep);
    got = input.Read(std::span(text).subspan(at));
    text.resize(at + static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    if (got < 0) return Error{"standard input: cannot be read: " + ErrorText(got)};
    if (text.size() > kMostInput) return Error{"standard input: larger than 256 MiB"};
  }
  return text;
}

Result<std::string> ReadInput(const std::string& name) {
  if (name == kStdin) {
    if (StdinIsTerminal()) std::fputs("Paste a reply or a bounce; Ctrl-D ends.\n", stderr);
    return ReadStdin();
  }
  NoteNamedPipe(name);
  return ReadSmallFile(name, kMostInput);
}

std::vector<ExplainedText> ExplainLines(std::string_view text, Explainer& explainer) {
  std::vector<ExplainedText> all;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (!Strip(line).empty()) all.push_back(explainer.ExplainLine(line));
  }
  return all;
}

std::string NothingIn(const std::string& text, const std::string& name) {
  if (Strip(text).empty())
    return name + ": nothing to explain, it is empty; give a reply, log lines or a bounce";
  if (IsBinary(text))
    return name + ": nothing to explain, it is not text; save the bounce as .eml or paste its text";
  return name + ": nothing to explain, it reports no failure; give a reply, log lines or a bounce";
}

// The exit code. `file` is empty where the text came out of none.
int ExplainOne(const std::string& text, const std::string& name, const std::string& file,
               bool lines, ExplanationPrinter& printer) {
  std::vector<ExplainedText> all = lines && !IsBinary(text)
                                       ? ExplainLines(text, printer.explainer())
                                       : printer.explainer().ExplainText(text);
  for (ExplainedText& one : all) one.file = ToUtf8(file);
  if (all.empty()) {
    PrintError(NothingIn(text, name));
    return kExitUsage;
  }
  if (!printer.Print(all, name)) return FailedOutput();
  const bool read = std::ranges::none_of(
      all, [](const ExplainedText& one) { return one.notice == NoticeKind::kTooDeep; });
  return read ? kExitOk : kExitFailed;
}

Result<int> ExplainInputs(const std::vector<std::string>& names, bool lines,
                          ExplanationPrinter& printer) {
  int worst = kExitOk;
  if (names.size() > 1) printer.HeadInputs();
  for (const std::string& name : names) {
    const Result<std::string> text = ReadInput(name);
    if (!text) return text.error();
    const bool file = name != kStdin;
    const int code = ExplainOne(*text, file ? name : "standard input", file ? name : std::string(),
                                lines, printer);
    if (!printer.good()) return code;
    worst = std::max(worst, code);
  }
  return worst;
}

Result<int> Explain(const ExplainOptions& options, const std::shared_ptr<const RuleSet>& rules) {
  ExplanationPrinter printer(options, rules);
  const std::vector<std::string>& words = options.words;
  if (words.empty()) return ExplainInputs({std::string(kStdin)}, options.lines, printer);
  std::vector<Word> kinds;
  std::ranges::transform(words, std::back_inserter(kinds), KindOf);
  if (std::ranges::find(kinds, Word::kText) == kinds.end()) {
    const auto unread = std::ranges::find_if(kinds, [](Word kind) { return kind != Word::kInput; });
    if (unread == kinds.end()) return ExplainInputs(words, options.lines, printer);
    return NotRead(words[static_cast<std::size_t>(unread - kinds.begin())], *unread);
  }
  const std::string text = Joined(words);
  if (rules->FindCause(text)) {
    PrintError("nothing to explain, `" + text +
               "` is the name of a cause; see `bouncesight causes " + text + "`");
    return kExitUsage;
  }
  return ExplainOne(text, "the text", {}, options.lines, printer);
}

int RunExplain(const ExplainOptions& options) {
  return RunWithRules(options.rules, [&](const auto& rules) { return Explain(options, rules); });
}

}  // namespace

void AddExplainCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("explain", "What a reply means, and what to do about it");
  command->footer(kExplainHelp);
  auto options = std::make_shared<ExplainOptions>();
  command->add_option(
      "TEXT", options->words,
      "A reply, log lines or a bounce; or the names of files that hold such, - for standard input");
  command->add_flag("--lines", options->lines, "An answer for each line, whatever the lines are");
  command->add_option("--format", options->format, "What to print")
      ->check(OneOf({"text", "json"}))
      ->capture_default_str();
  command
      ->add_option("--lang", options->language,
                   "The language of the answer; without it that of LC_ALL, LC_MESSAGES or LANG")
      ->check(OneOf({"en", "zh"}));
  AddRuleOptions(*command, options->rules);
  command->callback(
      [options, &chosen] { chosen.run = [options] { return RunExplain(*options); }; });
}

}  // namespace bouncesight
