#include "daemon/config/config_paths.h"

#include <array>
#include <cstddef>
#include <optional>

namespace bouncesight {
namespace {

// Braces multiply: a text of a few of them is a slip, or worse.
constexpr std::size_t kMostPaths = 1000;

// The first `{…,…}` of a text.
struct Braces {
  std::size_t begin = 0, end = 0;         // of the whole, braces included
  std::vector<std::string_view> choices;  // views into the text
};

// The braces that open at `begin`; none: they do not close, or hold no comma of their own.
std::optional<Braces> BracesAt(std::string_view text, std::size_t begin) {
  Braces braces;
  braces.begin = begin;
  std::size_t depth = 0;
  std::size_t choice = begin + 1;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    const bool ends = text[i] == '}' && --depth == 0;
    if (!ends && (text[i] != ',' || depth != 1)) continue;
    braces.choices.push_back(text.substr(choice, i - choice));
    choice = i + 1;
    if (!ends) continue;
    braces.end = i + 1;
    return braces.choices.size() > 1 ? std::optional(braces) : std::nullopt;
  }
  return std::nullopt;
}

void Expand(std::string_view text, std::vector<std::string>& out) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::optional<Braces> braces = BracesAt(text, at);
    if (!braces) continue;
    for (const std::string_view choice : braces->choices) {
      if (out.size() >= kMostPaths) return;
      Expand(std::string(text.substr(0, braces->begin))
                 .append(choice)
                 .append(text.substr(braces->end)),
             out);
    }
    return;
  }
  out.emplace_back(text);
}

// "/a.log, /b.log" and "/a.log /b.log" as "/a.log" and what follows; none: it is one path.
std::optional<std::array<std::string_view, 2>> SplitAtSecond(std::string_view path) {
  for (const std::string_view between : {",/", ", /", " /", ";/", "; /", ":/"}) {
    const std::size_t at = path.find(between);
    if (at == std::string_view::npos || at == 0) continue;
    return std::array{path.substr(0, at), path.substr(at + between.size() - 1)};
  }
  return std::nullopt;
}

// What people write who have a Windows host, a browser, a word processor or a shell in mind.
std::string AbsoluteRemedy(std::string_view path) {
  const auto has = [&](std::string_view part) { return path.find(part) != path.npos; };
  if (path.starts_with("~")) return "`~` is not put in here; write the path itself";
  if (has("\\") || (path.size() > 2 && path.substr(1, 2) == ":/")) {
    return "this is a path of Windows; write one of this host, as /var/log/mail.log";
  }
  if (has("://")) return "write the path alone, as /var/log/mail.log";
  if (path.starts_with("\xE2\x80")) {  // U+2018 to U+201F
    return "typographic quotes do not quote; write \" or none";
  }
  if (path.starts_with(" ") || path.starts_with("\t")) return "leave the blank before it away";
  return "write an absolute path";
}

}  // namespace

std::vector<std::string> ExpandBraces(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) Expand(path, out);
  return out;
}

std::string CheckPath(std::string_view path) {
  const std::string quoted = "`" + std::string(path) + "`: ";
  if (path.starts_with("$") || path.find("${") != std::string_view::npos) {
    return quoted + "variables are not put in here; write the path itself";
  }
  if (path.empty() || path.front() != '/') return quoted + AbsoluteRemedy(path);
  if (const auto parts = SplitAtSecond(path)) {
    return quoted + "write a list: [" + std::string((*parts)[0]) + ", " + std::string((*parts)[1]) +
           "]";
  }
  if (path.find("**") != std::string_view::npos) {
    return quoted +
           "`**` is not read; write a pattern for each depth, as [/var/log/*.log, "
           "/var/log/*/*.log]";
  }
  if (path == "/dev/stdin" || path.starts_with("/dev/fd/") || path == "/proc/self/fd/0") {
    return quoted + "use `type: stdin` for the source, without `paths`";
  }
  return {};
}

}  // namespace bouncesight
