// This rule was compiled with the plugin.h of an earlier day, which is kept here as it was: of version 1.
#include "plugin.h"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static engram_rule table;
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_ABI_VERSION;
  table.name = "older_header";
  table.summary = table.reference = "for a test";
  return &table;
}
