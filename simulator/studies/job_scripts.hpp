// job_script() writes the runs of a study as a job array or a workflow, for another program to run.
#pragma once

#include "studies/run_study.hpp"

#include <string>

namespace engram::studies {

enum class JobSystem { slurm, snakemake, make };

struct JobScript {
  JobSystem system = JobSystem::make;
  std::string program; ///< path of engram
  std::string study;   ///< the study's file, absolute
};

/// One job for each run that is missing: a line of `engram run`, with quotes that survive; and a last one, after all,
/// that collects: `engram study … --resume`. Errors: input::InputError where a name cannot be written there.
std::string job_script(const StudyWork &work, const JobScript &script);

} // namespace engram::studies
