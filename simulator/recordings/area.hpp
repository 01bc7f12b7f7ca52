// An Area holds the responses and spikes of one region of a circuit, or of one area of a brain, ready to be compared.
#pragma once

#include "input/input_error.hpp"
#include "measures/observation.hpp"
#include "recordings/covariates.hpp"
#include "recordings/responses.hpp"
#include "recordings/sweeps.hpp"
#include "recordings/trial_table.hpp"

#include <armadillo>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

struct Signal;

/// When a condition was there.
struct Trial {
  std::size_t condition = 0, repeat = 0;
  measures::Window
      window; ///< ms of the recording; those of an area are of one length, but of a trial that was cut short
};

struct Area {
  std::string name;   ///< with the subject in brackets, where one is named
  std::string common; ///< the name that the areas of all subjects have; "" where no subject is named
  std::string file;
  input::Problem place; ///< of what names its conditions in a comparison file, without a message; empty elsewhere
  std::vector<std::string> conditions;      ///< C names; empty when they are only numbered
  std::size_t condition_count = 0;          ///< C; 0 where there are spikes alone
  std::string column;                       ///< of the events, whose values the names are; "" where names are given
  bool column_assumed = false;              ///< nobody asked for this column
  std::optional<Responses> responses;       ///< absent where dissimilarities are given, or there are no events
  arma::cube rdms;                          ///< C × C × subjects: those that are given
  std::vector<measures::SpikeTrain> trains; ///< by unit, over the whole recording; empty where there are no spikes
  measures::Window observed;                ///< from the first to the last time at which any unit was
  /// By unit: when it was observed; units that were watched together share it. Empty: all units in all of `observed`.
  std::vector<std::shared_ptr<const measures::Observation>> watched;
  std::vector<Trial> trials;               ///< of the trains; empty where there are no events
  std::vector<std::string> units;          ///< names of the trains
  Covariates covariates;                   ///< what was recorded with the trains
  std::shared_ptr<const TrialTable> table; ///< what was noted of trials; nothing where there is none
  std::shared_ptr<const Sweeps> sweeps;    ///< the current that each unit received; nothing where units are no sweeps
  std::shared_ptr<const Signal> signal;    ///< the time series that the area is; nothing where it is none
  std::string lack;                        ///< why there are no responses; "" where nobody would expect some
};

/// Errors: measures::NotApplicable where the area has none.
const Responses &responses_of(const Area &area);
/// Errors: measures::NotApplicable where the area has none.
void require_spikes(const Area &area);

/// When unit `unit` was observed.
measures::Observation observation_of(const Area &area, std::size_t unit);

/// An area or region of one name, by subject.
struct Population {
  std::string name;
  std::vector<const Area *> subjects;
};
/// Areas with a common name together, all others alone; in their order.
std::vector<Population> populations(const std::vector<Area> &areas);

/// Which of their conditions areas have in common.
struct Matching {
  std::vector<std::string> conditions;         ///< of the first area that names them
  std::vector<std::vector<std::size_t>> which; ///< by area: its condition for each of these
  std::string note;                            ///< how it was done, where that is not obvious
};

/// Matches conditions by name. Where an area has no names, and all have the same number of conditions, it matches by
/// order. Areas without conditions are skipped. Errors: input::InputError where names have nothing in common, and where
/// they are numbers of different columns that were not both asked for.
Matching match(const std::vector<const Area *> &areas);

/// The area with these conditions alone, in this order.
Area pick(const Area &area, const std::vector<std::size_t> &which, const std::vector<std::string> &names);

} // namespace engram::recordings
