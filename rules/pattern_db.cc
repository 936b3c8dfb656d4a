#include "rules/pattern_db.h"

#include <algorithm>
#include <cstdlib>

#include <hs/hs.h>

namespace bouncesight {
namespace {

constexpr unsigned kFlags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | HS_FLAG_MULTILINE;

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

}  // namespace bouncesight
