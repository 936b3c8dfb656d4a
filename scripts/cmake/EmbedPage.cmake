# embed_page(<out-var> <page-dir> <output.cc>): the files of the page, and the chart library of libjs-chart.js, in a source that
# defines PageFiles() of daemon/web/page_files.h.
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH REQUIRED)

function(embed_page out page_dir output)
  file(GLOB files CONFIGURE_DEPENDS ${page_dir}/*)
  list(SORT files)
  list(APPEND files ${CHART_JS})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DOUTPUT=${output} -P ${CMAKE_SOURCE_DIR}/scripts/cmake/embed_page_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/scripts/cmake/embed_page_files.cmake
    COMMENT "Embedding the page" VERBATIM)
  set(${out} ${output} PARENT_SCOPE)
endfunction()
