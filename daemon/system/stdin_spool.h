// Standard input for who must read it more than once.
#pragma once

#include "parsers/event/result.h"

namespace bouncesight {

// A pipe, a terminal, or a file that was read in part: what is left is copied into a file without a
// name, in TMPDIR or else /tmp, which takes the place of standard input. A file that stands at its
// start stays as it is. An Error says what could not be done.
Status SpoolStdin();

// Back to its start; after SpoolStdin.
void RewindStdin();

}  // namespace bouncesight
