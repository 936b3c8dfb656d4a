#include "metrics/label_book.h"

#include <algorithm>
#include <utility>

#include "metrics/counter_change.h"
#include "metrics/label.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMostCauses = 0xFFFF;

std::uint64_t& CauseOf(LabelRow& row, std::size_t cause) {
  if (cause >= row.failures.size()) row.failures.resize(cause + 1);
  return row.failures[cause];
}

// Causes have no end: what lies behind the last one is zero.
std::uint64_t FailuresOf(const LabelRow& row, std::size_t cause) {
  return cause < row.failures.size() ? row.failures[cause] : 0;
}

bool Differ(const LabelRow& one, const LabelRow& other) {
  if (one.deliveries != other.deliveries) return true;
  const std::size_t causes = std::max(one.failures.size(), other.failures.size());
  for (std::size_t i = 0; i < causes; ++i) {
    if (FailuresOf(one, i) != FailuresOf(other, i)) return true;
  }
  return false;
}

void WriteRowChange(ByteWriter& out, const LabelRow& before, const LabelRow& after) {
  const auto was = [&](std::size_t i) { return FailuresOf(before, i); };
  WriteChange(out, before.deliveries, after.deliveries);
  WriteChanged(
      out, after.failures.size(), [&](std::size_t i) { return after.failures[i] != was(i); },
      [&](std::size_t i) { out.Number(after.failures[i] - was(i)); });
}

}  // namespace

LabelBook::LabelBook(std::size_t most, LabelOf label_of, const std::vector<std::string>& always)
    : most_(most + always.size()), label_of_(label_of), admission_(most), known_(kCached) {
  Add(std::string(kOtherLabel));
  for (const std::string& label : always) Add(label);
}

std::uint32_t LabelBook::Add(std::string label) {
  const auto number = static_cast<std::uint32_t>(rows_.size());
  index_.emplace(label, number);
  rows_.push_back({std::move(label), {}, {}});
  changed_ = true;
  return number;
}

std::uint32_t LabelBook::RowOf(std::string_view name, bool failed, std::uint32_t repeat) {
  std::uint32_t number = known_.Intern(name);
  if (number == NameTable::kFull) {  // the cache alone: rows stay
    known_.Clear();
    row_of_.clear();
    number = known_.Intern(name);
  }
  const bool fresh = number == row_of_.size();
  if (fresh) {
    const auto found = index_.find(label_of_(name));
    row_of_.push_back(found == index_.end() ? 0 : found->second);
  }
  std::uint32_t& row = row_of_[number];
  if (row != 0 || !failed) return row;
  std::string label = label_of_(name);
  if (const auto found = index_.find(label); found != index_.end()) return row = found->second;
  const std::size_t taken = rows_.size() - 1;
  const bool room = taken < most_ && label != kInvalidLabel && !label.empty();
  if (room && admission_.Earns(label, repeat, taken)) row = Add(std::move(label));
  return row;
}

void LabelBook::Count(std::string_view name, std::size_t outcome, CauseId cause,
                      std::uint32_t repeat) {
  const bool failed = kDeliveryOutcomes[outcome] != Outcome::kDelivered;
  const std::uint32_t number = RowOf(name, failed, repeat);
  LabelRow& row = rows_[number];
  row.deliveries[outcome] += repeat;
  changed_ = true;
  if (!failed) return;
  CauseOf(row, static_cast<std::size_t>(cause)) += repeat;
}

void LabelBook::Rename(const std::vector<std::uint16_t>& causes) {
  for (LabelRow& row : rows_) {
    const std::vector<std::uint64_t> old = std::exchange(row.failures, {});
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i] == 0) continue;
      CauseOf(row, i < causes.size() ? causes[i] : std::uint16_t{0}) += old[i];
    }
  }
  changed_ = true;
}

// How many rows are new, and their names; then the counters that moved, by number of the row. A row
// that is new, or one of all, counts from zero.
void LabelBook::Write(ByteWriter& out, bool whole) {
  if (whole) written_.clear();
  out.Number(whole ? 1 : 0);
  out.Number(rows_.size() - written_.size());
  for (std::size_t i = written_.size(); i < rows_.size(); ++i) out.String(rows_[i].name);
  written_.resize(rows_.size());
  WriteChanged(
      out, rows_.size(), [&](std::size_t i) { return Differ(written_[i], rows_[i]); },
      [&](std::size_t i) {
        WriteRowChange(out, written_[i], rows_[i]);
        written_[i] = rows_[i];
      });
  changed_ = false;
}

bool LabelBook::ReadRowName(ByteReader& in) {
  const std::string name(in.String());
  if (!IsLabel(name)) return false;
  const auto found = index_.find(name);
  if (found == index_.end() && rows_.size() > most_) return false;
  read_as_.push_back(found == index_.end() ? Add(name) : found->second);
  return true;
}

bool LabelBook::Read(ByteReader& in, const std::vector<std::uint16_t>& causes) {
  known_.Clear();
  row_of_.clear();
  if (in.Bounded(1) == 1) {
    read_as_.clear();
    for (LabelRow& row : rows_) row = {std::move(row.name), {}, {}};
  }
  for (std::size_t left = in.Count(); left > 0 && in.ok(); --left) {
    if (!ReadRowName(in)) return false;
  }
  const auto number_of = [&](std::size_t i) {
    return i < causes.size() ? causes[i] : std::uint16_t{0};
  };
  ReadChanged(in, read_as_.size(), [&](std::size_t i) {
    LabelRow& row = rows_[read_as_[i]];
    ReadChanged(in, row.deliveries.size(),
                [&](std::size_t outcome) { row.deliveries[outcome] += in.Number(); });
    ReadChanged(in, kMostCauses,
                [&](std::size_t cause) { CauseOf(row, number_of(cause)) += in.Number(); });
  });
  return in.ok();
}

}  // namespace bouncesight
