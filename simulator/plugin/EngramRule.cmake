# engram_add_plugin(NAME SOURCE...): builds a plugin, of any kind, as the shared library
# NAME.so, target plugin_NAME, in the folder plugins/ of the build tree.
function(engram_add_plugin name)
  add_library(plugin_${name} MODULE ${ARGN})
  target_link_libraries(plugin_${name} PRIVATE engram::plugin)
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  engram_dynamics_options(plugin_${name} ${ARGN})
endfunction()

# engram_dynamics_options(TARGET SOURCE...): where a source holds the dynamics of a neuron or a term of the objective, lets
# the compiler make vector code of its loops: for this processor, and without the promise that sqrt() sets errno. No product
# and sum are contracted into one operation: a neuron has the same bits wherever it stands in a vector, and after its end.
function(engram_dynamics_options target)
  foreach(source ${ARGN})
    get_filename_component(file ${source} ABSOLUTE)
    file(STRINGS ${file} dynamics REGEX "^ENGRAM_(DYNAMICS|OBJECTIVE)" LIMIT_COUNT 1)
    if(dynamics)
      target_compile_options(${target} PRIVATE -fno-math-errno -fno-trapping-math -ffp-contract=off)
      if(NOT DEFINED ENGRAM_NATIVE OR ENGRAM_NATIVE)
        target_compile_options(${target} PRIVATE -march=native)
        if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64") # compilers prefer shorter vectors than these processors have
          target_compile_options(${target} PRIVATE -mprefer-vector-width=512)
        endif()
      endif()
    endif()
  endforeach()
endfunction()

# engram_add_rule(NAME SOURCE...): the same for a learning rule, target rule_NAME.
function(engram_add_rule name)
  add_library(rule_${name} MODULE ${ARGN})
  target_link_libraries(rule_${name} PRIVATE engram::plugin)
  set_target_properties(rule_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
endfunction()
