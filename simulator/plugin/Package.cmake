# What `cmake --install` puts where, and the package that other projects find: engram::plugin from the build tree or
# an installation, engram::engram from an installation.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/engram)

# Plugins go where the program looks, lib/ on every system, as the program knows no CMake variable.
if(TARGET engram)
  install(TARGETS engram RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(ENGRAM_RULE_TARGETS)
  install(TARGETS ${ENGRAM_RULE_TARGETS} LIBRARY DESTINATION lib/engram/plugins)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/simulator/plugin/engram/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/engram)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/simulator/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/engram
  FILES_MATCHING PATTERN "*.hpp" PATTERN plugin EXCLUDE PATTERN cli EXCLUDE)
if(EXISTS ${CMAKE_SOURCE_DIR}/models)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/models DESTINATION share/engram)
endif()

install(TARGETS engram_plugin EXPORT engramTargets)
install(EXPORT engramTargets NAMESPACE engram:: DESTINATION ${package})
install(TARGETS engram_library EXPORT engramLibraryTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT engramLibraryTargets NAMESPACE engram:: DESTINATION ${package})

set(tree ${CMAKE_BINARY_DIR}/lib/cmake/engram)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/engramConfig.cmake.in ${tree}/engramConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${tree}/engramConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(${CMAKE_CURRENT_LIST_DIR}/EngramRule.cmake ${tree}/EngramRule.cmake COPYONLY)
export(TARGETS engram_plugin NAMESPACE engram:: FILE ${tree}/engramTargets.cmake)
install(FILES ${tree}/engramConfig.cmake ${tree}/engramConfigVersion.cmake ${tree}/EngramRule.cmake
  DESTINATION ${package})
