// A Config says which part of a circuit is compared with which part of a recording, and by which methods. It is read
// from a JSON file or from words of the command line.
#pragma once

#include "input/document.hpp"
#include "recordings/array_source.hpp"
#include "recordings/parameter.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

/// An array within a file.
struct ArrayKey {
  std::string file; ///< resolved; "" for the source's own
  std::string key;
};

/// Names of conditions: written out, or in a file.
struct Names {
  std::vector<std::string> written;
  ArrayKey from;
};

/// The stimulus that was shown while the spikes were recorded: a time series of the file, or an array.
struct StimulusSource {
  std::string series;            ///< by name; empty: the array, or what is obvious
  ArrayKey array;                ///< samples × values, or samples × height × width
  double rate = 0, start = 0;    ///< of the array: Hz, and ms of its first sample
  std::vector<std::string> axes; ///< of the array: "sample", "row", "column", in its order; empty: samples first
  std::string pieces;            ///< key beside the array: the piece that each sample is of, as the number of a sound
  std::size_t height = 0, width = 0; ///< of the picture that the values of a sample are; 0: by the shape of the array
};

/// Where the animal was: a SpatialSeries of the file, or arrays.
struct PositionSource {
  std::string series;         ///< by name; empty: the only one
  std::vector<double> arena;  ///< cm: x from and to, y from and to; empty: where the animal went
  ArrayKey array;             ///< samples × one or two coordinates
  std::string direction;      ///< key beside the array: of the head, degrees
  std::string times;          ///< key beside the array: s; empty: the rate
  double rate = 0, start = 0; ///< of the arrays: Hz, and ms of the first sample
  double per_metre = 100;     ///< units of the array in a metre
  bool of_arrays() const { return !array.key.empty() || !array.file.empty() || !direction.empty(); }
};

/// Spike times that are no units of an NWB file, and what their file does not say of them.
struct SpikesSource {
  bool given = false;
  std::string unit;             ///< of the times: "s", "ms", "us", "samples"; empty: the file says it
  double rate = 0;              ///< of samples: Hz; 0: the file says it
  std::string layout;           ///< "rows", "column", "pairs"; empty: what is plain
  ArrayKey clusters;            ///< the unit of each of the times
  std::vector<double> observed; ///< ms, from and to; empty: as the file says, else from the first to the last spike
};

/// An array that is a time series: what its file does not say of it.
struct SeriesSource {
  double rate = 0;  ///< Hz: samples are so many a second; 0: the array is no time series
  double start = 0; ///< ms of the first sample
  std::string unit; ///< of the values; "" where nobody says it
  bool given() const { return rate > 0; }
};

/// Where responses come from.
struct Source {
  std::string file;    ///< resolved
  std::string name;    ///< of the area; "" for what the file calls it
  std::string subject; ///< whose it is; areas of one name and several subjects belong together
  std::string pointer; ///< to it in the comparison file; "" where it is a word of the command line
  std::shared_ptr<const input::Places> places; ///< of the comparison file; null where there is none
  Names conditions;

  // NWB: recordings, and engram's own run files.
  std::vector<std::string> signals;  ///< time series by name, or "units"; empty: what is obvious
  std::string events = "trials";     ///< table of intervals
  std::string condition;             ///< its column that names the condition; empty: what is obvious
  std::optional<double> start, stop; ///< ms from the beginning of an event; absent: the whole event
  std::optional<double> bin;         ///< ms; absent: one bin
  std::string unit_column, unit_is;  ///< units whose column is this
  std::string areas;                 ///< column of the units: one area for each of its values
  std::optional<double> threshold;   ///< mV: the signals are membrane potentials, and spikes cross it upwards
  bool sweeps = false; ///< the membrane potentials are sweeps of one cell, which received steps of current
  StimulusSource stimulus;
  PositionSource position;

  // Text, arrays, SONATA, folders of phy.
  SpikesSource spikes;

  // Arrays (npy, npz, csv, mat).
  std::string key;
  std::vector<std::string> axes; ///< "condition", "neuron", "repeat", "time", "trial" or a name in arrays.at, in the
                                 ///< array's order; one that stands several times is numbered through them
  ArraySource arrays;
  SeriesSource series;

  // Dissimilarities that are given: for each subject, arrays whose mean is taken.
  std::vector<std::vector<std::string>> rdms;
};

struct Method {
  std::string type;                      ///< "rsa", "cka", …
  std::map<std::string, Value> settings; ///< by parameter; those that are not given have their initial values
};

struct Config {
  std::string file, name;
  std::vector<Source> circuits, recordings;
  std::vector<Method> methods; ///< empty: those that apply
  std::size_t bootstrap = 1000, permutations = 0;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// The methods that there are: see method_entry.hpp.
struct MethodEntry;
using MethodEntries = std::vector<MethodEntry>;
/// Those that engram comes with.
const MethodEntries &method_entries();

/// The JSON Schema (draft-07) of the file.
input::Json config_schema(const MethodEntries &entries = method_entries());
/// Errors: input::InputError with file, pointer and line.
Config load_config(const std::string &path, const MethodEntries &entries = method_entries());
/// A method as a word of the command line: its name, then settings in the order of its parameters or by their names, as
/// in "rsa:euclidean:pearson" or "pls:folds=5". Errors: input::InputError with the nearest name.
Method method_of(const std::string &text, const MethodEntries &entries = method_entries());

} // namespace engram::recordings
