// bouncesight serve: follow the logs and answer scrapes.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/system/system_error.hpp>
#include <malloc.h>

#include "daemon/commands/command.h"
#include "daemon/commands/rule_options.h"
#include "daemon/commands/terminal.h"
#include "daemon/commands/usage_error.h"
#include "daemon/config/config_rules.h"
#include "daemon/daemon.h"
#include "daemon/system/log.h"
#include "daemon/system/net/listen_address.h"

namespace bouncesight {
namespace {

constexpr const char* kServeHelp =
    R"(Follows the logs that the configuration names and serves what it counts to Prometheus. With no configuration it
follows /var/log/mail.log and Exim's mainlog, or else the journal, and listens on 127.0.0.1:19154.

SIGHUP reads sources and rules anew; SIGTERM commits and ends. Flags win over the configuration.)";

struct ServeOptions {
  RuleOptions rules;
  bool check_only = false;
  std::vector<std::string> listen_addresses;
  std::string telemetry_path;
  std::string web_config_file;
  bool enable_lifecycle = false;
  bool systemd_socket = false;
  std::string state_path;
  std::string log_level;
  std::string log_format;
};

Status Override(const ServeOptions& options, Config& config) {
  if (!options.listen_addresses.empty()) {
    config.web.listen_addresses = options.listen_addresses;
    for (const auto& address : options.listen_addresses) {
      const std::string what = CheckHostPort(address);
      if (!what.empty()) return Error{"--web.listen-address: `" + address + "`: " + what};
    }
  }
  if (!options.telemetry_path.empty()) config.web.telemetry_path = options.telemetry_path;
  if (const std::string what = CheckTelemetryPath(config.web.telemetry_path); !what.empty()) {
    return Error{"--web.telemetry-path: " + what};
  }
  if (!options.web_config_file.empty()) config.web.config_file = options.web_config_file;
  config.web.enable_lifecycle = config.web.enable_lifecycle || options.enable_lifecycle;
  config.web.systemd_socket = options.systemd_socket;
  if (!options.state_path.empty()) config.state.path = options.state_path;
  if (!options.log_level.empty()) config.log.level = options.log_level;
  if (options.log_format == "json") config.log.format = LogFormat::kJson;
  if (options.log_format == "logfmt") config.log.format = LogFormat::kLogfmt;
  config.rules.files.insert(config.rules.files.begin(), options.rules.extra_files.begin(),
                            options.rules.extra_files.end());
  return Ok{};
}

int Fail(const Error& error, ExitCode code) {
  PrintError(error.message);
  return code;
}

// `how`: SIG_BLOCK or SIG_UNBLOCK, for this thread.
void MaskSignals(int how, std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(how, &set, nullptr);
}

Result<Config> LoadServeConfig(const ServeOptions& options) {
  RealFileSystem fs;
  auto config = LoadCommandConfig(options.rules.config_file, &fs);
  if (!config) return config;
  if (Status status = Override(options, *config); !status) return status.error();
  return config;
}

// An arena of the allocator keeps the most that it ever held, and there may be eight a core: with
// the threads of Kafka's clients memory grew by a third from the first quarter of an hour on, until
// each had been used.
void ShareMemory() {
  if (std::getenv("MALLOC_ARENA_MAX") == nullptr) ::mallopt(M_ARENA_MAX, 2);
}

int Serve(const ServeOptions& options) {
  ShareMemory();
  // One that comes before anybody can hear it waits, and must not end the process. (A SIGTERM may
  // end it: nothing is counted yet.)
  MaskSignals(SIG_BLOCK, {SIGHUP});
  auto config = LoadServeConfig(options);
  if (!config) return Fail(config.error(), kExitBadConfig);
  SetUpLog(config->log, StderrIsJournal());
  Daemon daemon(*config, [&options] { return LoadServeConfig(options); });
  MaskSignals(SIG_UNBLOCK, {SIGHUP});
  if (Status status = daemon.LoadRules(); !status) return Fail(status.error(), kExitBadConfig);
  if (Status status = daemon.LoadWeb(); !status) return Fail(status.error(), kExitBadConfig);
  if (options.check_only) return PrintOut("the configuration and the rules can be used\n");
  if (Status status = daemon.Open(); !status) return Fail(status.error(), kExitFailed);
  const bool whole = daemon.Run();
  // A second one must not make a failure of a clean end, once nobody hears it any more.
  MaskSignals(SIG_BLOCK, {SIGTERM, SIGINT, SIGHUP});
  if (!whole) std::_Exit(kExitOk);  // all is committed; a thread is in a call without end
  return kExitOk;
}

// What the system refused, and who can grant it. `what`: as the exception has it.
Error CannotStart(const std::string& what, int error) {
  const std::string_view remedy =
      error == EAGAIN ? ": no thread is left for it; raise TasksMax= of its unit, or `ulimit -u`"
      : error == EMFILE
          ? ": no descriptor is left for it; raise LimitNOFILE= of its unit, or `ulimit -n`"
          : "";
  return Error{"cannot start: " + what + std::string(remedy)};
}

// What is thrown at the start where the system has no descriptor or no thread left.
int RunServe(const ServeOptions& options) {
  try {
    return Serve(options);
  } catch (const boost::system::system_error& error) {
    return Fail(CannotStart(error.code().message(), error.code().value()), kExitFailed);
  } catch (const std::system_error& error) {
    return Fail(CannotStart(error.code().message(), error.code().value()), kExitFailed);
  }
}

}  // namespace

void AddServeCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Follow the logs, count, and answer Prometheus");
  command->footer(kServeHelp);
  auto options = std::make_shared<ServeOptions>();
  AddRuleOptions(*command, options->rules);
  command->add_flag("--config.check", options->check_only,
                    "Only say whether configuration and rules can be used");
  command->add_option("--web.listen-address", options->listen_addresses,
                      "HOST:PORT to listen on; may be repeated");
  command->add_option("--web.telemetry-path", options->telemetry_path, "The path of the metrics");
  command->add_option("--web.config.file", options->web_config_file,
                      "TLS and passwords, in the format of Prometheus' exporter toolkit");
  command->add_flag("--web.enable-lifecycle", options->enable_lifecycle,
                    "Answer /-/reload and /-/quit");
  command->add_flag("--web.systemd-socket", options->systemd_socket,
                    "Listen on the sockets that systemd hands over");
  command->add_option("--state.path", options->state_path, "The folder of the state");
  command->add_option("--log.level", options->log_level, "What to say of oneself")
      ->check(OneOf(std::vector<std::string>(kLogLevels.begin(), kLogLevels.end())));
  command->add_option("--log.format", options->log_format, "How to say it")
      ->check(OneOf({"logfmt", "json"}));
  command->callback([options, &chosen] { chosen.run = [options] { return RunServe(*options); }; });
}

}  // namespace bouncesight
