#include "rules/near_name.h"

#include <algorithm>

#include "parsers/text/utf8.h"

namespace bouncesight {

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string NearestName(std::string_view wrong, const std::vector<std::string>& known) {
  const std::size_t most = std::min<std::size_t>(2, 1 + wrong.size() / 4);
  std::size_t least = most + 1;
  std::string nearest;
  if (wrong.size() <= most || wrong.size() > 100) return nearest;
  for (const std::string& name : known) {
    const std::size_t distance = EditDistance(wrong, name);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

std::string InQuotes(std::string_view text) {
  constexpr std::size_t kMost = 120;
  const std::string_view shown = CutUtf8(text, kMost);
  return "'" + std::string(shown) + (shown.size() < text.size() ? "…'" : "'");
}

}  // namespace bouncesight
