#include "daemon/config/default_sources.h"

#include <algorithm>
#include <cerrno>

#include "daemon/system/journal_access.h"
#include "daemon/system/log.h"

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

SourceConfig JournalsMail() {
  SourceConfig journal;
  journal.name = "journal";
  journal.type = SourceType::kJournal;
  journal.identifiers = kMailIdentifiers;
  return journal;
}

// Why all of the logs are left over; empty: they are not, as far as can be told.
std::string WhyLeftOver(FileSystem& fs, const std::vector<SourceConfig>& sources,
                        const LastMail& last_mail) {
  constexpr std::int64_t kDayUs = 86'400'000'000;
  std::int64_t newest_us = 0;
  std::string newest;
  for (const SourceConfig& source : sources) {
    for (const auto& path : source.paths) {
      FileInfo info;
      if (fs.Stat(path, info) != 0) return {};
      if (info.modified_ns / 1000 < newest_us) continue;
      newest_us = info.modified_ns / 1000;
      newest = path;
    }
  }
  const auto last = newest.empty() ? std::nullopt : last_mail(kMailIdentifiers);
  const std::int64_t days = last ? (static_cast<std::int64_t>(*last) - newest_us) / kDayUs : 0;
  if (days < 1) return {};
  return newest + " was last written " + std::to_string(days) + (days == 1 ? " day" : " days") +
         " before the last mail in the journal: it is taken for left over, and the journal is "
         "followed; to follow the file, name it under `sources`";
}

}  // namespace

std::vector<SourceConfig> DefaultSources(FileSystem& fs, const LastMail& last_mail,
                                         std::string* note) {
  std::vector<SourceConfig> sources;
  if (auto paths = ThoseThere(fs, kMailLogs); !paths.empty()) {
    sources.push_back(FileSourceOf("mail", std::move(paths)));
  }
  if (auto paths = ThoseThere(fs, kEximLogs); !paths.empty()) {
    sources.push_back(FileSourceOf("exim", std::move(paths)));
  }
  if (last_mail && !sources.empty()) {
    std::string why = WhyLeftOver(fs, sources, last_mail);
    if (!why.empty()) sources = {JournalsMail()};
    if (note != nullptr) *note = std::move(why);
  }
  if (sources.empty()) {
    const JournalAccess access = LookAtJournal(fs, "");  // what is wrong with it the source says
    if (access.present || access.others) sources.push_back(JournalsMail());
  }
  if (sources.empty()) {
    sources.push_back(FileSourceOf("mail", {kMailLogs.front()}));
    sources.push_back(FileSourceOf("exim", {kEximLogs.front()}));
  }
  return sources;
}

void AddDefaultSources(FileSystem& fs, Config& config, const LastMail& last_mail) {
  if (!config.sources.empty()) return;
  std::string note;
  config.sources = DefaultSources(fs, last_mail, &note);
  if (!note.empty()) LogWarning("{}", note);
  for (SourceConfig& source : config.sources) {
    source.lines.internal_relays = config.internal_relays;
  }
}

}  // namespace bouncesight
