// OpenSSL's view of a TlsConfig.
#pragma once

#include <memory>

#include "daemon/web_config.h"
#include "parsers/result.h"

struct ssl_ctx_st;

namespace bouncesight {

// Shared: a connection keeps the context under which it began.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

// Reads the files that `config` names. An Error says which one cannot be used, and why.
Result<TlsContext> MakeTlsContext(const TlsConfig& config);

}  // namespace bouncesight
