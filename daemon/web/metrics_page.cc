#include "daemon/web/metrics_page.h"

#include <zlib.h>

namespace bouncesight {

std::string Gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // zlib: a gzip header instead of its own
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in = text;  // zlib takes no const
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return whole ? out : std::string();
}

MetricsPage::MetricsPage(const PublishedBox& box, const Clock& clock, DescribeProcess describe)
    : box_(box), clock_(clock), describe_(std::move(describe)) {}

std::shared_ptr<const std::string> MetricsPage::Body(ExpositionFormat format, bool gzip) {
  const MutexLock lock(mutex_);
  Cached& cached = cached_[format == ExpositionFormat::kOpenMetrics ? 1 : 0];
  const auto now = clock_.Steady();
  const auto published = box_.Get();
  if (cached.published != published || now - cached.made >= kMaxAge) {
    cached = Cached{published, now, std::make_shared<const std::string>(Render(*published, format)),
                    nullptr};
  }
  if (!gzip) return cached.plain;
  if (!cached.gzip) cached.gzip = std::make_shared<const std::string>(Gzip(*cached.plain));
  return cached.gzip;
}

Live MetricsPage::LiveOf(const Published& published) const {
  Live live;
  live.sources = published.sources;
  live.shippers = published.shippers;
  live.state_commits = published.commits;
  live.state_commit_failures = published.failures;
  live.state_bytes_written = published.bytes_written;
  const std::chrono::duration<double> age = clock_.Steady() - published.committed;
  live.state_age_seconds = age.count();
  describe_(live);
  return live;
}

std::string MetricsPage::Render(const Published& published, ExpositionFormat format) const {
  return RenderMetrics(*published.snapshot, LiveOf(published), format);
}

}  // namespace bouncesight
