// Counters by a name that log content chooses (a sender's domain, a login), for at most so many
// names: those that fail most have rows of their own, by the same admission as domains
// (domain_admission.h), the rest is "other". A row is for ever. One thread.
//
// Counting a name that has its row allocates nothing; one that fails and has none may.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/byte_codec.h"
#include "metrics/domain_admission.h"
#include "metrics/joined_rows.h"
#include "metrics/name_table.h"
#include "rules/cause.h"

namespace bouncesight {

class LabelBook {
 public:
  using LabelOf = std::string (*)(std::string_view name);

  // `always`: label values that have rows from the start, beside "other".
  LabelBook(std::size_t most, LabelOf label_of, const std::vector<std::string>& always);

  // `outcome`: an index into kDeliveryOutcomes, of an attempt.
  void Count(std::string_view name, std::size_t outcome, CauseId cause, std::uint32_t repeat);

  const std::vector<LabelRow>& rows() const { return rows_; }  // [0] is "other"

  // The number of each cause in another rule set: from.size() at least as many as counted.
  void Rename(const std::vector<std::uint16_t>& causes);

  // For the state: all rows, or what changed in which of them since the last call. Read takes both,
  // in the order in which they were written; `causes` translates numbers. False: damaged.
  bool changed() const { return changed_; }
  void Write(ByteWriter& out, bool whole);
  bool Read(ByteReader& in, const std::vector<std::uint16_t>& causes);

 private:
  std::uint32_t RowOf(std::string_view name, bool failed, std::uint32_t repeat);
  std::uint32_t Add(std::string label);
  bool ReadRowName(ByteReader& in);

  static constexpr std::size_t kCached = 8192;

  std::size_t most_;
  LabelOf label_of_;
  std::vector<LabelRow> rows_;
  std::vector<LabelRow> written_;       // as the last Write had them
  std::vector<std::uint32_t> read_as_;  // by number in what is read: the row
  bool changed_ = false;
  std::unordered_map<std::string, std::uint32_t> index_;
  DomainAdmission admission_;
  NameTable known_;                    // names as they were given
  std::vector<std::uint32_t> row_of_;  // of the known ones; 0: none of its own
};

}  // namespace bouncesight
