// This environment was compiled with the environment.h of an earlier day, which is kept here as it was: of version 1.
// Engram reads its table, which lacks what was added since. It pays what it sees, and ends the trial.
#include "environment.h"

namespace {

engram_status begin(const engram_trial *, engram_message *) { return ENGRAM_OK; }
engram_status step(const engram_trial *trial, engram_happening *now, engram_message *) {
  now->reward = trial->sees[0].values[0];
  now->outcome = now->ends = 1;
  return ENGRAM_OK;
}

} // namespace

extern "C" ENGRAM_EXPORT const engram_environment *engram_environment_table(void) {
  static engram_environment table{};
  static const engram_channel sees{"value", "what is paid", 1, 1, 0};
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_ENVIRONMENT_ABI_VERSION;
  table.name = "older_environment";
  table.summary = table.reference = "for a test";
  table.sees = &sees;
  table.sees_count = 1;
  table.callbacks.begin = begin;
  table.callbacks.step = step;
  return &table;
}
