#include "rules/top_level_domains.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace bouncesight {
namespace {

constexpr std::string_view kCountryCodes =
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec "
    "ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy "
    "hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz "
    "la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx "
    "my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re "
    "ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th "
    "tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

// Sorted.
constexpr auto kLonger = std::to_array<std::string_view>(
    {"academy",     "aero",     "africa",     "agency",    "amazon", "app",      "apple",
     "arpa",        "art",      "asia",       "bank",      "berlin", "bid",      "biz",
     "blog",        "business", "care",       "cat",       "center", "church",   "click",
     "cloud",       "club",     "com",        "company",   "coop",   "corp",     "design",
     "dev",         "digital",  "edu",        "education", "email",  "energy",   "example",
     "expert",      "finance",  "fun",        "global",    "gmbh",   "goog",     "google",
     "gov",         "group",    "guru",       "hamburg",   "health", "home",     "host",
     "hosting",     "icu",      "inc",        "info",      "int",    "internal", "international",
     "intranet",    "invalid",  "ist",        "istanbul",  "jobs",   "koeln",    "lan",
     "law",         "legal",    "life",       "link",      "live",   "llc",      "local",
     "localdomain", "london",   "ltd",        "marketing", "media",  "men",      "microsoft",
     "mil",         "mobi",     "moscow",     "museum",    "name",   "net",      "network",
     "news",        "ninja",    "nyc",        "one",       "online", "org",      "page",
     "paris",       "party",    "post",       "press",     "pro",    "quebec",   "ruhr",
     "sale",        "school",   "science",    "services",  "shop",   "site",     "software",
     "solutions",   "space",    "store",      "stream",    "studio", "swiss",    "systems",
     "team",        "tech",     "technology", "tel",       "test",   "tokyo",    "top",
     "trade",       "travel",   "university", "ventures",  "vip",    "wang",     "website",
     "wien",        "wiki",     "win",        "work",      "works",  "world",    "xin",
     "xxx",         "xyz",      "yahoo",      "zone"});
static_assert(std::is_sorted(kLonger.begin(), kLonger.end()));

constexpr std::array<std::uint32_t, 26> MakeCountryTable() {
  std::array<std::uint32_t, 26> table{};
  for (std::size_t i = 0; i + 1 < kCountryCodes.size(); i += 3) {
    table[static_cast<std::size_t>(kCountryCodes[i] - 'a')] |= 1U << (kCountryCodes[i + 1] - 'a');
  }
  return table;
}
constexpr auto kCountryTable = MakeCountryTable();

constexpr std::size_t kLongest = 18;

}  // namespace

bool IsTopLevelDomain(std::string_view label) {
  if (label.size() < 2 || label.size() > kLongest) return false;
  std::array<char, kLongest> lower{};
  for (std::size_t i = 0; i < label.size(); ++i) {
    const char c = static_cast<char>(label[i] | 0x20);
    if (c < 'a' || c > 'z') return label.starts_with("xn--");
    lower[i] = c;
  }
  if (label.size() == 2) {
    return (kCountryTable[static_cast<std::size_t>(lower[0] - 'a')] >> (lower[1] - 'a') & 1U) != 0;
  }
  return std::binary_search(kLonger.begin(), kLonger.end(),
                            std::string_view(lower.data(), label.size()));
}

}  // namespace bouncesight
