// The files of the page at `/`: daemon/web/page/ and the chart library of Debian's libjs-chart.js,
// put into the program by the build (scripts/cmake/EmbedPage.cmake). None names another host.
#pragma once

#include <span>
#include <string_view>

#include "daemon/web/http_message.h"

namespace bouncesight {

struct PageFile {
  std::string_view path;  // "/", "/page/page.css"
  std::string_view type;  // its Content-Type
  std::string_view etag;  // with its quotes; changes with the bytes
  std::string_view bytes;
};

std::span<const PageFile> PageFiles();  // static storage

// Null: there is no such file.
const PageFile* FindPageFile(std::string_view path);

// The file, or 304 where the client has it. Its policy lets scripts, styles and data come from this
// server and nothing from anywhere else.
HttpReply SendPageFile(const PageFile& file, const HttpRequest& request);

}  // namespace bouncesight
