# Language level, warnings, hardening and sanitizers, for every target alike.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(BOUNCESIGHT_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them (address,undefined or thread)")

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                    -Woverloaded-virtual -Wimplicit-fallthrough)

if(BOUNCESIGHT_SANITIZE)
  add_compile_options(-fsanitize=${BOUNCESIGHT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BOUNCESIGHT_SANITIZE})
  if(BOUNCESIGHT_SANITIZE STREQUAL thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC warns that the sanitizer does not follow fences. Asio's stand beside a mutex, which it does follow.
    add_compile_options(-Wno-tsan)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports false positives from inlined library code under sanitizers.
    add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
  endif()
endif()

# Without its coverage counters in the libraries, libFuzzer gropes in the dark.
if(BOUNCESIGHT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Fortify needs an optimiser; sanitizers replace it.
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND NOT BOUNCESIGHT_SANITIZE)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
                      -D_GLIBCXX_ASSERTIONS)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()
