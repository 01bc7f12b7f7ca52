// RunTables write the tables of a run file that grow row by row: trials, learning curve, and the list of recorded
// signals.
#pragma once

#include "record/nwb_write.hpp"
#include "record/run_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::record {

namespace hdf5 = data::hdf5;

/// Holds some rows of each table in memory until they are written. A table is made with its first rows: tools that read
/// NWB take one without rows for a mistake, and some fail over it. Errors: data::hdf5::Failure.
class RunTables {
public:
  /// Of `info`: the names of classes, where labels are words (trials then have their names too); the terms of the
  /// objective, where there are several (trials and the learning curve then have the loss of each); and what an
  /// environment adds.
  RunTables(hid_t file, const nwb::Identity &identity, const RunInfo &info);

  void add(const TrialRow &trial);
  void add(const CurvePoint &point);
  void add_series(const std::string &name, const std::string &region, const std::string &signal, std::size_t neurons);
  /// Writes what is held.
  void flush();

private:
  std::vector<nwb::Column> columns_of_trials() const;
  void write_trials();
  void write_own(std::size_t at, std::size_t first);
  void write_curve();

  hdf5::Handle intervals_, scratch_;
  const nwb::Identity &identity_;
  std::vector<std::string> label_names_, terms_;
  bool rewards_ = false, test_ = false;
  std::vector<model::Column> own_;  // of the environment, those that stand in the table
  std::vector<std::size_t> own_at_; // where they are in TrialRow::columns
  std::optional<nwb::DynamicTable> trials_, curve_, signals_;
  std::vector<TrialRow> held_trials_;
  std::vector<CurvePoint> held_points_;
};

} // namespace engram::record
