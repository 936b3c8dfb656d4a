// The compiled catalogue, which the build wrote into the file that this one embeds. A byte array
// written out in C++ would take the compiler longer than all of this library.
#include "rules/embedded_catalog.h"

// NOLINTNEXTLINE(hicpp-no-assembler)
asm(".section .rodata\n"
    ".balign 64\n"
    "bouncesight_catalog_image:\n"
    ".incbin \"" BOUNCESIGHT_CATALOG_IMAGE
    "\"\n"
    "bouncesight_catalog_image_end:\n"
    ".previous\n");

namespace bouncesight {

extern const char kImage[] asm("bouncesight_catalog_image");
extern const char kImageEnd[] asm("bouncesight_catalog_image_end");

std::string_view EmbeddedImage() { return {kImage, static_cast<std::size_t>(kImageEnd - kImage)}; }

}  // namespace bouncesight
