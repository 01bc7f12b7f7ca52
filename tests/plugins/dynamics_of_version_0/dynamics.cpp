// The plugin finder must refuse this table: it is of another version of the interface. ENGRAM_DYNAMICS is not used.
#include <engram/dynamics.h>

extern "C" ENGRAM_EXPORT const engram_dynamics *engram_dynamics_table(void) {
  static engram_dynamics table{};
  table.table_size = sizeof(engram_dynamics);
  table.abi_version = 0;
  return &table;
}
