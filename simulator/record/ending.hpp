// An Ending says how a run ended, and a FileKind what is written of it.
#pragma once

namespace engram::record {

/// Only the file of a run that is complete replaces one that is there.
enum class Ending { complete, interrupted, failed };

/// The result of a run; that of a run that goes on where another process left it; or a checkpoint of one.
enum class FileKind { result, resumed, checkpoint };

inline const char *name_of(Ending ending) {
  return ending == Ending::complete ? "complete" : ending == Ending::interrupted ? "interrupted" : "failed";
}

} // namespace engram::record
