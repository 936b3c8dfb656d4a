// A stream of bytes as the log that is packed in it: compressed (gzip, xz, zstd, bzip2, lz4, …), a
// tar or zip archive of logs, or both; told by its first bytes, not by a name. A plain one stays as
// it is.
#pragma once

#include <memory>
#include <string>

#include "daemon/batch/log_input.h"

namespace bouncesight {

// Does a file that begins so have to be unpacked? `head`: its first kPackedHead bytes, or all.
inline constexpr std::size_t kPackedHead = 512;
bool LooksPacked(std::string_view head);

// `name` stands for the stream in errors. What is torn is read as far as it can be unpacked, and
// then gives an Error; so does what is not a log at all (file_kind.h). The members of an archive
// follow one another, each ending with a newline; those that are compressed are unpacked, too. One
// that is torn costs only itself, and is the Error at the end.
Result<std::unique_ptr<LogInput>> Unpack(std::unique_ptr<LogInput> input, const std::string& name);

}  // namespace bouncesight
