#include "parsers/postfix.h"

namespace bouncesight {

Parsed ParsePostfix(const Record&, Scratch&) { return Skip{SkipReason::kForeign}; }

}  // namespace bouncesight
