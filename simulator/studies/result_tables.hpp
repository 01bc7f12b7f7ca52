// These functions write a study's results: a row for each run, and a row for each combination.
#pragma once

#include "studies/study_summary.hpp"

#include <string>
#include <variant>
#include <vector>

namespace engram::studies {

/// A column of a table: numbers, NaN where there is none, or texts.
struct TableColumn {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;
};
using Table = std::vector<TableColumn>;

/// A row for each run, in the order of the plan, whatever the order in which they ended. Columns: run, status, what is
/// varied, seed, epochs, the measures after the last epoch, best_epoch and the measures there, kept_epoch, the measures
/// of the test, stopped, seconds, reason, file. `seeds`: by the plan.
Table results_table(const Study &study, const std::vector<PlannedRun> &plan, const std::vector<std::uint64_t> &seeds,
                    const std::vector<RunOutcome> &outcomes, const std::vector<std::string> &files);

/// A row for each combination: what is varied, runs, complete, and of each measure mean, sd, low and high (the ends of
/// the 95 % interval), after the last epoch, at the best one and of the test; best: 1 for the best combination.
Table summary_table(const Study &study, const std::vector<PlannedRun> &plan, const StudySummary &summary);

/// With a header (RFC 4180). Numbers are written so that they are read back as they are; a missing one is empty.
std::string csv_of(const Table &table);

/// The bytes of an HDF5 file with a group for each table and a dataset for each column, whose attribute `column` is the
/// full name: in the dataset's own '/' is '.'. Errors: hdf5::Failure.
std::string hdf5_of(const std::vector<std::pair<std::string, Table>> &tables);

} // namespace engram::studies
