// The plugin finder must refuse this table: it is of another version of the interface. ENGRAM_ENVIRONMENT is not used.
#include <engram/environment.h>

extern "C" ENGRAM_EXPORT const engram_environment *engram_environment_table(void) {
  static engram_environment table{};
  table.table_size = sizeof(engram_environment);
  table.abi_version = 0;
  return &table;
}
