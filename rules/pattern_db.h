// Many patterns in one Hyperscan database, found in one scan: those that phrases alone cannot tell
// (pattern_table.h). The only file pair besides reply_scan that knows Hyperscan.
//
// Block mode; CASELESS and SINGLEMATCH; MULTILINE for links, so that ^ and $ hold for each link. No
// UTF8 flag: its behaviour is undefined on invalid input, and replies are any bytes. No start of
// match: it costs, and only `explain` wants it, for one pattern (pattern_span.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/event/result.h"
#include "rules/expression_list.h"

struct hs_database;
struct hs_scratch;

namespace bouncesight {

struct PatternFacts {
  unsigned min_width = 0;  // the fewest bytes that a match has
};
// The error says what is wrong with the expression, without a place.
Result<PatternFacts> InspectPattern(const std::string& expression);

struct CompileFailure {
  std::size_t pattern = 0;  // which one
  std::string what;
};

class PatternDb {
 public:
  PatternDb();  // matches nothing
  ~PatternDb();
  PatternDb(PatternDb&&) noexcept;
  PatternDb& operator=(PatternDb&&) noexcept;

  // Those of `expressions` whose indices are in `chosen`; the index is the id in matches.
  // std::nullopt: compiled, for the processor at hand.
  std::optional<CompileFailure> Compile(const ExpressionList& expressions,
                                        const std::vector<unsigned>& chosen);

  // The same for other processors: a database for those with AVX2, and one for any. Hyperscan takes
  // only those that the processor at hand can run, so Restore tries them in this order.
  static std::vector<std::string> CompilePortable(const ExpressionList& expressions,
                                                  const std::vector<unsigned>& chosen);
  // False, and unchanged: bytes for another processor or another version of Hyperscan, or damaged.
  bool Restore(std::string_view bytes);

  const hs_database* get() const { return database_; }
  bool empty() const { return database_ == nullptr; }
  std::size_t size_bytes() const;

 private:
  hs_database* database_ = nullptr;
};

}  // namespace bouncesight
