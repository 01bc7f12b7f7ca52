// The plugin finder must refuse this table: it is of another version of the interface. ENGRAM_OBJECTIVE is not used.
#include <engram/objective.h>

extern "C" ENGRAM_EXPORT const engram_objective *engram_objective_table(void) {
  static engram_objective table{};
  table.table_size = sizeof(engram_objective);
  table.abi_version = 0;
  return &table;
}
