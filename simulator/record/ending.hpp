// An Ending says how a run ended.
#pragma once

namespace engram::record {

/// Only the file of a run that is complete replaces one that is there.
enum class Ending { complete, interrupted, failed };

inline const char *name_of(Ending ending) {
  return ending == Ending::complete ? "complete" : ending == Ending::interrupted ? "interrupted" : "failed";
}

} // namespace engram::record
