#include "daemon/overlap_watch.h"

#include <utility>

#include "daemon/config/alike_files.h"
#include "daemon/config/source_overlap.h"
#include "daemon/system/log.h"
#include "daemon/system/threads.h"

namespace bouncesight {

OverlapWatch::OverlapWatch(std::shared_ptr<FileSystem> fs, const Clock& clock)
    : fs_(std::move(fs)), clock_(clock) {}

void OverlapWatch::Watch(std::vector<SourceConfig> sources) {
  const MutexLock lock(mutex_);
  sources_ = std::make_shared<const std::vector<SourceConfig>>(std::move(sources));
  is_new_ = true;
  due_ = clock_.Steady() + kPatience;
  Look();
}

void OverlapWatch::Tick() {
  const MutexLock lock(mutex_);
  Look();
}

void OverlapWatch::Look() {
  const bool is_due = due_ && clock_.Steady() >= *due_;
  if (!(is_new_ || is_due) || Busy()) return;
  if (is_new_) {
    is_new_ = !Start([](const std::vector<SourceConfig>& sources, FileSystem& fs) {
      return SharedFiles(sources, fs);
    });
    return;
  }
  const bool begun = Start([](const std::vector<SourceConfig>& sources, FileSystem& fs) {
    return AlikeFiles(sources, fs);
  });
  if (begun) due_.reset();
}

bool OverlapWatch::busy() const {
  const MutexLock lock(mutex_);
  return Busy();
}

bool OverlapWatch::Busy() const {
  return latest_.valid() && latest_.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
}

void OverlapWatch::Wait() const {
  std::shared_future<void> latest;
  {
    const MutexLock lock(mutex_);
    latest = latest_;
  }
  if (latest.valid()) latest.wait();
}

bool OverlapWatch::Start(Words words) {
  std::packaged_task<void()> look([words, fs = fs_, sources = sources_] {
    for (const std::string& warning : words(*sources, *fs)) LogWarning("{}", warning);
  });
  std::shared_future<void> end = look.get_future().share();
  std::thread thread = TryThread(std::move(look));
  if (!thread.joinable()) return false;
  thread.detach();
  latest_ = std::move(end);
  return true;
}

}  // namespace bouncesight
