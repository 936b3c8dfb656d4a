# embed_catalog(<out-var> <rules-dir> <output.cc>): every YAML file of the rules folder as a string in the library, so
# that a lone binary knows the whole catalogue. Read by rules/embedded_catalog.h.
function(embed_catalog out rules_dir output)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${rules_dir}/*.yaml)
  list(SORT files)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DRULES_DIR=${rules_dir} -DOUTPUT=${output} -P ${CMAKE_SOURCE_DIR}/scripts/cmake/embed_catalog_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/scripts/cmake/embed_catalog_files.cmake
    COMMENT "Embedding the rule catalogue")
  set(${out} ${output} PARENT_SCOPE)
endfunction()
