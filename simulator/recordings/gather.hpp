// These functions make areas from files. There is one for each kind of file.
#pragma once

#include "data/array.hpp"
#include "input/document.hpp"
#include "recordings/area.hpp"
#include "recordings/config.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::data {
class NwbFile;
struct NwbSeries;
struct NwbTable;
} // namespace engram::data

namespace engram::recordings {

struct Events;
struct Part;

inline constexpr double ms = 1000; // in a second

/// Throws input::InputError: what is wrong with a key of the source. It has file, line and pointer of a comparison
/// file.
[[noreturn]] void refuse(const Source &source, const std::string &key, const std::string &what);

/// What `read` gives, which reads what a key of the source names. Where a comparison file holds this key, a
/// data::DataError becomes an input::InputError with its place.
template <class Read> decltype(auto) with_place(const Source &source, const std::string &key, const Read &read) {
  try {
    return read();
  } catch (const data::DataError &error) {
    if (!source.places) throw;
    throw input::InputError({input::placed({"", 0, source.pointer + "/" + key, error.what()}, *source.places)});
  }
}

/// Is the file read as NWB? Such files alone have events. Errors: data::DataError where it is no HDF5 file.
bool is_nwb(const std::string &file);
/// Units and time series of an NWB file, around its events.
std::vector<Area> gather_nwb(const Source &source, std::vector<std::string> &notes);
/// One area, or one for each value of a column of the units. Errors: input::InputError where no unit is meant.
std::vector<Area> areas_of_units(const data::NwbFile &file, const Source &source, const Events &events,
                                 std::vector<std::string> &notes);
/// A time series, or the spikes of a membrane potential. Nothing, with a note, where it was not sampled in any event.
/// It has no responses where the file has no events. Errors: input::InputError.
std::optional<Area> area_of_series(const data::NwbFile &file, const data::NwbSeries &series, const Source &source,
                                   const Events &events, std::vector<std::string> &notes);
/// All NaN.
Responses empty_responses(const Events &events, const Part &part, const std::vector<std::string> &neurons,
                          const std::string &unit);
/// Names the conditions as the source does, or else as the events do.
void give_responses(Area &area, const Events &events, Responses responses, const Source &source);
/// Cuts the trains of an area at events; a bin in which a unit was not observed is missing. Notes say what is.
void give_spike_responses(Area &area, const Events &events, const Source &source, std::vector<std::string> &notes);
/// Finds the stimulus and the position that belong to the spikes of an NWB file. Errors: input::InputError for a series
/// that is not there.
Covariates find_covariates(const Source &source, const data::NwbFile &file);
/// The channels of a membrane potential as units whose spikes cross the source's threshold. Errors: input::InputError
/// where it is none.
Area area_of_voltage(const data::NwbFile &file, const data::NwbSeries &series, const Source &source);
/// These membrane potentials, sweeps of one cell, as units of one area beside the current that each received. Errors:
/// input::InputError where a sweep has no current, or they are sampled unlike.
Area area_of_sweeps(const data::NwbFile &file, const std::vector<std::string> &signals, const Source &source);
/// Is a series in volts or a multiple of it?
bool is_voltage(const data::NwbSeries &series);
/// The elements of a SONATA report of membrane potentials as units whose spikes cross the source's threshold. Errors:
/// data::DataError, input::InputError.
Area gather_report(const Source &source, std::vector<std::string> &notes);
/// Spike trains of text, arrays, SONATA files, folders of phy: an area for each population, or for each value of a
/// column of the units. Errors: data::DataError, input::InputError.
std::vector<Area> gather_spikes(const Source &source, std::vector<std::string> &notes);
/// Responses of a netCDF-4 assembly: an area, or one for each value of a column along its neurons. Errors:
/// data::DataError, input::InputError.
std::vector<Area> gather_assembly(const Source &source, std::vector<std::string> &notes);
/// Responses that are one array.
Area gather_array(const Source &source, std::vector<std::string> &notes);
/// The same of arrays whose axes have trials, names of their own, or stand several times.
Area gather_axes(const Source &source, std::vector<std::string> &notes);
/// Are there axes that gather_array() does not take?
bool needs_gather_axes(const Source &source);
/// An array that is a time series. It has responses too where its axes have conditions or trials. Errors:
/// data::DataError, input::InputError.
Area gather_sampled(const Source &source, std::vector<std::string> &notes);
/// What an area from an array is called: as the source says, or else by file and key.
std::string name_of_array(const Source &source);
/// Responses of the spikes of each trial, in the window around its event.
Area gather_trial_spikes(const Source &source, std::vector<std::string> &notes);
/// A table of trials.
Area gather_columns(const Source &source);
/// The same of the table of events of an NWB file, whose columns the source names: what an animal, or a circuit in an
/// environment, did. Errors: data::DataError, input::InputError where there is no such table or column.
Area gather_nwb_columns(const Source &source);
/// Which rows of a table the source's filters let through. Errors: input::InputError for a column that is not there.
std::vector<bool> rows_looked_at(const data::NwbFile &file, const data::NwbTable &table, const Source &source);
/// Does the source say what was shown, or where the animal was, and nothing of responses?
bool only_covariates(const Source &source);
/// An area of these alone.
Area gather_covariates_alone(const Source &source);
/// The stimulus and the position that the source gives as arrays.
Covariates array_covariates(const Source &source);
/// The stimulus that is an array. Errors: data::DataError, input::InputError.
Stimulus read_stimulus_array(const Source &source, std::vector<std::string> &notes);
/// Dissimilarities that are given.
Area gather_rdms(const Source &source, std::vector<std::string> &notes);

/// Names of C conditions that the source gives; empty where it gives none. Errors: input::InputError for another
/// number.
std::vector<std::string> condition_names(const Source &source, std::size_t conditions);
/// The name of a condition that is a number.
std::string name_of(double value);

} // namespace engram::recordings
