// Lines made to be slow: each shape once at 4 KiB and once at 64 KiB. A parser that is linear shows
// about the same bytes a second for both.
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "parsers/mta/format_reader.h"

namespace bouncesight {
namespace {

// What starts the line, and what fills the rest of it.
struct Shape {
  const char* name;
  std::string_view head;
  std::string_view filling;
};

constexpr std::string_view kPostfix = "Nov 21 16:49:30 mx postfix/smtp[1]: 2DC5552A34: ";
constexpr std::string_view kPostfixResult =
    "Nov 21 16:49:30 mx postfix/smtp[1]: 2DC5552A34: to=<a@example.net>, relay=none, delay=1, "
    "delays=1/0/0/0, dsn=5.0.0, "
    "status=bounced (host mx.example.net[192.0.2.1] said: 550 ";
constexpr std::string_view kExim = "2026-11-21 16:55:53 1xUoNV-00005S-1i ** a@example.net ";

constexpr Shape kShapes[] = {
    {"postfix_open_brackets", kPostfix, "to=<\"<"},
    {"postfix_fake_status", kPostfixResult, ", status=sent (x) "},
    {"postfix_parentheses", kPostfixResult, "(in reply to "},
    {"postfix_said", kPostfixResult, "host x[1.2.3.4] said: 550-5.1.1 "},
    {"postfix_reject",
     "Nov 21 16:49:30 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 ",
     "; from=<"},
    {"exim_fields", kExim, "R=a T=b H=c [192.0.2.1]: "},
    {"exim_escapes", kExim, "\\347\\224\\n"},
    {"exim_angles", kExim, "<a@b> "},
    {"coremail_pairs", "T:1(16:49:30)[da:Info] abc:", "key=value,"},
    {"sendmail_pairs", "Nov 21 16:49:30 mx sendmail[1]: jB4JCnPo019367: ", "to=<a@b>,"},
    {"qmail_results", "@40000000419f13a508f3214c delivery 5: failure: ", "Remote_host_said:_550_"},
    {"json_nested", R"({"a":)", R"({"a":)"},
    {"json_bytes", R"({"MESSAGE":[)", "65,"},
    {"json_escapes", R"({"MESSAGE":")", R"(\u0041\n)"},
    {"blanks", "", " \t"},
    {"digits", "", "2026-11-21 "},
    {"gb18030", kPostfixResult, "\xC4\xE3\xBA\xC3 "},
    {"nothing_known", "", "lorem: ipsum[dolor]: "},
};

void HostileLine(benchmark::State& state, const Shape& shape) {
  std::string line(shape.head);
  while (line.size() < static_cast<std::size_t>(state.range(0))) line += shape.filling;
  FormatReader reader;
  for (auto _ : state) benchmark::DoNotOptimize(reader.Parse(line));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(line.size()));
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const Shape& shape : kShapes) {
    benchmark::RegisterBenchmark((std::string("HostileLine/") + shape.name).c_str(), HostileLine,
                                 shape)
        ->Arg(4096)
        ->Arg(65536);
  }
  return true;
}();

}  // namespace
}  // namespace bouncesight
