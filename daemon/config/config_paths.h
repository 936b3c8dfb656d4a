// What people write under `paths`: read as a shell would read it, or refused with what to write
// instead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bouncesight {

// "/log/{a,b}.log" as "/log/a.log" and "/log/b.log", in each text, nested ones too. A brace without
// its partner or without a comma stands for itself.
std::vector<std::string> ExpandBraces(const std::vector<std::string>& paths);

// Empty, or the complaint with its remedy: not absolute, several in one text, `**`, a stream.
std::string CheckPath(std::string_view path);

}  // namespace bouncesight
