#include "recordings/gather.hpp"

#include "data/assembly.hpp"
#include "data/bytes.hpp"
#include "data/pictures/pictures.hpp"
#include "data/spikes/spike_trains.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <utility>

namespace engram::recordings {

void refuse(const Source &source, const std::string &key, const std::string &what) {
  const std::string file = source.key.empty() ? source.file : source.file + ":" + source.key;
  if (!source.places) throw input::InputError({{file, 0, "", what}});
  throw input::InputError({input::placed({"", 0, source.pointer + "/" + key, file + ": " + what}, *source.places)});
}

bool is_nwb(const std::string &file) {
  const auto ending = std::filesystem::path(file).extension().string();
  if (ending != ".h5" && ending != ".hdf5") return ending == ".nwb";
  data::require_file(file);
  return data::hdf5_content(file) == "NWB";
}

namespace {

// A list that holds this area and no copy of it.
std::vector<Area> alone(Area area) {
  std::vector<Area> out;
  out.push_back(std::move(area));
  return out;
}

// The stimulus and the position that the source gives as arrays.
std::vector<Area> with_covariates(const Source &source, std::vector<Area> areas) {
  const auto covariates = array_covariates(source);
  for (auto &area : areas) area.covariates = covariates;
  return areas;
}

// A key of the comparison file that means nothing for this kind of file would be ignored.
void refuse_keys(const Source &source, const std::vector<std::string> &keys, const std::string &kind) {
  if (!source.places) return;
  for (const auto &key : keys)
    if (source.places->has(source.pointer + "/" + key)) refuse(source, key, "is not for " + kind);
}

// Other files say it themselves, or hold no time series.
void refuse_series(const Source &source, const std::string &kind) {
  if (source.series.given()) refuse(source, "series", "a sampling rate is for an array, and not for " + kind);
}

const std::vector<std::string> keys_of_nwb{"signals",   "events", "condition",       "units",          "areas",
                                           "threshold", "sweeps", "stimulus/series", "position/series"};

std::vector<std::string> keys_of_arrays() {
  const auto schemas = array_source_schema();
  std::vector<std::string> out{"axes"};
  for (const auto &schema : schemas.items()) out.push_back(schema.key());
  return out;
}

std::vector<Area> areas_of_nwb(Source source, std::vector<std::string> &notes) {
  refuse_series(source, "an NWB file");
  if (!source.arrays.columns.empty()) {
    const std::string kind = "a table of trials";
    auto keys = keys_of_arrays();
    std::erase(keys, "columns");
    std::erase(keys, "where");
    refuse_keys(source, keys, kind);
    refuse_keys(source, {"key", "signals", "condition", "units", "areas", "threshold", "window", "bin"}, kind);
    refuse_keys(source, {"stimulus", "position"}, kind);
    return {gather_nwb_columns(source)};
  }
  auto keys = keys_of_arrays();
  std::erase(keys, "where");
  refuse_keys(source, keys, "an NWB file");
  refuse_keys(source, {"key"}, "an NWB file, whose time series are 'signals'");
  if (source.sweeps)
    refuse_keys(
        source,
        {"conditions", "events", "condition", "window", "bin", "units", "areas", "stimulus", "position", "where"},
        "sweeps of a cell");
  if (!source.key.empty()) source.signals = {std::exchange(source.key, "")}; // FILE:KEY of the command line
  return gather_nwb(source, notes);
}

std::vector<Area> areas_of_spikes(const Source &source, std::vector<std::string> &notes) {
  const std::string kind = "spike trains without events";
  refuse_series(source, kind);
  refuse_keys(source, keys_of_arrays(), kind);
  refuse_keys(source, {"conditions", "signals", "events", "condition", "window", "bin", "threshold"}, kind);
  refuse_keys(source, {"stimulus/series", "position/series"}, kind);
  return with_covariates(source, gather_spikes(source, notes));
}

std::vector<Area> areas_of_rdms(const Source &source, std::vector<std::string> &notes) {
  const std::string kind = "dissimilarities";
  refuse_series(source, kind);
  refuse_keys(source, keys_of_nwb, kind);
  refuse_keys(source, keys_of_arrays(), kind);
  refuse_keys(source, {"window", "bin", "stimulus", "position"}, kind);
  return alone(gather_rdms(source, notes));
}

// The pixels of pictures are neurons, unless 'axes' says otherwise.
Source with_axes_of_pictures(Source source, std::vector<std::string> &notes) {
  if (!data::is_pictures(source.file) || !source.axes.empty() || only_covariates(source)) return source;
  source.axes = {"condition", "neuron", "neuron"};
  notes.push_back(source.file + ": each picture is taken as a condition, and its pixels as neurons");
  return source;
}

std::vector<Area> areas_of_arrays(const Source &as_given, std::vector<std::string> &notes) {
  const Source source = with_axes_of_pictures(as_given, notes);
  refuse_keys(source, keys_of_nwb, "arrays");
  if (!source.arrays.given())
    refuse_keys(source, {"where"}, "arrays without trials: it is of 'columns', 'labels', or the events of an NWB file");
  if (source.series.given()) return with_covariates(source, alone(gather_sampled(source, notes)));
  if (source.arrays.trial_spikes.empty() && !source.bin) refuse_keys(source, {"window"}, "an array of responses");
  if (!source.arrays.columns.empty()) return alone(gather_columns(source));
  if (!source.arrays.trial_spikes.empty()) return alone(gather_trial_spikes(source, notes));
  if (only_covariates(source)) return with_covariates(source, alone(gather_covariates_alone(source)));
  if (needs_gather_axes(source)) return with_covariates(source, alone(gather_axes(source, notes)));
  return with_covariates(source, alone(gather_array(source, notes)));
}

std::vector<Area> areas_of_assembly(const Source &source, std::vector<std::string> &notes) {
  refuse_series(source, "an assembly");
  auto keys = keys_of_arrays();
  std::erase(keys, "axes");
  refuse_keys(source, keys, "an assembly");
  refuse_keys(source, {"signals", "events", "threshold", "sweeps", "window", "bin", "stimulus", "position"},
              "an assembly");
  return gather_assembly(source, notes);
}

std::vector<Area> areas_of_report(const Source &source, std::vector<std::string> &notes) {
  const std::string kind = "a report of SONATA";
  refuse_series(source, kind);
  refuse_keys(source, keys_of_arrays(), kind);
  refuse_keys(source, {"conditions", "signals", "events", "condition", "window", "bin", "units", "areas", "sweeps"},
              kind);
  refuse_keys(source, {"stimulus/series", "position/series"}, kind);
  return with_covariates(source, alone(gather_report(source, notes)));
}

std::vector<Area> gathered(const Source &source, std::vector<std::string> &notes) {
  if (source.spikes.given || data::is_phy(source.file)) return areas_of_spikes(source, notes);
  data::require_file(source.file);
  if (!source.rdms.empty()) return areas_of_rdms(source, notes);
  if (data::is_assembly(source.file)) return areas_of_assembly(source, notes);
  if (is_nwb(source.file)) return areas_of_nwb(source, notes);
  const auto ending = std::filesystem::path(source.file).extension().string();
  if ((ending == ".h5" || ending == ".hdf5") && source.axes.empty() && data::hdf5_content(source.file) == "SONATA") {
    if (source.threshold) return areas_of_report(source, notes);
    return areas_of_spikes(source, notes);
  }
  return areas_of_arrays(source, notes);
}

// Where a comparison file says what the conditions are, or else which file holds them.
input::Problem place_of_conditions(const Source &source) {
  if (!source.places) return {};
  std::string at = source.pointer + "/file";
  for (const char *key : {"key", "rdm", "rdms", "labels", "axes", "condition", "conditions"})
    if (source.places->has(source.pointer + "/" + key)) at = source.pointer + "/" + key;
  return input::placed({"", 0, at, ""}, *source.places);
}

// What is multiplied by a power of two is told, and the unit says it.
void keep_in_range(Area &area, std::vector<std::string> &notes) {
  std::vector<arma::cube> rdms{area.rdms};
  int power = area.rdms.is_empty() ? 0 : bring_into_range(rdms);
  if (power != 0) area.rdms = rdms.front();
  if (area.responses)
    if (const int own = bring_into_range(area.responses->values); own != 0) {
      power = own;
      const auto &unit = area.responses->unit;
      area.responses->unit = fmt::format("2^{}{}{}", -power, unit.empty() ? "" : " ", unit);
    }
  if (power != 0)
    notes.push_back(
        fmt::format("{}: the values are too {} to be squared twice: they are taken in units of 2^{} ({:.3g})",
                    area.name, power < 0 ? "large" : "small", -power, std::ldexp(1.0, -power)));
}

} // namespace

std::vector<Area> gather(const Source &source, std::vector<std::string> &notes) {
  if (const auto &stimulus = source.stimulus.array.file; !stimulus.empty()) // named, so that it must be there
    with_place(source, "stimulus/file", [&] { data::require_file(stimulus); });
  auto areas = with_place(source, "file", [&] { return gathered(source, notes); });
  for (auto &area : areas) {
    keep_in_range(area, notes);
    area.place = place_of_conditions(source);
  }
  if (source.subject.empty()) return areas;
  for (auto &area : areas) {
    area.common = area.name;
    area.name += " (" + source.subject + ")";
  }
  return areas;
}

} // namespace engram::recordings
