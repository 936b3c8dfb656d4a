// A TLS context that follows its files: a renewed certificate is taken up with the next connection,
// without a restart.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/system/file_stamp.h"
#include "daemon/system/net/tls_context.h"

namespace bouncesight {

// One thread.
class RenewedTls {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Loads the files. An Error names the one that cannot be used, and why. `fs` outlives it.
  static Result<RenewedTls> Load(TlsConfig config, FileSystem& fs);

  // Looks at the files at most once a second. What cannot be used is logged, with `who` in front,
  // and leaves the old one in force.
  const TlsContext& Get(Time now, const std::string& who);

 private:
  RenewedTls(TlsConfig config, FileSystem& fs) : config_(std::move(config)), fs_(&fs) {}
  std::vector<FileStamp> Stamps() const;

  TlsConfig config_;
  FileSystem* fs_;
  TlsContext context_;
  std::vector<FileStamp> stamps_;
  Time looked_;
};

}  // namespace bouncesight
