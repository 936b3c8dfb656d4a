#include "rules/advice.h"
#include "rules/blocklist.h"
#include "rules/provider.h"
#include "rules/rule_file.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = bouncesight::fuzz::Text(data, size);
  for (const bool is_operator : {false, true}) {
    std::vector<bouncesight::ExtraCause> causes;
    const bouncesight::RuleFile file =
        bouncesight::ParseRuleFile("f.yaml", text, is_operator, causes);
    for (const std::string& error : file.errors) {
      Require(error.starts_with("f.yaml:"), "an error names the file");
      Require(error.find('\n') == std::string::npos, "an error is one line");
    }
  }
  bouncesight::ParseAdvice("advice.yaml", text).has_value();
  bouncesight::ParseProviders("providers.yaml", text).has_value();
  bouncesight::ParseBlocklists("blocklists.yaml", text).has_value();
  return 0;
}
