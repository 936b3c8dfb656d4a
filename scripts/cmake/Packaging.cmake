# The Debian package: what lies where, and CPack's words for it. scripts/package builds it.
#
# The version is that of the project, so it stands in two places: project() and config/debian/changelog. tests/package
# compares them.
find_program(GZIP gzip)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(doc share/doc/bouncesight)

# install_packed(<file> <folder> [<name>]): as policy wants manuals and changelogs, without a time stamp in them.
function(install_packed file folder)
  get_filename_component(name ${file} NAME)
  if(ARGC GREATER 2)
    set(name ${ARGV2})
  endif()
  set(packed ${CMAKE_BINARY_DIR}/packed/${name}.gz)
  add_custom_command(OUTPUT ${packed} DEPENDS ${CMAKE_SOURCE_DIR}/${file} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/packed
    COMMAND sh -c "'${GZIP}' -9nc '${CMAKE_SOURCE_DIR}/${file}' >'${packed}'")
  set_property(GLOBAL APPEND PROPERTY PACKED_FILES ${packed})
  install(FILES ${packed} DESTINATION ${folder})
endfunction()

install_packed(config/man/bouncesight.1 share/man/man1)
install_packed(config/man/bouncesight.yaml.5 share/man/man5)
install_packed(config/debian/changelog ${doc})
get_property(packed_files GLOBAL PROPERTY PACKED_FILES)
add_custom_target(package_files DEPENDS ${packed_files})
# What the program is made of. Its time is that of the build, so it is written each time.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(sbom ${CMAKE_BINARY_DIR}/packed/bouncesight.spdx.json)
add_custom_target(sbom DEPENDS bouncesight VERBATIM
  COMMAND sh -c "'${Python3_EXECUTABLE}' -B '${CMAKE_SOURCE_DIR}/scripts/sbom' '$<TARGET_FILE:bouncesight>' >'${sbom}'")
add_dependencies(package_files sbom)
install(FILES ${sbom} DESTINATION ${doc})

# The sockets and the timer stay disabled: they are for hosts that want them.
install(FILES config/systemd/bouncesight.service config/systemd/bouncesight-syslog.socket config/systemd/bouncesight-http.socket
              config/systemd/bouncesight-report.service config/systemd/bouncesight-report.timer
        DESTINATION lib/systemd/system)
install(FILES config/bouncesight.yaml DESTINATION /etc/bouncesight)
install(FILES config/debian/rules.d-README DESTINATION /etc/bouncesight/rules.d RENAME README)
install(DIRECTORY rules/ DESTINATION share/bouncesight/rules FILES_MATCHING PATTERN "*.yaml")
install(FILES config/completion/bouncesight.bash DESTINATION share/bash-completion/completions RENAME bouncesight)
install(FILES config/completion/_bouncesight DESTINATION share/zsh/vendor-completions)
install(FILES config/debian/copyright CHANGELOG.md SECURITY.md config/prometheus/RUNBOOK.md config/OPERATIONS.md metrics/METRICS.md metrics/REPORT.md
              rules/RULES.md daemon/history/HISTORY.md daemon/web/API.md DESTINATION ${doc})
# What Prometheus and Grafana read lies outside the documentation, which some systems leave out; there are links to it.
install(FILES config/prometheus/scrape.yml config/prometheus/recording.yml config/prometheus/alerts.yml config/prometheus/fleet.yml
        DESTINATION share/bouncesight/prometheus)
install(FILES config/grafana/bouncesight.json DESTINATION share/bouncesight/grafana)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/packed)
foreach(folder IN ITEMS prometheus grafana rules)
  file(CREATE_LINK ../../bouncesight/${folder} ${CMAKE_BINARY_DIR}/packed/${folder} SYMBOLIC)
  install(FILES ${CMAKE_BINARY_DIR}/packed/${folder} DESTINATION ${doc})
endforeach()
install(FILES config/clickhouse/events.sql config/clickhouse/kafka.sql DESTINATION ${doc}/examples/clickhouse)
install(DIRECTORY config/grafana/provisioning DESTINATION ${doc}/examples/grafana)
install(FILES config/alertmanager/alertmanager.yml config/samples/minimal.yaml config/samples/complete.yaml config/samples/syslog.yaml
              config/rsyslog/30-bouncesight.conf config/syslog-ng/bouncesight.conf
        DESTINATION ${doc}/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON) # the configuration's place is absolute
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "bouncesight maintainers <bouncesight@example.org>")
set(CPACK_PACKAGE_DESCRIPTION
"bouncesight follows the logs of Postfix, Exim and other mail servers, says of
every deferral and bounce why it failed, and serves exact counters per domain,
code and cause to Prometheus. The same program sums up old logs, and explains
a single reply and what to do about it.
.
Sample rules for alerts and a Grafana dashboard are in its documentation.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "prometheus, prometheus-alertmanager")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/config/debian/conffiles ${CMAKE_SOURCE_DIR}/config/debian/postinst
    ${CMAKE_SOURCE_DIR}/config/debian/prerm ${CMAKE_SOURCE_DIR}/config/debian/postrm)
include(CPack)
