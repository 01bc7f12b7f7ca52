// job_script() writes the runs of a study as a job array or a workflow, for another program to run.
#pragma once

#include "studies/run_study.hpp"

#include <string>
#include <vector>

namespace engram::studies {

/// The names of what it writes for.
std::vector<std::string> job_systems();

struct JobScript {
  std::string system;  ///< one of job_systems()
  std::string program; ///< path of engram
  std::string study;   ///< the study's file, absolute
};

/// One job for each run that is missing: a line of `engram run`, with quotes that survive; and a last one, after all,
/// that collects: `engram study … --resume`. Errors: input::InputError for another system, and where
/// a name cannot be written there.
std::string job_script(const StudyWork &work, const JobScript &script);

} // namespace engram::studies
