// find_events() reads the table of events of an NWB file: when each was, and of which condition.
#pragma once

#include "recordings/config.hpp"

#include <string>
#include <vector>

namespace engram::data {
class NwbFile;
} // namespace engram::data

namespace engram::recordings {

/// Times in ms of the recording.
struct Event {
  double start = 0, stop = 0; ///< stop: NaN where the table does not say it
  std::size_t condition = 0, repeat = 0;
  std::size_t row = 0; ///< of the table, from 0
};

struct Events {
  std::vector<Event> list; ///< in the order of the table
  std::vector<std::string> conditions;
  std::size_t repeats = 0;  ///< of the condition that has most
  std::string column;       ///< whose values the conditions are
  bool assumed = false;     ///< nobody asked for this column
  bool independent = false; ///< trials of a run, each of which begins anew
  std::string lack;         ///< why there are none, where the file has a table of them
};

/// Notes say which column was taken, and which rows are left out as they have no times or no condition. Errors:
/// input::InputError where what the source asks for is not there.
Events find_events(const data::NwbFile &file, const Source &source, std::vector<std::string> &notes);

/// When the trials of a run file begin and end, in ms, sorted; empty for another file.
std::vector<double> run_borders(const data::NwbFile &file);

/// Numbers conditions and repeats in the order in which events come; `names`: of the condition of each event.
void number_events(Events &events, const std::vector<std::string> &names);

/// "row 3 (from 0)", "rows 1, 2, 3, 4, 5 and 17 others (from 0)"
std::string named_rows(const std::vector<std::size_t> &rows);

} // namespace engram::recordings
