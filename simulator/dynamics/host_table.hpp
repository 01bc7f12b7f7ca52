// A HostTable is a table as a plugin has one (engram/dynamics.h), whose functions are engram's own. One set of
// functions serves many tables: each finds what it works by in the population that it is called with.
#pragma once

#include <engram/dynamics.h>

namespace engram::dynamics {

/// Its table_size is that of a HostTable. A library's table of that size is refused when it is opened.
struct HostTable : engram_dynamics {
  const void *own = nullptr; ///< what the functions work by
};

/// What functions are called with. Those of a library see the C struct alone.
struct Population : engram_population {
  const void *own; ///< of the HostTable; null: the table is a library's
};

inline const void *own_of(const engram_dynamics &table) {
  return table.table_size == sizeof(HostTable) ? static_cast<const HostTable &>(table).own : nullptr;
}

} // namespace engram::dynamics
