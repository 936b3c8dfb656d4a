#include "metrics/name_translation.h"

namespace bouncesight {
namespace {

void WriteNames(ByteWriter& out, const std::vector<std::string>& names) {
  out.Number(names.size());
  for (const std::string& name : names) out.String(name);
}

std::vector<std::string> ReadNames(ByteReader& in) {
  std::vector<std::string> names;
  for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) names.emplace_back(in.String());
  return names;
}

}  // namespace

void WriteTableNames(ByteWriter& out, const RuleNames& names) {
  WriteNames(out, names.causes);
  WriteNames(out, names.providers);
}

NameTranslation ReadTableNames(ByteReader& in, const RuleNames& now) {
  RuleNames from;
  from.causes = ReadNames(in);
  from.providers = ReadNames(in);
  return {from, now};
}

}  // namespace bouncesight
