// A step of the build: compiles the catalogue and writes what rules/embedded_image.cc embeds.
//   write_catalog_image OUTPUT
#include <cstdio>
#include <fstream>

#include "rules/catalog_image.h"
#include "rules/embedded_catalog.h"

// This program makes the image, so it has none.
std::string_view bouncesight::EmbeddedImage() { return {}; }

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto rules = bouncesight::RuleSet::Load(bouncesight::EmbeddedSources());
  if (!rules) {
    std::fprintf(stderr, "rules/%s\n", rules.error().message.c_str());
    return 1;
  }
  std::ofstream file(argv[1], std::ios::binary);
  file << bouncesight::WriteCatalogImage(**rules, true) << std::flush;
  return file ? 0 : 1;
}
