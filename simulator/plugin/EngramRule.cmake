# engram_add_rule(NAME SOURCE...): builds a learning rule as the shared library NAME.so, target rule_NAME, in the
# folder plugins/ of the build tree.
function(engram_add_rule name)
  add_library(rule_${name} MODULE ${ARGN})
  target_link_libraries(rule_${name} PRIVATE engram::plugin)
  set_target_properties(rule_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
endfunction()
