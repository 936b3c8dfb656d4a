#include "rules/yaml_reader.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>

#include "rules/near_name.h"

namespace bouncesight {
namespace {

int LineOf(const YAML::Mark& mark) { return mark.is_null() ? 1 : mark.line + 1; }

std::string Joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// What the writer of an unknown key may have meant: the nearest known one, or all of them.
std::string Suggestion(const std::string& key, const std::vector<std::string>& known) {
  const std::string near = NearestName(key, known);
  return near.empty() ? "known here: " + Joined(known) : "did you mean `" + near + "`?";
}

// People indent with tabs, and the parser's own words do not name them.
std::string IndentHint(std::string_view text, const YAML::Mark& mark) {
  for (int line = 0; line < mark.line; ++line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (text.empty()) return {};
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool tab = line.substr(0, line.find_first_not_of(" \t")).find('\t') != line.npos;
  return tab ? "; this line begins with a tab: indent with blanks"
             : "; mind the indentation, and quote text that holds ': '";
}

// Where a document begins, and whether it holds anything.
class DocumentLook final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    begin_ = mark;
    content_.reset();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { NoteContent(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {
    NoteContent(mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    NoteContent(mark);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    NoteContent(mark);
  }
  void OnMapEnd() override {}

  const YAML::Mark& begin() const { return begin_; }
  const std::optional<YAML::Mark>& content() const { return content_; }  // none: it is empty

 private:
  void NoteContent(const YAML::Mark& mark) {
    if (!content_) content_ = mark;
  }

  YAML::Mark begin_ = YAML::Mark::null_mark();
  std::optional<YAML::Mark> content_;
};

// The fault of a text that is not one document; none: it is. YAML::LoadAll would not do: it takes a
// "," or "]" where a document might begin for an empty one, again and again, until memory is full.
std::optional<std::pair<YAML::Mark, const char*>> NotOneDocument(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentLook look;
  int begun = -1;
  for (bool first = true; parser.HandleNextDocument(look); first = false) {
    if (look.begin().pos == begun) {
      return std::pair(look.begin(), "this is not YAML: nothing may begin like this");
    }
    begun = look.begin().pos;
    if (!first && look.content()) {
      return std::pair(*look.content(),
                       "a second document begins here: write all in one, without `---` between");
    }
  }
  return std::nullopt;
}

std::vector<std::string> NamesOf(const std::vector<YamlKey>& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const YamlKey& key : keys) names.emplace_back(key.name);
  return names;
}

}  // namespace

void YamlErrors::Add(const YAML::Node& at, std::string_view key, std::string_view what) {
  AddAt(LineOf(at), key, what);
}

void YamlErrors::Add(const YAML::Mark& at, std::string_view key, std::string_view what) {
  AddAt(LineOf(at), key, what);
}

void YamlErrors::AddAt(int line, std::string_view key, std::string_view what) {
  std::string message = file_ + ":" + std::to_string(line) + ": ";
  if (!key.empty()) message.append(key).append(": ");
  message.append(what);
  for (char& c : message) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  messages_.push_back(std::move(message));
}

int LineOf(const YAML::Node& node) { return LineOf(node.Mark()); }

YAML::Node LoadYaml(std::string_view text, YamlErrors& errors) {
  try {
    const std::string whole(text);
    if (const auto fault = NotOneDocument(whole)) {
      errors.Add(fault->first, "", fault->second);
      return YAML::Node(YAML::NodeType::Undefined);
    }
    return YAML::Load(whole);
  } catch (const YAML::Exception& e) {
    errors.Add(e.mark, "", "this is not YAML: " + e.msg + IndentHint(text, e.mark));
    return YAML::Node(YAML::NodeType::Undefined);
  }
}

std::string ReadText(const YAML::Node& node, std::string_view key, YamlErrors& errors) {
  if (node.IsScalar()) return node.Scalar();
  errors.Add(node, key, "must be one text; write it on one line, quoted if need be");
  return {};
}

std::vector<std::string> ReadTexts(const YAML::Node& node, std::string_view key,
                                   YamlErrors& errors) {
  if (node.IsScalar()) return {node.Scalar()};
  std::vector<std::string> texts;
  if (!node.IsSequence() || node.size() == 0) {
    errors.Add(node, key, "must be a text or a list of texts; leave the key out if there is none");
    return texts;
  }
  for (const YAML::Node& item : node) texts.push_back(ReadText(item, key, errors));
  return texts;
}

std::optional<bool> ReadBool(const YAML::Node& node, std::string_view key, YamlErrors& errors) {
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  errors.Add(node, key, "must be true or false");
  return std::nullopt;
}

void CheckKeys(const YAML::Node& map, const std::string& prefix,
               const std::vector<std::string>& known, YamlErrors& errors) {
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    if (!seen.insert(key).second)
      errors.Add(entry.first, prefix + key, "this key stands here twice; keep one");
    else if (std::find(known.begin(), known.end(), key) == known.end())
      errors.Add(entry.first, prefix + key, "unknown key; " + Suggestion(key, known));
  }
}

void ReadMap(const YAML::Node& map, std::string_view where, const std::vector<YamlKey>& keys,
             YamlErrors& errors) {
  const std::vector<std::string> known = NamesOf(keys);
  if (!map.IsMap()) {
    errors.Add(map, where, "must be a map with the keys " + Joined(known));
    return;
  }
  CheckKeys(map, "", known, errors);
  std::set<std::string> seen;
  for (const auto& entry : map) {
    if (!entry.first.IsScalar() || !seen.insert(entry.first.Scalar()).second) continue;
    const auto key = std::ranges::find(keys, entry.first.Scalar(), &YamlKey::name);
    if (key != keys.end()) key->read(entry.second);
  }
}

}  // namespace bouncesight
