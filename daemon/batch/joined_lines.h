// Whether the lines of a log hang on those before them: in pieces that a container's runtime has
// cut, in records of several lines (journalctl -o export), by the number of a delivery (qmail) or
// behind a mark (Exim run with -v). Such a log is not cut for several jobs: what stands on both
// sides of a cut would be lost.
#pragma once

#include <cstdint>
#include <vector>

#include "parsers/mta/reader_options.h"

namespace bouncesight {

// Looks at the front, around each of `cuts`, and here and there between. True also where the file
// cannot be read there.
bool JoinsLines(int fd, std::uint64_t size, std::vector<std::uint64_t> cuts,
                const ReaderOptions& options);

}  // namespace bouncesight
