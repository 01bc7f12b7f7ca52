#include "recordings/gather.hpp"

#include "data/assembly.hpp"
#include "data/bytes.hpp"
#include "data/spikes/spike_trains.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"

#include <filesystem>

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

std::vector<Area> gathered(const Source &source, std::vector<std::string> &notes) {
  if (source.spikes.given || data::is_phy(source.file)) return gather_spikes(source, notes);
  data::require_file(source.file);
  if (!source.rdms.empty()) return {gather_rdms(source, notes)};
  if (data::is_assembly(source.file)) return gather_assembly(source, notes);
  if (is_nwb(source.file)) return gather_nwb(source, notes);
  const auto ending = std::filesystem::path(source.file).extension().string();
  if ((ending == ".h5" || ending == ".hdf5") && source.axes.empty() && data::hdf5_content(source.file) == "SONATA") {
    if (source.threshold) return {gather_report(source, notes)};
    return gather_spikes(source, notes);
  }
  return {gather_array(source, notes)};
}

} // namespace

std::vector<Area> gather(const Source &source, std::vector<std::string> &notes) {
  auto areas = with_place(source, "file", [&] { return gathered(source, notes); });
  if (source.subject.empty()) return areas;
  for (auto &area : areas) {
    area.common = area.name;
    area.name += " (" + source.subject + ")";
  }
  return areas;
}

} // namespace engram::recordings
