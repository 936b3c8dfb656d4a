// Which values may stand in the rows of one block: a Bloom filter (B. H. Bloom, 1970) of 31,200
// bits and five hashes. A block of 1,024 rows has some 2,500 different values, so one block in 300
// is looked at in vain. It takes four bytes a row, where an index for each column would take 60,
// and fits a page of the database.
//
// The marks are part of the file: hashes must be the same in every build.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bouncesight {

// The columns that a search can ask for.
enum class MarkedColumn : std::uint8_t {
  kSource = 1,
  kHost,
  kOutcome,
  kCause,
  kProvider,
  kDomain,
  kEnhancedCode,
  kBlocklist,
  kListedIp,
  kQueueId,
  kSenderDomain,
  kRecipient,
  kCode,
};

class BlockMarks {
 public:
  static constexpr std::size_t kBytes = 3900;

  BlockMarks() : bytes_(kBytes, '\0') {}

  // The marks of an empty `value` are none.
  void Add(MarkedColumn column, std::string_view value);
  std::string_view bytes() const { return bytes_; }

  // False: it is in none of the rows.
  static bool MayHold(std::string_view stored, MarkedColumn column, std::string_view value);

 private:
  std::string bytes_;
};

}  // namespace bouncesight
