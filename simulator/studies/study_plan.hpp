// plan_runs() lists the runs of a study. Each has a number that stays, whoever runs it, wherever and when.
#pragma once

#include "studies/study.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engram::studies {

struct PlannedRun {
  std::size_t number = 0;          ///< from 1
  std::size_t combination = 0;     ///< from 0: runs of one combination differ in their seeds alone
  std::vector<std::size_t> values; ///< by axis: which of its values
  std::size_t model = 0;           ///< in Study::models
  std::vector<std::string> settings;
  std::optional<std::uint64_t> seed; ///< none: the model's own
};

/// All runs, in the order of their numbers: by the axes, the last of which moves fastest, then by the seeds. Settings
/// of what lies deeper in the model follow those of what it lies in. Errors: input::InputError where a model cannot be
/// read, or has no such rule.
std::vector<PlannedRun> plan_runs(const Study &study);

/// "run 7 (/task/batch = 8, seed 3)"
std::string described(const PlannedRun &run, const Study &study);

/// A command line, word by word: `program` run MODEL … . It means the same in any folder but for file names in
/// settings, which count from the study's folder.
std::vector<std::string> run_words(const PlannedRun &run, const Study &study, const std::string &program,
                                   const std::string &out);
/// The same that goes on with the run file `out`, until `epochs` where that is not 0.
std::vector<std::string> resume_words(const Study &study, const std::string &program, const std::string &out,
                                      std::size_t epochs);

} // namespace engram::studies
