// gather_array() and gather_rdms() read responses and dissimilarities from array files: npy, npz, csv, mat.
#include "data/bytes.hpp"
#include "data/mat.hpp"
#include "data/spikes/spike_trains.hpp"
#include "data/table.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "recordings/comparison.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

namespace engram::recordings {

namespace {

bool is_mat(const std::string &file) { return std::filesystem::path(file).extension() == ".mat"; }

// A missing value, taken for a number, would count as an observation.
data::Table complete_table(const std::string &file, const std::string &key) {
  auto table = data::read_table(file, key);
  if (table.missing_line > 0)
    throw data::DataError(fmt::format("{}: line {}: a value is missing", file, table.missing_line));
  return table;
}

// Notes say what was assumed in reading.
data::Array array_and_notes(const std::string &file, const std::string &key, std::vector<std::string> &notes) {
  auto table = complete_table(file, key);
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  return std::move(table.array);
}

// C × C, from a square or from the upper triangle.
arma::mat rdm_of(const std::string &file, const std::string &key, std::vector<std::string> &notes) {
  const auto array = array_and_notes(file, key, notes);
  const auto fail = [&](const std::string &what) -> arma::mat {
    throw data::DataError(fmt::format("{}:{}: {}", file, key, what));
  };
  std::vector<std::size_t> shape; // without axes of length 1
  std::copy_if(array.shape.begin(), array.shape.end(), std::back_inserter(shape), [](std::size_t n) { return n != 1; });
  arma::mat rdm;
  if (shape.size() == 1) {
    arma::vec pairs(shape[0]);
    for (std::size_t k = 0; k < pairs.n_elem; ++k) pairs[k] = array.at(k);
    try {
      rdm = measures::rdm_of_pairs(pairs);
    } catch (const measures::NotApplicable &) {
      return fail(fmt::format("{} numbers are no upper triangle of dissimilarities", pairs.n_elem));
    }
  } else if (shape.size() == 2 && shape[0] == shape[1]) {
    rdm.set_size(shape[0], shape[0]);
    for (std::size_t i = 0; i < shape[0]; ++i)
      for (std::size_t j = 0; j < shape[0]; ++j) rdm(i, j) = array.at(i * shape[0] + j);
    if (!arma::approx_equal(rdm, rdm.t(), "absdiff", 1e-6 * (1 + arma::abs(rdm).max())))
      return fail("is not symmetric, so it holds no dissimilarities");
  } else {
    return fail("dissimilarities are a square or its upper triangle");
  }
  return rdm;
}

// The key that names an array of dissimilarities: "rdms", "rdm", or that of an array that looks like some.
std::string place_of_rdm(const Source &source, std::size_t subject, std::size_t array) {
  const auto given = [&](const char *key) { return source.places && source.places->has(source.pointer + "/" + key); };
  if (given("rdms")) return fmt::format("rdms/{}/{}", subject, array);
  return given("rdm") ? "rdm" : given("key") ? "key" : "file";
}

// Is it what a square of dissimilarities looks like?
bool looks_like_rdm(const data::Array &array) {
  if (array.shape.size() != 2 || array.shape[0] != array.shape[1] || array.shape[0] < 3) return false;
  const std::size_t n = array.shape[0];
  for (std::size_t i = 0; i < n; ++i) {
    if (array.at(i * n + i) != 0) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (std::abs(array.at(i * n + j) - array.at(j * n + i)) > 1e-9) return false;
  }
  return true;
}

} // namespace

std::string name_of_array(const Source &source) {
  if (!source.name.empty()) return source.name;
  const auto stem = std::filesystem::path(source.file).stem().string();
  return source.key.empty() ? stem : stem + ":" + source.key;
}

std::string name_of(double value) { return fmt::format("{:.10g}", value); }

std::vector<std::string> condition_names(const Source &source, std::size_t conditions) {
  std::vector<std::string> names = source.conditions.written;
  if (!source.conditions.from.key.empty()) {
    const auto &from = source.conditions.from;
    const std::string file = from.file.empty() ? source.file : from.file;
    bool text = is_mat(file);
    if (text) {
      try {
        names = data::read_mat_texts(file, from.key);
      } catch (const data::DataError &) { // numbers, it may be
        text = false;
      }
    }
    if (!text) {
      const auto array = with_place(source, "conditions", [&] { return complete_table(file, from.key).array; });
      for (std::size_t k = 0; k < array.size(); ++k) names.push_back(name_of(array.at(k)));
    }
  }
  if (!names.empty() && names.size() != conditions)
    refuse(source, "conditions", fmt::format("has {} names for {} conditions", names.size(), conditions));
  std::vector<std::size_t> seen(names.size());
  for (std::size_t k = 0; k < names.size(); ++k) // a category names several conditions: they are counted
    seen[k] =
        static_cast<std::size_t>(std::count(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(k), names[k]));
  for (std::size_t k = 0; k < names.size(); ++k)
    if (seen[k] > 0) names[k] += fmt::format(" ({})", seen[k] + 1);
  return names;
}

Area gather_rdms(const Source &source, std::vector<std::string> &notes) {
  Area area;
  area.name = name_of_array(source);
  area.file = source.file;
  for (std::size_t s = 0; s < source.rdms.size(); ++s) {
    const auto &keys = source.rdms[s];
    arma::mat sum;
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const auto place = place_of_rdm(source, s, k);
      const arma::mat rdm = with_place(source, place, [&] { return rdm_of(source.file, keys[k], notes); });
      if (!sum.is_empty() && arma::size(rdm) != arma::size(sum))
        refuse(source, place, "dissimilarities are of different sizes");
      sum = sum.is_empty() ? rdm : arma::mat(sum + rdm);
    }
    if (s == 0) area.rdms.set_size(sum.n_rows, sum.n_cols, source.rdms.size());
    if (sum.n_rows != area.rdms.n_rows) refuse(source, "rdms", "subjects have different numbers of conditions");
    area.rdms.slice(s) = sum / static_cast<double>(keys.size());
  }
  area.condition_count = area.rdms.n_rows;
  area.conditions = condition_names(source, area.condition_count);
  return area;
}

Area gather_array(const Source &source, std::vector<std::string> &notes) {
  const std::string place = source.key.empty() ? "file" : "key";
  const auto array = with_place(source, place, [&] { return array_and_notes(source.file, source.key, notes); });
  if (source.axes.empty() && looks_like_rdm(array)) {
    notes.push_back(
        fmt::format("{}: square, symmetric and 0 on the diagonal: taken as dissimilarities", name_of_array(source)));
    Source as_rdms = source;
    as_rdms.rdms = {{source.key}};
    return gather_rdms(as_rdms, notes);
  }
  static const std::vector<std::string> usual{"condition", "neuron", "repeat", "time"};
  auto axes = source.axes;
  if (axes.empty()) {
    if (array.shape.size() < 2 || array.shape.size() > 4)
      refuse(source, place,
             fmt::format("has {}; responses are conditions x neurons (x repeats (x time)), and a time series has a "
                         "sampling rate ('series', or --rate)",
                         array.shape.size() == 1 ? "1 axis" : fmt::format("{} axes", array.shape.size())));
    axes.assign(usual.begin(), usual.begin() + static_cast<std::ptrdiff_t>(array.shape.size()));
    std::vector<std::string> sizes; // "10 conditions"
    for (std::size_t k = 0; k < axes.size(); ++k)
      sizes.push_back(axes[k] == "time"
                          ? fmt::format("{} bins of time", array.shape[k])
                          : fmt::format("{} {}{}", array.shape[k], axes[k], array.shape[k] == 1 ? "" : "s"));
    notes.push_back(fmt::format("{}: axes are taken as {}{}", name_of_array(source), fmt::join(sizes, " x "),
                                axes.size() > 2 ? " ('axes' in a comparison file says otherwise)" : ""));
  }
  if (axes.size() != array.shape.size())
    refuse(source, "axes", fmt::format("has {} axes, not the {} that are named", array.shape.size(), axes.size()));
  std::size_t size[4] = {1, 1, 1, 1}, stride[4] = {0, 0, 0, 0}; // of condition, neuron, repeat, time
  std::size_t step = 1;
  for (std::size_t k = axes.size(); k-- > 0; step *= array.shape[k]) {
    const auto which = static_cast<std::size_t>(std::find(usual.begin(), usual.end(), axes[k]) - usual.begin());
    size[which] = array.shape[k];
    stride[which] = step;
  }
  if (array.size() == 0) refuse(source, place, "is empty");
  Area area;
  area.name = name_of_array(source);
  area.file = source.file;
  area.condition_count = size[0];
  Responses responses;
  responses.conditions = condition_names(source, size[0]);
  area.conditions = responses.conditions;
  if (responses.conditions.empty())
    for (std::size_t c = 0; c < size[0]; ++c) responses.conditions.push_back(std::to_string(c + 1));
  for (std::size_t n = 0; n < size[1]; ++n) responses.neurons.push_back(std::to_string(n + 1));
  for (std::size_t t = 0; t < size[3]; ++t) {
    arma::cube values(size[0], size[1], size[2], arma::fill::none);
    for (std::size_t r = 0; r < size[2]; ++r)
      for (std::size_t n = 0; n < size[1]; ++n)
        for (std::size_t c = 0; c < size[0]; ++c)
          values(c, n, r) = array.at(c * stride[0] + n * stride[1] + r * stride[2] + t * stride[3]);
    responses.values.push_back(std::move(values));
  }
  area.responses = std::move(responses);
  return area;
}

} // namespace engram::recordings
