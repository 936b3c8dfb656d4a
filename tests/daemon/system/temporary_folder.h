#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace bouncesight {

// A folder that goes away.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/bouncesight-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace bouncesight
