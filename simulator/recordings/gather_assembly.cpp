// gather_assembly() makes areas of a netCDF-4 assembly, as xarray and Brain-Score write it: presentations × neuroids,
// and × time bins where there are some. What is along an axis says which condition a presentation is of, and which area
// a neuroid is in.
#include "data/assembly.hpp"
#include "input/nearest.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <map>

namespace engram::recordings {

namespace {

enum Role : std::size_t { of_condition, of_neuron, of_repeat, of_time, roles };

constexpr std::array<const char *, roles> role_names{"condition", "neuron", "repeat", "time"};

// The words that files have for the axes.
const std::array<std::vector<std::string>, roles> &axis_words() {
  static const std::array<std::vector<std::string>, roles> words{{
      {"presentation", "condition", "stimulus", "image", "trial", "stimulus_path"},
      {"neuroid", "neuron", "unit", "cell", "voxel", "channel"},
      {"repetition", "repeat"},
      {"time_bin", "time"},
  }};
  return words;
}

/// One of the axes of the array, by its role; extent 1 where there is none.
struct Axis {
  std::string name;
  std::size_t extent = 1, stride = 0;
};

std::array<Axis, roles> axes_of(const Source &source, const data::Assembly &assembly) {
  std::array<Axis, roles> out;
  const auto &names = assembly.axes;
  if (!source.axes.empty() && source.axes.size() != names.size())
    refuse(source, "axes", fmt::format("has {} axes, not the {} that are named", names.size(), source.axes.size()));
  std::size_t stride = 1;
  for (std::size_t k = names.size(); k-- > 0; stride *= assembly.values.shape[k]) {
    std::size_t role = roles;
    for (std::size_t r = 0; r < roles; ++r) {
      const auto &words = axis_words()[r];
      const bool by_name = source.axes.empty() && std::find(words.begin(), words.end(), names[k]) != words.end();
      if (by_name || (!source.axes.empty() && source.axes[k] == role_names[r])) role = r;
    }
    if (role == roles || !out[role].name.empty())
      refuse(source, source.key.empty() ? "file" : "key",
             fmt::format("its axes are {}: say what they are ('axes': condition, neuron, repeat, time)",
                         fmt::join(names, ", ")));
    out[role] = {names[k], assembly.values.shape[k], stride};
  }
  for (const Role needed : {of_condition, of_neuron})
    if (out[needed].name.empty())
      refuse(source, source.key.empty() ? "file" : "key",
             fmt::format("its axes are {}, and none is the {}", fmt::join(names, ", "), role_names[needed]));
  return out;
}

std::vector<std::string> texts_of(const data::AssemblyColumn &column) {
  if (column.numbers.empty()) return column.texts;
  std::vector<std::string> out;
  for (const double value : column.numbers) out.push_back(name_of(value));
  return out;
}

// Null where the axis has no such column.
const data::AssemblyColumn *find_column(const data::Assembly &assembly, const std::string &axis,
                                        const std::string &name) {
  for (const auto &column : assembly.columns)
    if (column.axis == axis && column.name == name) return &column;
  return nullptr;
}

std::vector<std::string> column_asked(const Source &source, const std::string &key, const data::Assembly &assembly,
                                      const std::string &axis, const std::string &name) {
  if (const auto *column = find_column(assembly, axis, name)) return texts_of(*column);
  std::vector<std::string> names;
  for (const auto &column : assembly.columns)
    if (column.axis == axis) names.push_back(column.name);
  refuse(source, key, input::unknown("column along " + axis, name, names));
}

/// Which condition each presentation is of, and its how many-th of that condition.
struct Presentations {
  std::string column; ///< "" where each is a condition of its own
  std::vector<std::string> conditions;
  std::vector<std::size_t> condition, repeat;
  std::size_t repeats = 1;
};

Presentations presentations_of(const Source &source, const data::Assembly &assembly,
                               const std::array<Axis, roles> &axes, std::vector<std::string> &notes) {
  Presentations out;
  const Axis &axis = axes[of_condition];
  out.column = source.condition;
  for (const char *name : {"stimulus_id", "image_id", "condition", "stimulus", "image_file_name", "filename"})
    if (out.column.empty() && find_column(assembly, axis.name, name)) {
      out.column = name;
      notes.push_back(fmt::format("{}: conditions are the values of '{}'", source.file, name));
    }
  std::vector<std::string> names;
  if (!out.column.empty())
    names = column_asked(source, "condition", assembly, axis.name, out.column);
  else
    for (std::size_t k = 0; k < axis.extent; ++k) names.push_back(std::to_string(k + 1));
  std::map<std::string, std::size_t> index;
  std::vector<std::size_t> count;
  for (const auto &name : names) {
    const auto [place, fresh] = index.emplace(name, index.size());
    if (fresh) {
      out.conditions.push_back(name);
      count.push_back(0);
    }
    out.condition.push_back(place->second);
    out.repeat.push_back(count[place->second]++);
  }
  for (const std::size_t one : count) out.repeats = std::max(out.repeats, one);
  return out;
}

// Middles of the bins in ms, where the file says where they begin and end.
std::vector<double> times_of(const data::Assembly &assembly, const Axis &axis) {
  const auto *start = find_column(assembly, axis.name, "time_bin_start"),
             *end = find_column(assembly, axis.name, "time_bin_end");
  std::vector<double> times;
  if (!start || !end) return times;
  for (std::size_t t = 0; t < std::min(start->numbers.size(), end->numbers.size()); ++t)
    times.push_back((start->numbers[t] + end->numbers[t]) / 2);
  return times.size() == axis.extent ? times : std::vector<double>();
}

std::string default_name(const Source &source, const data::Assembly &assembly) {
  if (!source.name.empty()) return source.name;
  return assembly.name.empty() ? std::filesystem::path(source.file).stem().string() : assembly.name;
}

/// The responses of some neuroids, all NaN where nothing was measured.
Responses responses_of_neuroids(const data::Assembly &assembly, const std::array<Axis, roles> &axes,
                                const Presentations &shown, const std::vector<std::size_t> &neuroids) {
  Responses out;
  out.conditions = shown.conditions;
  out.unit = assembly.unit;
  out.times = times_of(assembly, axes[of_time]);
  const std::size_t again = axes[of_repeat].extent; // an axis of repeats, within each presentation
  for (std::size_t t = 0; t < axes[of_time].extent; ++t) {
    arma::cube values(shown.conditions.size(), neuroids.size(), shown.repeats * again);
    values.fill(std::numeric_limits<double>::quiet_NaN());
    for (std::size_t p = 0; p < shown.condition.size(); ++p)
      for (std::size_t r = 0; r < again; ++r)
        for (std::size_t n = 0; n < neuroids.size(); ++n)
          values(shown.condition[p], n, shown.repeat[p] * again + r) =
              assembly.values.at(p * axes[of_condition].stride + neuroids[n] * axes[of_neuron].stride +
                                 r * axes[of_repeat].stride + t * axes[of_time].stride);
    out.values.push_back(std::move(values));
  }
  return out;
}

} // namespace

std::vector<Area> gather_assembly(const Source &source, std::vector<std::string> &notes) {
  const auto assembly = with_place(source, source.key.empty() ? "file" : "key",
                                   [&] { return data::read_assembly(source.file, source.key); });
  const auto axes = axes_of(source, assembly);
  const auto shown = presentations_of(source, assembly, axes, notes);
  const std::string &along = axes[of_neuron].name;
  const auto column = [&](const char *key, const std::string &name) {
    return name.empty() ? std::vector<std::string>() : column_asked(source, key, assembly, along, name);
  };
  const auto kind = column("units/column", source.unit_column), area_of = column("areas", source.areas);
  std::vector<std::string> ids;
  for (const char *name : {"neuroid_id", "neuron_id", "unit_id", "id"})
    if (const auto *found = find_column(assembly, along, name); found && ids.empty()) ids = texts_of(*found);
  std::vector<Area> out;
  std::vector<std::vector<std::size_t>> neuroids; // by area
  std::map<std::string, std::size_t> index;
  for (std::size_t n = 0; n < axes[of_neuron].extent; ++n) {
    if (!kind.empty() && kind[n] != source.unit_is) continue;
    const std::string name = area_of.empty() ? default_name(source, assembly) : area_of[n];
    const auto [place, fresh] = index.emplace(name, out.size());
    if (fresh) {
      out.emplace_back();
      out.back().name = name;
      out.back().file = source.file;
      neuroids.emplace_back();
    }
    neuroids[place->second].push_back(n);
  }
  if (out.empty())
    refuse(source, "units", fmt::format("no neuron has '{}' in '{}'", source.unit_is, source.unit_column));
  for (std::size_t k = 0; k < out.size(); ++k) {
    auto responses = responses_of_neuroids(assembly, axes, shown, neuroids[k]);
    for (const std::size_t n : neuroids[k]) responses.neurons.push_back(ids.empty() ? std::to_string(n + 1) : ids[n]);
    const auto names = condition_names(source, responses.conditions.size());
    if (!names.empty()) responses.conditions = names;
    out[k].conditions = shown.column.empty() && names.empty() ? std::vector<std::string>() : responses.conditions;
    out[k].condition_count = responses.conditions.size();
    out[k].column = names.empty() ? shown.column : "";
    out[k].column_assumed = source.condition.empty();
    out[k].responses = std::move(responses);
  }
  return out;
}

} // namespace engram::recordings
