// The shipped catalogue as it was when the binary was built: every YAML file below rules/, by its
// path there ("catalog/gmail.yaml", "advice.yaml"). Static storage; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace bouncesight {

struct EmbeddedFile {
  std::string_view path;
  std::string_view text;
};

// Sorted by path.
std::span<const EmbeddedFile> EmbeddedFiles();

// The same, compiled when the binary was built (catalog_image.h).
std::string_view EmbeddedImage();

}  // namespace bouncesight
