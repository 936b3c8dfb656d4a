#include "metrics/totals.h"

#include <utility>

#include "metrics/totals_impl.h"

namespace bouncesight {

Totals::Totals(TotalsLimits limits) : impl_(std::make_unique<Impl>(std::move(limits))) {}

Totals::Totals(const Snapshot& restored, TotalsLimits limits) : Totals(std::move(limits)) {
  impl_->Restore(restored);
}

Totals::~Totals() = default;
Totals::Totals(Totals&&) noexcept = default;
Totals& Totals::operator=(Totals&&) noexcept = default;

void Totals::AddSource(std::string_view name, std::optional<Mta> mta) {
  impl_->AddSource(name, mta);
}
void Totals::AddNames(const RuleNames& names) { impl_->AddNames(names); }
void Totals::Merge(const Tally& tally) { impl_->Merge(tally); }
void Totals::Advance(std::uint64_t seconds) { impl_->Advance(seconds); }
std::shared_ptr<const Snapshot> Totals::Publish() { return impl_->Publish(); }

}  // namespace bouncesight
