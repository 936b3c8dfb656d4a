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

# embed_catalog_image(<out-var> <code> <source.cc>): the same catalogue compiled, by a program of the object library <code>,
# into a file that <source.cc> embeds. A catalogue with a fault ends the build with the fault's file and line.
function(embed_catalog_image out code source)
  set(image ${CMAKE_CURRENT_BINARY_DIR}/catalog_image.bin)
  add_executable(write_catalog_image ${CMAKE_SOURCE_DIR}/scripts/cmake/write_catalog_image.cc)
  target_link_libraries(write_catalog_image PRIVATE ${code} PkgConfig::hyperscan yaml-cpp)
  add_custom_command(OUTPUT ${image} COMMAND write_catalog_image ${image} DEPENDS write_catalog_image
                     COMMENT "Compiling the rule catalogue")
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${image}
                              COMPILE_DEFINITIONS "BOUNCESIGHT_CATALOG_IMAGE=\"${image}\"")
  set(${out} ${source} ${image} PARENT_SCOPE)
endfunction()
