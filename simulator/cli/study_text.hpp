// What the command study prints: the runs that are planned, the summary, and the keys of its file.
#pragma once

#include "studies/run_study.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace engram::cli {

/// A line for each run: its number, what is varied, its seed.
std::string planned_text(const studies::StudyWork &work);

/// What was varied and the measure by which runs are compared, for each combination (of many the best), and the best.
std::string study_text(const studies::StudyWork &work, const studies::StudyResult &result);
/// {"study", "out", "runs", "complete", "failed", "interrupted", "by", "at", "best", "as_good", "combinations"}
nlohmann::ordered_json study_json(const studies::StudyWork &work, const studies::StudyResult &result);

/// The keys of a study's file, for --help: from its schema.
std::string study_keys();

} // namespace engram::cli
