// The options of run that are about going on: --checkpoint, --resume, --until.
#pragma once

#include "session/checkpoints.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace engram::cli {

struct ResumeOptions {
  session::CheckpointPolicy checkpoints;
  std::string resume; ///< run file; "": none
  std::optional<std::size_t> until;
};

void add_resume_options(CLI::App &command, ResumeOptions &options);

} // namespace engram::cli
