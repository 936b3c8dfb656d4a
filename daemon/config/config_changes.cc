#include "daemon/config/config_changes.h"

namespace bouncesight {

std::vector<std::string> KeysForRestart(const Config& running, const Config& next) {
  std::vector<std::string> keys;
  const auto compare = [&](const char* key, const auto& one, const auto& other) {
    if (one != other) keys.emplace_back(key);
  };
  compare("web.listen_address", running.web.listen_addresses, next.web.listen_addresses);
  compare("web.telemetry_path", running.web.telemetry_path, next.web.telemetry_path);
  compare("web.config_file", running.web.config_file, next.web.config_file);
  compare("web.enable_lifecycle", running.web.enable_lifecycle, next.web.enable_lifecycle);
  compare("state.path", running.state.path, next.state.path);
  compare("state.interval", running.state.interval, next.state.interval);
  compare("state.catch_up", running.state.catch_up, next.state.catch_up);
  compare("metrics.max_domains", running.metrics.max_domains, next.metrics.max_domains);
  compare("metrics.max_series", running.metrics.max_series, next.metrics.max_series);
  compare("metrics.rule_hits", running.metrics.all_rules, next.metrics.all_rules);
  compare("metrics.exemplars", running.metrics.exemplars, next.metrics.exemplars);
  compare("metrics.accounts", running.metrics.accounts, next.metrics.accounts);
  compare("metrics.pinned_domains", running.metrics.pinned_domains, next.metrics.pinned_domains);
  compare("metrics.domain_groups", running.metrics.domain_groups, next.metrics.domain_groups);
  compare("history.enabled", running.history.on, next.history.on);
  compare("history.keep", running.history.keep, next.history.keep);
  compare("history.max_size", running.history.max_size, next.history.max_size);
  compare("privacy.addresses", running.privacy.addresses, next.privacy.addresses);
  compare("workers", running.workers, next.workers);
  compare("log.level", running.log.level, next.log.level);
  compare("log.format", running.log.format, next.log.format);
  return keys;
}

}  // namespace bouncesight
