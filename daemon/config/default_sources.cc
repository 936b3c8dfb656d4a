#include "daemon/config/default_sources.h"

#include <cerrno>

#include "daemon/system/journal_access.h"

namespace bouncesight {
namespace {

// Debian and Ubuntu, Red Hat and SUSE, Exim on each.
const std::vector<std::string> kMailLogs = {"/var/log/mail.log", "/var/log/maillog",
                                            "/var/log/mail"};
const std::vector<std::string> kEximLogs = {"/var/log/exim4/mainlog", "/var/log/exim/mainlog",
                                            "/var/log/exim/main.log"};

// As the programs of the known MTAs call themselves; "postfix-out/smtp" is one, too.
const std::vector<std::string> kMailIdentifiers = {"postfix*",   "exim*",  "sendmail*", "sm-mta*",
                                                   "opensmtpd*", "smtpd",  "qmail*",    "haraka*",
                                                   "zone-mta*",  "kumod*", "coremail*"};

SourceConfig FileSourceOf(const char* name, std::vector<std::string> paths) {
  SourceConfig source;
  source.name = name;
  source.paths = std::move(paths);
  return source;
}

// A file that may not be looked at is there.
std::vector<std::string> ThoseThere(FileSystem& fs, const std::vector<std::string>& paths) {
  std::vector<std::string> there;
  for (const auto& path : paths) {
    FileInfo info;
    const int error = fs.Stat(path, info);
    if ((error == 0 && info.regular) || error == -EACCES) there.push_back(path);
  }
  return there;
}

}  // namespace

std::vector<SourceConfig> DefaultSources(FileSystem& fs) {
  std::vector<SourceConfig> sources;
  if (auto paths = ThoseThere(fs, kMailLogs); !paths.empty()) {
    sources.push_back(FileSourceOf("mail", std::move(paths)));
  }
  if (auto paths = ThoseThere(fs, kEximLogs); !paths.empty()) {
    sources.push_back(FileSourceOf("exim", std::move(paths)));
  }
  if (sources.empty() && LookAtJournal(fs, "").present) {
    SourceConfig journal;
    journal.name = "journal";
    journal.type = SourceType::kJournal;
    journal.identifiers = kMailIdentifiers;
    sources.push_back(std::move(journal));
  }
  if (sources.empty()) {
    sources.push_back(FileSourceOf("mail", {kMailLogs.front()}));
    sources.push_back(FileSourceOf("exim", {kEximLogs.front()}));
  }
  return sources;
}

void AddDefaultSources(FileSystem& fs, Config& config) {
  if (!config.sources.empty()) return;
  config.sources = DefaultSources(fs);
  for (SourceConfig& source : config.sources) {
    source.lines.internal_relays = config.internal_relays;
  }
}

}  // namespace bouncesight
