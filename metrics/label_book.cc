#include "metrics/label_book.h"

#include <algorithm>
#include <utility>

#include "metrics/label.h"

namespace bouncesight {

LabelBook::LabelBook(std::size_t most, LabelOf label_of, const std::vector<std::string>& always)
    : most_(most + always.size()), label_of_(label_of), admission_(most), known_(kCached) {
  Add(std::string(kOtherLabel));
  for (const std::string& label : always) Add(label);
}

std::uint32_t LabelBook::Add(std::string label) {
  const auto number = static_cast<std::uint32_t>(rows_.size());
  index_.emplace(label, number);
  rows_.push_back({std::move(label), {}, {}});
  dirty_.push_back(true);
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
  dirty_[number] = changed_ = true;
  if (!failed) return;
  const auto index = static_cast<std::size_t>(cause);
  if (index >= row.failures.size()) row.failures.resize(index + 1);
  row.failures[index] += repeat;
}

void LabelBook::Rename(const std::vector<std::uint16_t>& causes) {
  for (LabelRow& row : rows_) {
    const std::vector<std::uint64_t> old = std::exchange(row.failures, {});
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i] == 0) continue;
      const std::uint16_t cause = i < causes.size() ? causes[i] : std::uint16_t{0};
      if (cause >= row.failures.size()) row.failures.resize(cause + std::size_t{1});
      row.failures[cause] += old[i];
    }
  }
  dirty_.assign(rows_.size(), true);
  changed_ = true;
}

void LabelBook::Write(ByteWriter& out, bool whole) {
  const auto wanted = [&](std::size_t i) { return whole || dirty_[i]; };
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) count += wanted(i) ? 1 : 0;
  out.Number(count);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!wanted(i)) continue;
    const LabelRow& row = rows_[i];
    out.String(row.name);
    for (const std::uint64_t one : row.deliveries) out.Number(one);
    out.Number(row.failures.size() -
               static_cast<std::size_t>(std::ranges::count(row.failures, std::uint64_t{0})));
    for (std::size_t cause = 0; cause < row.failures.size(); ++cause) {
      if (row.failures[cause] == 0) continue;
      out.Number(cause);
      out.Number(row.failures[cause]);
    }
  }
  dirty_.assign(rows_.size(), false);
  changed_ = false;
}

bool LabelBook::Read(ByteReader& in, const std::vector<std::uint16_t>& causes) {
  known_.Clear();
  row_of_.clear();
  for (std::size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const std::string name(in.String());
    if (!IsLabel(name)) return false;
    const auto found = index_.find(name);
    if (found == index_.end() && rows_.size() > most_) return false;
    LabelRow& row = rows_[found == index_.end() ? Add(name) : found->second];
    for (std::uint64_t& one : row.deliveries) one = in.Number();
    row.failures.clear();
    for (std::size_t i = in.Count(); i > 0 && in.ok(); --i) {
      const std::uint64_t number = in.Bounded(0xFFFF);
      const std::uint16_t cause = number < causes.size() ? causes[number] : std::uint16_t{0};
      if (cause >= row.failures.size()) row.failures.resize(cause + std::size_t{1});
      row.failures[cause] += in.Number();
    }
  }
  return in.ok();
}

}  // namespace bouncesight
