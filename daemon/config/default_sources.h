// What to follow where nothing is configured: the logs of a usual mail host, or what its MTA writes
// to the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/system/fs.h"

namespace bouncesight {

// When the journal's last entry of one of these identifiers (globs) was written, in microseconds
// since 1970; none: it has none, or cannot be read.
using LastMail =
    std::function<std::optional<std::uint64_t>(const std::vector<std::string>& identifiers)>;

// Those usual logs that are there; the journal's mail if none is; and where there is no journal
// either the commonest logs, to be waited for. A log that was last written more than a day before
// the journal's last mail is left over from another time: the journal is followed in its place, and
// `note`, where one is given, says so. Without `last_mail` the journal is not asked.
std::vector<SourceConfig> DefaultSources(FileSystem& fs, const LastMail& last_mail = nullptr,
                                         std::string* note = nullptr);

// Gives a configuration without sources these; what there is to note goes into the log.
void AddDefaultSources(FileSystem& fs, Config& config, const LastMail& last_mail = nullptr);

}  // namespace bouncesight
