#include "daemon/web/page_files.h"

#include <algorithm>

namespace bouncesight {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

}  // namespace

const PageFile* FindPageFile(std::string_view path) {
  const auto files = PageFiles();
  const auto found = std::ranges::find(files, path, &PageFile::path);
  return found == files.end() ? nullptr : &*found;
}

HttpReply SendPageFile(const PageFile& file, const HttpRequest& request) {
  const bool known = request.if_none_match.find(file.etag) != std::string_view::npos;
  HttpReply reply = HttpReply::Text(known ? 304 : 200, known ? "" : std::string(file.bytes));
  reply.content_type = file.type;
  reply.headers = {{"Content-Security-Policy", kPolicy},
                   {"Cache-Control", "no-cache"},
                   {"ETag", std::string(file.etag)},
                   {"Referrer-Policy", "no-referrer"}};
  return reply;
}

}  // namespace bouncesight
