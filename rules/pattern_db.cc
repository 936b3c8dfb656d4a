#include "rules/pattern_db.h"

#include <algorithm>
#include <cstdlib>

#include <hs/hs.h>

#include "parsers/text/ascii.h"
#include "rules/phrase.h"

namespace bouncesight {
namespace {

constexpr unsigned kFlags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | HS_FLAG_MULTILINE;

struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
  bool found = false;
};

// The leftmost start, and the longest match from there.
int KeepLeftmost(unsigned, unsigned long long from, unsigned long long to, unsigned,
                 void* context) {
  auto& span = *static_cast<Span*>(context);
  if (!span.found || from < span.start || (from == span.start && to > span.end)) {
    span = {static_cast<std::size_t>(from), static_cast<std::size_t>(to), true};
  }
  return 0;
}

using Place = std::optional<std::pair<std::size_t, std::size_t>>;

// An expression that is bytes in a row, maybe from the start of a word or to the end of one.
struct Plain {
  std::string bytes;
  bool boundary_before = false;
  bool boundary_after = false;
};

constexpr std::string_view kBoundary = "\\b";
constexpr std::string_view kPlainMarks = " _-,:;/'\"@<>=!%&~";

// std::nullopt: it is more than that, or may be.
std::optional<Plain> ReadPlain(std::string_view expression) {
  Plain plain;
  plain.boundary_before = expression.starts_with(kBoundary);
  if (plain.boundary_before) expression.remove_prefix(kBoundary.size());
  while (!expression.empty()) {
    if (expression == kBoundary) {
      plain.boundary_after = true;
      break;
    }
    const bool escaped = expression[0] == '\\' && expression.size() > 1;
    if (escaped) expression.remove_prefix(1);
    const char c = expression[0];
    const bool itself = IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80;
    const bool mark = kPlainMarks.find(c) != std::string_view::npos;
    const bool good = escaped ? c > ' ' && c < '\x7f' && !IsAlnum(c) : itself || mark;
    if (!good) return std::nullopt;
    plain.bytes += c;
    expression.remove_prefix(1);
  }
  if (plain.bytes.empty()) return std::nullopt;
  return plain;
}

Place FindPlain(const Plain& plain, std::string_view text) {
  const auto same = [](char a, char b) { return ToLower(a) == ToLower(b); };
  for (auto from = text.begin();; ++from) {
    from = std::search(from, text.end(), plain.bytes.begin(), plain.bytes.end(), same);
    if (from == text.end()) return std::nullopt;
    const auto begin = static_cast<std::size_t>(from - text.begin());
    const std::size_t end = begin + plain.bytes.size();
    if (plain.boundary_before && !IsWordBoundary(text, begin)) continue;
    if (plain.boundary_after && !IsWordBoundary(text, end)) continue;
    return std::make_pair(begin, end);
  }
}

std::string TakeMessage(hs_compile_error_t* error) {
  std::string message = error != nullptr ? error->message : "not compiled";
  while (!message.empty() && message.back() == '.') message.pop_back();
  hs_free_compile_error(error);
  return message;
}

// `platform`: null for the processor at hand.
std::optional<CompileFailure> CompileFor(const hs_platform_info_t* platform,
                                         const ExpressionList& expressions,
                                         const std::vector<unsigned>& chosen,
                                         hs_database_t*& database) {
  if (chosen.empty()) return std::nullopt;
  std::vector<const char*> texts;
  texts.reserve(chosen.size());
  const std::vector<unsigned> flags(chosen.size(), kFlags);
  for (const unsigned id : chosen) texts.push_back(expressions.c_str(id));
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), chosen.data(),
                       static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, platform, &database,
                       &error) == HS_SUCCESS) {
    return std::nullopt;
  }
  const int index = error != nullptr ? error->expression : -1;
  return CompileFailure{chosen[index < 0 ? 0 : static_cast<std::size_t>(index)],
                        TakeMessage(error)};
}

std::string BytesOf(const hs_database_t* database) {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) return {};
  std::string copy(bytes, size);
  std::free(bytes);
  return copy;
}

}  // namespace

Result<PatternFacts> InspectPattern(const std::string& expression) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(expression.c_str(), kFlags, &info, &error) != HS_SUCCESS) {
    return Error{TakeMessage(error)};
  }
  PatternFacts facts{info->min_width};
  std::free(info);  // as hs_expression_info asks
  return facts;
}

PatternDb::PatternDb() = default;
PatternDb::~PatternDb() { hs_free_database(database_); }
PatternDb::PatternDb(PatternDb&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
PatternDb& PatternDb::operator=(PatternDb&& other) noexcept {
  std::swap(database_, other.database_);
  return *this;
}

bool PatternDb::Restore(std::string_view bytes) {
  hs_database_t* database = nullptr;
  // Checks length, version, platform and a CRC.
  if (bytes.empty() ||
      hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) {
    return false;
  }
  hs_free_database(std::exchange(database_, database));
  return true;
}

std::optional<CompileFailure> PatternDb::Compile(const ExpressionList& expressions,
                                                 const std::vector<unsigned>& chosen) {
  hs_free_database(std::exchange(database_, nullptr));
  return CompileFor(nullptr, expressions, chosen, database_);
}

std::vector<std::string> PatternDb::CompilePortable(const ExpressionList& expressions,
                                                    const std::vector<unsigned>& chosen) {
  std::vector<std::string> databases;
  for (const unsigned long long features : {HS_CPU_FEATURES_AVX2, 0ULL}) {
    const hs_platform_info_t platform{HS_TUNE_FAMILY_GENERIC, features, 0, 0};
    PatternDb one;
    if (CompileFor(&platform, expressions, chosen, one.database_) || one.empty()) continue;
    databases.push_back(BytesOf(one.database_));
  }
  return databases;
}

std::size_t PatternDb::size_bytes() const {
  std::size_t size = 0;
  if (database_ != nullptr) hs_database_size(database_, &size);
  return size;
}

std::optional<std::pair<std::size_t, std::size_t>> FindSpan(const std::string& expression,
                                                            std::string_view text) {
  if (const auto plain = ReadPlain(expression)) return FindPlain(*plain, text);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  constexpr unsigned kSpanFlags = HS_FLAG_CASELESS | HS_FLAG_MULTILINE | HS_FLAG_SOM_LEFTMOST;
  if (hs_compile(expression.c_str(), kSpanFlags, HS_MODE_BLOCK, nullptr, &database, &error) !=
      HS_SUCCESS) {
    hs_free_compile_error(error);
    return std::nullopt;
  }
  Span span;
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) == HS_SUCCESS) {
    hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, KeepLeftmost,
            &span);
  }
  hs_free_scratch(scratch);
  hs_free_database(database);
  if (!span.found) return std::nullopt;
  return std::make_pair(span.start, span.end);
}

}  // namespace bouncesight
