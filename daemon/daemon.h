// The daemon: everything wired together, from configuration to the end of the process.
//
// Threads: the caller's runs HTTP and signals; one per worker; one commits and feeds the watchdog;
// one reloads; one checks passwords that it has not seen before; one answers for the page's API;
// one writes the history; one for each Kafka source asks for its topic, beside librdkafka's own.
#pragma once

#include <functional>
#include <memory>

#include "daemon/config/config.h"
#include "parsers/event/result.h"

namespace bouncesight {

class Daemon {
 public:
  // `reread` gives the configuration anew, for a reload; called on a thread of the daemon's.
  Daemon(Config config, std::function<Result<Config>()> reread);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Loads rules. An Error: they or the configuration are wrong (exit code 78).
  Status LoadRules();
  // Loads what --web.config.file names. An Error: it cannot be used (exit code 78).
  Status LoadWeb();
  // Opens the state, the sources and the HTTP sockets. An Error: one cannot be had (exit code 1).
  Status Open();
  // Until SIGTERM, SIGINT, /-/quit, or the end of all there is to read; SIGHUP reloads sources and
  // rules. Commits before it returns, and waits for no more than a moment.
  //
  // False: a thread is in a call that cannot be cut short (rules being compiled, a read that hangs)
  // and may be for long. Nothing is left to do, but the daemon must not be destroyed: leave the
  // process by std::_Exit.
  [[nodiscard]] bool Run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bouncesight
