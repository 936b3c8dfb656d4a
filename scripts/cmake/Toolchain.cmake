# Language level, warnings, hardening and sanitizers, for every target alike.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(BOUNCESIGHT_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them (address,undefined or thread)")

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                    -Woverloaded-virtual -Wimplicit-fallthrough)

# What GCC does not know: a member used without its mutex (daemon/system/mutex.h), and names that are the compiler's own.
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  add_compile_options(-Wthread-safety -Wreserved-identifier)
endif()

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

# GCC tuned for no processor copies and clears what is larger than 32 bytes by "rep movs" and "rep stos", which take some 40 cycles
# to begin: an event, of 400 bytes, is handed on six times. Sixteen bytes at a time, as every amd64 can.
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
  set(strategy vector_loop:1024:noalign,libcall:-1:noalign)
  add_compile_options(-mmemcpy-strategy=${strategy} -mmemset-strategy=${strategy})
endif()

# What is shipped does not tell where it was built: the same commit gives the same bytes in any folder (scripts/package). GCC looks
# at the last map first, so the folder of the build stands behind the source's, which it lies in.
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
endif()

# The tests under the sanitizers: their headers cost more than their own lines. The other presets do without: ccache finds nothing
# that another clone compiled where the header's own bytes differ, and a file which forgets an include is found.
option(BOUNCESIGHT_PCH "Precompile the library headers that most tests read" OFF)
function(bouncesight_precompile target)
  if(BOUNCESIGHT_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess) # ccache asks for it
    # GCC 12 takes the library's code for ours here, and reports false positives from it. CI compiles with Clang, too.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
set(BOUNCESIGHT_COMMON_HEADERS <algorithm> <array> <charconv> <chrono> <cstdint> <functional> <map> <memory> <optional> <span>
    <string> <string_view> <unordered_map> <utility> <variant> <vector>)

# Most of the time of a build goes into the library's headers, which each file reads anew. So what is built from nothing takes the
# files of a folder as one source. The dev and clang presets do not: one changed file is compiled again alone there, and a file
# that forgets an include is found.
option(BOUNCESIGHT_UNITY "Compile the files of a folder as one source" OFF)
function(bouncesight_unity target)
  if(BOUNCESIGHT_UNITY)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
      cmake_path(GET source PARENT_PATH folder)
      cmake_path(GET folder FILENAME folder)
      math(EXPR nth_${folder} "${nth_${folder}} + 0 + 1")
      math(EXPR part "${nth_${folder}} / 16")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${folder}${part}")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # Said of each file alone by the dev preset; of many as one source they are not true.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    # GCC lets a source grow by 40 % through inlining once it is large, as every group is. Then the small steps of a line are calls:
    # a fifth more instructions for a mixed log than its files gave alone.
    if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
      target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=large-unit-insns=1000000>)
    endif()
  endif()
endfunction()
