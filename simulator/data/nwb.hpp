// An NwbFile reads a Neurodata Without Borders 2.x file (HDF5), whichever program wrote it.
//
// Fields that a file lacks are empty or NaN: older versions leave out units and more. Times are in seconds, as in the
// file. Links, soft and external, are followed. A child process reads the file (hdf5_foreign.hpp): on a damaged one
// HDF5 may crash.
//
// Use from one thread. Errors of all: DataError, one line that begins with the file's name; std::system_error where no
// process could be started.
#pragma once

#include "data/array.hpp"

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace engram::data {

namespace hdf5 {
struct About;
class ForeignFile;
} // namespace hdf5

inline constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

struct NwbSession {
  std::string version; ///< of NWB, "2.7.0"
  std::string identifier, description, start_time;
  std::vector<std::pair<std::string, std::string>> general; ///< "lab", "subject/species", …, in the file's order
};

/// A TimeSeries or one of its kinds: a group with `data` (or files of images) and rate or timestamps.
struct NwbSeries {
  std::string path; ///< "acquisition/CurrentClampSeries_01"
  std::string type; ///< neurodata_type: "CurrentClampSeries"
  std::string description, comments;
  std::string unit;                        ///< "" where the file has none
  std::string stored;                      ///< type of the stored values: "int16", "text"; "" without data
  std::vector<std::size_t> shape;          ///< samples first
  std::size_t samples = 0, channels = 0;   ///< channels: values of a sample
  double conversion = 1, offset = 0;       ///< value in `unit` = stored · conversion · channel_conversion + offset
  std::vector<double> channel_conversion;  ///< by channel; empty: 1 for all
  double rate_hz = not_given;              ///< NaN: by timestamps, or not given
  double starting_time_s = not_given;      ///< time of the first sample
  std::size_t timestamps = 0;              ///< number of them; 0: by rate
  std::string data_link, timestamps_link;  ///< "→ /acquisition/other/data" where the series shares another's
  std::string electrode;                   ///< of a patch clamp series: path of its electrode
  std::vector<std::string> external_files; ///< of an ImageSeries that keeps its frames outside
};

struct NwbColumn {
  std::string name, description;
  std::string type;               ///< "float64", "text", "bool", "reference", …
  std::vector<std::size_t> shape; ///< of the stored values, rows (or, where ragged, values) first
  bool ragged = false;            ///< each row has any number of values
  bool numbers = false, texts = false;
  std::string region; ///< of a DynamicTableRegion: path of the table whose rows the numbers are, from 0
};

/// A DynamicTable: units, trials, electrodes, …
struct NwbTable {
  std::string path, type, description; ///< "intervals/trials", "TimeIntervals"
  std::size_t rows = 0;
  std::vector<NwbColumn> columns; ///< in the order that the file gives
  const NwbColumn *find(const std::string &name) const;
};

/// Values of a column's rows, one row after another: row r has values[ends[r-1]] … values[ends[r]-1], `width` numbers
/// in each value.
struct NwbRows {
  std::vector<double> numbers; ///< of a column of numbers
  std::vector<std::string> texts;
  std::vector<std::size_t> ends; ///< by row, in numbers or texts
  std::vector<double> row_numbers(std::size_t row) const;
  std::vector<std::string> row_texts(std::size_t row) const;
};

struct NwbExtent;

struct NwbUnits {
  std::vector<std::int64_t> ids;
  std::vector<std::vector<double>> spike_times_s;                      ///< by unit
  std::vector<std::vector<std::pair<double, double>>> obs_intervals_s; ///< by unit; empty: not given
  /// Spikes per second of unit u: within its observation intervals, or else within the extent of the recording
  /// (nwb_extent.hpp). NaN where no time is observed.
  double rate_hz(std::size_t u, const NwbExtent &extent) const;
};

struct NwbImage {
  std::string path, type, description; ///< type: "GrayscaleImage", "RGBImage", …
  std::vector<std::size_t> shape;      ///< as stored: x × y (× colours)
};

/// Each by its path, which names it once.
struct NwbObjects {
  std::vector<NwbSeries> series; ///< everywhere in the file
  std::vector<NwbTable> tables;
  std::vector<NwbImage> images; ///< single images, not ImageSeries
};

class NwbFile {
public:
  explicit NwbFile(const std::string &path);
  /// Opens the file in this process, which is a child (isolated.hpp).
  static NwbFile here(const std::string &path);
  ~NwbFile();
  NwbFile(NwbFile &&) noexcept;
  NwbFile &operator=(NwbFile &&) noexcept;

  const std::string &path() const { return path_; }
  const std::vector<std::string> &outside() const; ///< files beside it that hold some of its values
  NwbSession session() const;

  const std::vector<NwbSeries> &series() const { return objects_.series; }
  const NwbSeries &find_series(const std::string &path) const; ///< by path, or by its last part where that is enough
  /// samples × channels (all axes but the first in row-major order), `count` samples from `first` on, in the unit of
  /// the series.
  arma::mat read_series(const std::string &path, std::size_t first, std::size_t count) const;
  arma::mat read_series(const std::string &path) const; ///< all of it
  /// Times of the samples in seconds, from timestamps or rate. Errors: also where the file gives neither.
  std::vector<double> read_times(const std::string &path, std::size_t first, std::size_t count) const;

  const std::vector<NwbTable> &tables() const { return objects_.tables; }
  const NwbTable &find_table(const std::string &path) const; ///< by path, or by its last part where that is enough
  std::vector<std::int64_t> read_ids(const NwbTable &table) const;
  /// `count` rows from `first` on. Columns of numbers, bool, text and references (as paths). Of doubly ragged columns
  /// the inner lists of a row are joined.
  NwbRows read_column(const NwbTable &table, const std::string &column, std::size_t first, std::size_t count) const;
  NwbRows read_column(const NwbTable &table, const std::string &column) const; ///< all of it

  bool has_units() const;
  NwbUnits units() const; ///< spike times of the table `units`; its other columns by read_column

  const std::vector<NwbImage> &images() const { return objects_.images; }
  Array read_image(const NwbImage &image) const; ///< in the type of the file

private:
  NwbFile() = default;
  std::string values_of(const NwbSeries &series, const std::string &name, hdf5::About &about) const;

  std::string path_;
  NwbObjects objects_;
  std::unique_ptr<hdf5::ForeignFile> file_;
};

} // namespace engram::data
