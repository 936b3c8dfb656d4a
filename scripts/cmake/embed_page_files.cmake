# Writes OUTPUT: PageFiles(), a table of all FILES. Their bytes are taken in by the assembler: byte arrays in C++ would take
# the compiler longer than all of the room.
set(types_html "text/html; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_svg "image/svg+xml")

set(blobs "")
set(externs "")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  get_filename_component(extension ${file} LAST_EXT)
  string(SUBSTRING "${extension}" 1 -1 kind)
  if(NOT DEFINED types_${kind})
    message(FATAL_ERROR "${file}: no type is known for it")
  endif()
  file(SHA256 ${file} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  set(path "/page/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  endif()
  set(symbol "bouncesight_page_${number}")
  string(APPEND blobs "    \"${symbol}:\\n.incbin \\\"${file}\\\"\\n${symbol}_end:\\n\"\n")
  string(APPEND externs "extern const char kBegin${number}[] asm(\"${symbol}\");\nextern const char kEnd${number}[] asm(\"${symbol}_end\");\n")
  string(APPEND table "      {\"${path}\", \"${types_${kind}}\", \"\\\"${hash}\\\"\", {kBegin${number}, kEnd${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"daemon/web/page_files.h\"

asm(\".section .rodata\\n\"
${blobs}    \".previous\\n\");

namespace bouncesight {

${externs}
std::span<const PageFile> PageFiles() {
  static const PageFile files[] = {
${table}  };
  return files;
}

}  // namespace bouncesight
")
