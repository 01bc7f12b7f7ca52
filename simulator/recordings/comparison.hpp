// compare() applies each method to each region of the circuits and each area of the recordings. These structs hold its
// results.
#pragma once

#include "measures/interval.hpp"
#include "numeric/least_squares.hpp"
#include "recordings/area.hpp"
#include "recordings/config.hpp"
#include "recordings/rate_maps.hpp"
#include "recordings/receptive_fields.hpp"

#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// One number. What does not apply is NaN or empty.
struct Result {
  std::string method; ///< "rsa", "pls", "spikes.cv", …; with its variant where several are asked for (variant.hpp)
  std::string region; ///< of the circuit; "" where a recording is described
  std::string area;   ///< of the recording; "" where a circuit is described
  double value = absent;
  measures::Interval ci{absent, absent};
  measures::Interval ceiling{absent, absent}; ///< between which the best possible model lies
  double p = absent;                          ///< of the null hypothesis that it is no better than chance
  std::size_t conditions = 0, neurons = 0;    ///< neurons: of the area that is predicted or described
  double time = absent;                       ///< ms from the event to the middle of the bin, of one bin alone
  bool of_pairs = false; ///< of pairs of spike trains: 0 is an end of what it may be, and not the value of unlike sides
};

/// Numbers by row and column, as of each unit or condition.
struct Table {
  std::string method, area;
  std::string of; ///< what a row is: "unit", "condition", …
  std::vector<std::string> rows, columns;
  arma::mat values;  ///< rows × columns; NaN is unknown
  bool shown = true; ///< on a terminal, too
};

/// The curve that was fitted to the mean responses of one neuron.
struct TuningFit {
  std::string area, neuron;
  std::string curve;                                     ///< an axis of tuning_axes()
  numeric::Fitted preferred, width, baseline, amplitude; ///< width: half at half height in degrees; else the
                                                         ///< Gaussian's deviation, on a logarithmic axis in octaves
  double r_squared = absent;
  std::size_t rivals = 0;       ///< other curves that fit as well within noise
  arma::vec numbers, responses; ///< of the conditions, to which it was fitted
  arma::vec at, values;         ///< the curve
};

/// Which of two regions is more like an area.
struct Contrast {
  std::string method, area, first, second;
  double difference = absent;
  measures::Interval ci{absent, absent};
  double p = absent, corrected = absent; ///< corrected: Holm 1979, over the contrasts of the area
};

struct Comparison {
  std::string name;
  std::vector<Area> circuits, recordings; ///< with the conditions that all have
  std::vector<std::string> conditions;
  std::vector<Result> results;
  std::vector<Contrast> contrasts;
  std::vector<ReceptiveFields> fields; ///< by described area
  std::vector<RateMaps> maps;          ///< by described area
  std::vector<TuningFit> fits;         ///< by neuron of described areas
  std::vector<Table> tables;           ///< of described areas
  std::vector<Table> matrices; ///< of pairs of units or of conditions: written as arrays alone; `area` is side_name()
  std::vector<std::string> notes; ///< what was assumed, and what could not be done
  std::vector<std::string> lacks; ///< "METHOD: why": of every method that gave nothing, asked for or not
};

/// How far a comparison is. A part is a method of one area, or of a pair.
struct Step {
  std::string method;
  std::size_t done = 0, parts = 1; ///< parts
  double within = 0;               ///< share of the next one that is done, by the loop that it is in
};

struct Progress {
  std::function<void(const Step &)> say; ///< before each part, and often within long ones; may be empty
  std::function<bool()> go_on;           ///< asked between parts; may be empty
  int threads = 1;
};

/// A comparison while it is made. Its areas and conditions stand from the first part on. What a part gives is added
/// under the mutex as the part ends, so that who holds the mutex can read what is there.
struct Growing {
  std::mutex mutex;
  Comparison found;
};

/// All that the configuration asks for, by the methods of `entries`, into `to`. What cannot be done for a pair is a
/// note. `notes` begin the result's own. Errors: input::InputError where nothing can be matched.
void compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
             const std::vector<std::string> &notes, const Progress &progress, Growing &to,
             const MethodEntries &entries = method_entries());

/// The same, as a whole.
Comparison compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
                   const std::vector<std::string> &notes, const Progress &progress,
                   const MethodEntries &entries = method_entries());

/// Areas of a file. Notes say what was assumed. Errors: data::DataError, input::InputError.
std::vector<Area> gather(const Source &source, std::vector<std::string> &notes);

} // namespace engram::recordings
