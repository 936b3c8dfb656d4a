// Whatever somebody pastes: what is said of it is JSON in UTF-8, and text that no terminal obeys.
#include "daemon/batch/explainer.h"
#include "parsers/text/utf8.h"
#include "parsers/wrap/json_reader.h"
#include "tests/fuzz/fuzz.h"

using bouncesight::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bouncesight;
  static const std::shared_ptr<const RuleSet> kRules = RuleSet::Load(EmbeddedSources()).value();
  static Explainer explainer(kRules);
  const std::vector<ExplainedText> all = explainer.ExplainText(fuzz::Text(data, size));
  const std::string json = ExplanationsJson(all, *kRules, Language::kChinese);
  Require(ToUtf8(json) == json, "valid UTF-8");
  JsonReader reader;
  Require(reader.Open(json), "a JSON object");
  for (std::size_t i = 0; i < all.size() && i < 20; ++i) {
    const std::string text = ExplanationText(all[i], *kRules, {.width = 60});
    Require(ToUtf8(text) == text, "valid UTF-8");
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      Require((byte >= 0x20 && byte != 0x7f) || c == '\n', "nothing that a terminal obeys");
    }
  }
  return 0;
}
