// gather_columns() reads a table of trials. gather_spikes() reads spike times. array_covariates() finds the stimulus
// and the position beside them. All of it comes from arrays.
#include "data/table.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/array_values.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

namespace engram::recordings {

namespace {

std::string stem_or_name(const Source &source) {
  return source.name.empty() ? std::filesystem::path(source.file).stem().string() : source.name;
}

// Times in ms. One that the tracker took at a rate holds until the next, and so does the last.
void set_times(const Source &source, const std::string &file, std::size_t samples, Position &out) {
  const auto &from = source.position;
  if (!from.times.empty()) {
    out.path.time = ms * values_of(file, from.times);
    if (out.path.time.n_elem != samples)
      throw data::DataError(
          fmt::format("{}:{}: has {} times for {} samples", file, from.times, out.path.time.n_elem, samples));
    return;
  }
  out.path.time.set_size(samples + 1);
  for (std::size_t k = 0; k <= samples; ++k) out.path.time[k] = from.start + ms * static_cast<double>(k) / from.rate;
  const arma::vec none(1, arma::fill::value(arma::datum::nan));
  for (arma::vec *values : {&out.path.x, &out.path.y, &out.direction})
    if (!values->is_empty()) *values = arma::join_cols(*values, none);
}

Position read_position_arrays(const Source &source) {
  const auto &from = source.position;
  const std::string file = from.array.file.empty() ? source.file : from.array.file;
  Position out;
  out.name = !from.array.key.empty() ? from.array.key : from.direction.empty() ? file : from.direction;
  out.arena = from.arena;
  std::size_t samples = 0;
  if (!from.array.key.empty() || from.direction.empty()) { // a file of one array needs no key
    const auto array = data::read_table(file, from.array.key).array;
    const std::size_t coordinates = array.row_size();
    if (coordinates > 2 || array.size() == 0)
      throw data::DataError(fmt::format("{}: a position has one coordinate or two", out.name));
    samples = array.rows();
    out.path.x.set_size(samples);
    out.path.y.zeros(samples);
    out.coordinates = coordinates;
    for (std::size_t k = 0; k < samples; ++k)
      for (std::size_t c = 0; c < coordinates; ++c)
        (c == 0 ? out.path.x : out.path.y)[k] = array.at(k * coordinates + c) / from.per_metre * 100;
  }
  if (!from.direction.empty()) {
    out.direction = values_of(file, from.direction);
    if (samples > 0 && out.direction.n_elem != samples)
      throw data::DataError(
          fmt::format("{}:{}: has {} directions for {} samples", file, from.direction, out.direction.n_elem, samples));
    samples = out.direction.n_elem;
    if (out.path.x.is_empty()) out.path.x = out.path.y = arma::vec(samples, arma::fill::value(arma::datum::nan));
  }
  set_times(source, file, samples, out);
  return out;
}

// Read by whoever asks first, and kept.
template <class T, class Read> std::function<const T &(std::vector<std::string> &)> read_once(Read read) {
  return [read, kept = std::make_shared<std::optional<T>>()](std::vector<std::string> &notes) -> const T & {
    if (!*kept) *kept = read(notes);
    return **kept;
  };
}

} // namespace

Covariates array_covariates(const Source &source) {
  Covariates out;
  if (!source.stimulus.array.file.empty())
    out.stimulus =
        read_once<Stimulus>([source](std::vector<std::string> &notes) { return read_stimulus_array(source, notes); });
  if (source.position.of_arrays())
    out.position = read_once<Position>([source](std::vector<std::string> &) { return read_position_arrays(source); });
  return out;
}

Area gather_columns(const Source &source) {
  auto table = std::make_shared<TrialTable>();
  for (const auto &[name, key] : source.arrays.columns) {
    table->columns.push_back(trial_column(source.file, name, key));
    require_count(source, key, table->columns.back().values.n_elem, table->rows());
  }
  const auto looked_at = trials_looked_at(source, table->rows());
  std::vector<arma::uword> kept;
  for (std::size_t k = 0; k < looked_at.size(); ++k)
    if (looked_at[k]) kept.push_back(k);
  for (auto &column : table->columns) column.values = arma::vec(column.values(arma::uvec(kept)));
  Area out;
  out.name = stem_or_name(source);
  out.file = source.file;
  out.table = std::move(table);
  return out;
}

bool only_covariates(const Source &source) {
  return source.key.empty() && source.axes.empty() && !source.arrays.given() &&
         (!source.stimulus.array.file.empty() || source.position.of_arrays());
}

Area gather_covariates_alone(const Source &source) {
  Area out;
  out.name = stem_or_name(source);
  out.file = source.file;
  return out;
}

} // namespace engram::recordings
