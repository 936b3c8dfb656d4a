// A wrong command line, told in plain words: what the option library says is for programmers.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
class Validator;
}  // namespace CLI

namespace bouncesight {

// What is wrong and what to write instead, as a sentence for PrintError. `app` has just thrown
// `error`. Empty: nothing is, it was asked for help or the version.
std::string UsageWords(const CLI::App& app, const CLI::ParseError& error);

// Checks of an option's value, which --help shows as those of CLI11 and whose complaints say what
// to write.
CLI::Validator OneOf(std::vector<std::string> names);
CLI::Validator Between(int least, int most);

}  // namespace bouncesight
