#include "daemon/count/silence_watch.h"

#include "daemon/config/log_sample.h"
#include "daemon/config/source_sight.h"
#include "daemon/system/log.h"

namespace bouncesight {

SilenceWatch::SilenceWatch(const SourceConfig& config, FileSystem& fs, const Clock& clock)
    : config_(config), fs_(fs), clock_(clock) {
  // What is wrong with files that are sent as well, the source that counts them says.
  if (!config.output) due_ = clock.Steady() + kPatience;
}

void SilenceWatch::Look(const Reason& reason) {
  if (!due_ || clock_.Steady() < *due_) return;
  due_.reset();
  const SourceSight sight = LookAtSource(config_, fs_);
  std::string complaint = sight.complaint;
  if (complaint.empty()) complaint = SampleNewest(config_, sight, fs_, clock_.Wall()).complaint;
  if (complaint.empty() && reason) complaint = reason();
  if (!complaint.empty()) {
    LogWarning("source {}: a minute after the start: {}", config_.name, complaint);
  }
}

}  // namespace bouncesight
