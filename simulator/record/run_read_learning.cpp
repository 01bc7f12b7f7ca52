// RunReader reads back what was recorded as a circuit learned.
#include "data/array.hpp"
#include "data/printable.hpp"
#include "record/run_read.hpp"

#include <functional>
#include <numeric>

namespace engram::record {

namespace {

[[noreturn]] void refuse_row(const RunReader &run, const std::string &object, const std::string &what) {
  throw data::DataError(run.path() + ": " + data::printable_line(object) + ": " + what);
}

} // namespace

StoredWeights RunReader::recorded_weights(const std::string &projection) const {
  for (const auto &name : file_.children("/scratch")) {
    const std::string table = "/scratch/" + name;
    if (!name.starts_with("recorded_weights_") || file_.attribute(table, "projection") != std::vector{projection})
      continue;
    StoredWeights stored{name, {}, {}};
    const std::size_t rows = rows_of(table);
    stored.epochs.reserve(rows);
    for (const auto epoch : column<std::uint64_t>(table, "epoch", rows)) stored.epochs.push_back(epoch);
    if (const auto about = file_.about(table + "/weights"); about.is_dataset()) {
      if (about.shape.size() < 2 || about.shape[0] < rows) refuse_row(*this, table + "/weights", "has another shape");
      stored.shape.assign(about.shape.begin() + 1, about.shape.end());
    }
    return stored;
  }
  return {};
}

arma::mat RunReader::weights_after(const StoredWeights &stored, std::size_t row) const {
  const auto values = file_.numbers<double>("/scratch/" + stored.table + "/weights", row, 1);
  const std::size_t expected =
      std::accumulate(stored.shape.begin(), stored.shape.end(), std::size_t{1}, std::multiplies<>());
  if (values.size() != expected) refuse_row(*this, "/scratch/" + stored.table + "/weights", "has another shape");
  if (stored.shape.size() == 1) return arma::mat(values.data(), values.size(), 1);
  return arma::mat(values.data(), stored.shape.at(1), stored.shape.at(0)).t();
}

std::vector<double> RunReader::statistics_after(const StoredWeights &stored, const std::vector<std::string> &names,
                                                std::size_t row) const {
  std::vector<double> out;
  for (const auto &name : names) {
    const std::string path = "/scratch/" + stored.table + "/" + name;
    if (!file_.about(path).is_dataset()) refuse_row(*this, path, "there is no such dataset");
    out.push_back(file_.numbers<double>(path, row, 1).at(0));
  }
  return out;
}

std::vector<double> RunReader::trial_numbers(const std::string &name) const {
  const std::string table = "/intervals/trials";
  if (!file_.about(table + "/" + name).is_dataset()) return {};
  return column<double>(table, name, rows_of(table));
}

std::size_t RunReader::units() const { return file_.about("/units").is_group() ? rows_of("/units") : 0; }

std::vector<double> RunReader::spikes(std::size_t unit) const {
  const std::string index = "/units/spike_times_index";
  const auto last = file_.numbers<std::uint64_t>(index, unit, 1).at(0);
  const auto first = unit == 0 ? 0 : file_.numbers<std::uint64_t>(index, unit - 1, 1).at(0);
  if (last < first) refuse_row(*this, index, "falls");
  return file_.numbers<double>("/units/spike_times", first, last - first);
}

} // namespace engram::record
