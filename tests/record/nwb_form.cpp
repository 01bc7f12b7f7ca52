// A run file has the form that NWB's own software writes and accepts.
#include "catch.hpp"
#include "data/hdf5.hpp"
#include "data/hdf5_object.hpp"
#include "fixtures.hpp"
#include "record/example.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

using namespace engram::record;
namespace hdf5 = engram::data::hdf5;
using engram::data::testing::recorded;
using engram::data::testing::TemporaryFolder;
using engram::record::testing::info;
using engram::record::testing::write_example;

namespace {
/// The form of a value, whatever its content: "text utf-8, 0 axes", "float of 8, 1 axes".
std::string form(hid_t type, hid_t space) {
  std::string result;
  switch (H5Tget_class(type)) {
  case H5T_STRING:
    result = std::string(H5Tis_variable_str(type) > 0 ? "text " : "fixed text ") +
             (H5Tget_cset(type) == H5T_CSET_UTF8 ? "utf-8" : "ascii");
    break;
  case H5T_INTEGER:
    result = "integer of " + std::to_string(H5Tget_size(type));
    break;
  case H5T_FLOAT:
    result = "float of " + std::to_string(H5Tget_size(type));
    break;
  default:
    result = "class " + std::to_string(H5Tget_class(type));
  }
  return result + ", " + std::to_string(H5Sget_simple_extent_ndims(space)) + " axes";
}

using Attributes = std::map<std::string, std::string>;

/// By name, without those that point into the cached specification.
Attributes attributes_of(hid_t object) {
  Attributes result;
  const auto add = [](hid_t from, const char *name, const H5A_info_t *, void *out) -> herr_t {
    const hdf5::Handle attribute(H5Aopen(from, name, H5P_DEFAULT));
    const hdf5::Handle type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
    if (std::string(name) != ".specloc") (*static_cast<Attributes *>(out))[name] = form(type.get(), space.get());
    return 0;
  };
  REQUIRE(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, add, &result) >= 0);
  return result;
}

hdf5::Handle open(hid_t file, const std::string &path) {
  hdf5::Handle object(H5Oopen(file, path.c_str(), H5P_DEFAULT));
  INFO(path);
  REQUIRE(object);
  return object;
}

std::string dataset_form(hid_t file, const std::string &path) {
  const hdf5::Handle dataset = hdf5::open_dataset(file, path);
  return form(hdf5::Handle(H5Dget_type(dataset.get())).get(), hdf5::Handle(H5Dget_space(dataset.get())).get());
}

std::string write(const TemporaryFolder &folder) {
  const std::string path = (folder.path / "run.nwb").string();
  RunInfo more = info;
  more.session = {{"Hebb, Donald", "Milner, Peter"}, {"learning"}, {"doi:10.1038/s41593-019-0520-2"}, "McGill", "his"};
  RunFile run(path, more);
  write_example(run);
  const auto series = run.add_series({"V1", "potential", "", "", 1, false});
  run.write(series, 0, arma::mat{{5, 7}});
  run.write_times(series, 0, 0, 1);
  run.write_times(series, 1, 3, 1);
  const auto first = run.add_units("V1", {0, 1});
  run.observe(first, 0, 0.4);
  for (const double second : {0.1, 0.3}) run.add_spike(first + 1, second);
  run.finish();
  return path;
}
} // namespace

TEST_CASE("Typed objects have the attributes that pynwb writes", "[record][recorded]") {
  const std::string example = recorded("nwb/grasshopper_pynwb.nwb"); // written by pynwb 2.8
  if (!std::filesystem::exists(example)) {
    WARN("skipped: no " << example);
    return;
  }
  const TemporaryFolder folder;
  const hdf5::Handle theirs = hdf5::open_read(example);
  const hdf5::Handle ours = hdf5::open_read(write(folder));
  const std::vector<std::pair<std::string, std::vector<std::string>>> pairs{
      {"/", {"/"}},
      {"/stimulus/presentation/amplitude", {"/acquisition/V1_rate"}},
      {"/units", {"/units"}},
      {"/units/id", {"/units/id"}},
      {"/units/spike_times", {"/units/region", "/units/neuron"}},
      {"/units/spike_times_index", {"/units/spike_times_index"}},
      {"/units/obs_intervals", {"/units/obs_intervals"}},
      {"/units/obs_intervals_index", {"/units/obs_intervals_index"}},
      {"/stimulus/presentation/amplitude/data", {"/acquisition/V1_rate/data"}},
      // pynwb writes a DynamicTable and a TimeIntervals with the same attributes.
      {"/intervals/trials", {"/intervals/trials", "/scratch/learning_curve", "/scratch/recorded_signals"}},
      {"/intervals/trials/id", {"/intervals/trials/id", "/scratch/learning_curve/id", "/scratch/recorded_signals/id"}},
      {"/intervals/trials/cutoff_Hz",
       {"/intervals/trials/start_time", "/intervals/trials/stop_time", "/intervals/trials/trial",
        "/intervals/trials/label", "/intervals/trials/choice", "/intervals/trials/loss", "/intervals/trials/held_out",
        "/intervals/trials/epoch", "/scratch/learning_curve/train_loss", "/scratch/recorded_signals/region"}}};
  for (const auto &[their_path, our_paths] : pairs)
    for (const auto &our_path : our_paths) {
      INFO(their_path << " and " << our_path);
      const auto wanted = attributes_of(open(theirs.get(), their_path).get());
      CHECK(wanted.size() >= 2); // starting_time has its rate and unit alone
      CHECK(attributes_of(open(ours.get(), our_path).get()) == wanted);
    }
  for (const char *path : {"/", "/intervals/trials", "/intervals/trials/id", "/intervals/trials/start_time",
                           "/intervals/trials/stop_time", "/units", "/units/id", "/units/spike_times",
                           "/units/spike_times_index", "/units/obs_intervals", "/units/obs_intervals_index"})
    for (const char *name : {"neurodata_type", "namespace"}) {
      INFO(path << " " << name);
      CHECK(hdf5::text_attribute(open(ours.get(), path).get(), name) ==
            hdf5::text_attribute(open(theirs.get(), path).get(), name));
    }
  CHECK(attributes_of(open(ours.get(), "/acquisition/V1_rate/starting_time").get()) ==
        attributes_of(open(theirs.get(), "/stimulus/presentation/amplitude/starting_time").get()));
  // nwb.misc.yaml 2.7.0, Units/spike_times/resolution: float64. Their example has none.
  auto of_times = attributes_of(open(theirs.get(), "/units/spike_times").get());
  of_times["resolution"] = "float of 8, 0 axes";
  CHECK(attributes_of(open(ours.get(), "/units/spike_times").get()) == of_times);
  for (const char *path :
       {"/identifier", "/session_description", "/session_start_time", "/timestamps_reference_time", "/file_create_date",
        "/intervals/trials/start_time", "/intervals/trials/id", "/units/id", "/units/spike_times",
        "/units/obs_intervals", "/units/obs_intervals_index", "/general/institution"}) {
    INFO(path);
    CHECK(dataset_form(ours.get(), path) == dataset_form(theirs.get(), path));
  }
  for (const char *path :
       {"/acquisition", "/analysis", "/general", "/processing", "/stimulus/presentation", "/stimulus/templates"}) {
    CHECK(hdf5::open_group(theirs.get(), path));
    CHECK(hdf5::open_group(ours.get(), path));
  }
}

TEST_CASE("Times, session and scratch data are as NWB's schema says", "[record]") {
  const TemporaryFolder folder;
  const hdf5::Handle file = hdf5::open_read(write(folder));
  // nwb.base.yaml 2.7.0, TimeSeries: either timestamps (float64, interval int32, unit text), or starting_time (float64,
  // rate float32 or better, unit text).
  CHECK(dataset_form(file.get(), "/acquisition/V1_potential/timestamps") == "float of 8, 1 axes");
  CHECK(attributes_of(open(file.get(), "/acquisition/V1_potential/timestamps").get()) ==
        Attributes{{"interval", "integer of 4, 0 axes"}, {"unit", "text utf-8, 0 axes"}});
  CHECK_FALSE(hdf5::exists(file.get(), "/acquisition/V1_potential/starting_time"));
  CHECK(dataset_form(file.get(), "/acquisition/V1_rate/starting_time") == "float of 8, 0 axes");
  CHECK(attributes_of(open(file.get(), "/acquisition/V1_rate/starting_time").get()) ==
        Attributes{{"rate", "float of 8, 0 axes"}, {"unit", "text utf-8, 0 axes"}});
  CHECK_FALSE(hdf5::exists(file.get(), "/acquisition/V1_rate/timestamps"));
  // nwb.file.yaml 2.7.0, NWBFile/general: texts, of which experimenter, keywords and related_publications are lists.
  for (const char *name : {"experiment_description", "institution", "lab"}) {
    CAPTURE(name);
    CHECK(dataset_form(file.get(), std::string("/general/") + name) == "text utf-8, 0 axes");
  }
  using Texts = std::vector<std::string>;
  for (const auto &[name, texts] :
       std::vector<std::pair<std::string, Texts>>{{"experimenter", {"Hebb, Donald", "Milner, Peter"}},
                                                  {"keywords", {"simulation", "engram", "learning"}},
                                                  {"related_publications", {"doi:10.1038/s41593-019-0520-2"}}}) {
    CAPTURE(name);
    CHECK(dataset_form(file.get(), "/general/" + name) == "text utf-8, 1 axes");
    CHECK(hdf5::read_texts(hdf5::open_dataset(file.get(), "/general/" + name).get()) == texts);
  }
  // nwb.file.yaml 2.7.0, ScratchData: notes, and what every typed object has.
  const Attributes typed{{"neurodata_type", "text utf-8, 0 axes"},
                         {"namespace", "text utf-8, 0 axes"},
                         {"object_id", "text utf-8, 0 axes"},
                         {"notes", "text utf-8, 0 axes"}};
  const std::vector<std::string> names{"model_json", "model_name", "seed", "precision", "engram_version"};
  std::vector<std::string> identifiers;
  for (const auto &name : names) {
    INFO(name);
    const hdf5::Handle dataset = open(file.get(), "/scratch/" + name);
    CHECK(attributes_of(dataset.get()) == typed);
    CHECK(hdf5::text_attribute(dataset.get(), "neurodata_type") == "ScratchData");
    CHECK(hdf5::text_attribute(dataset.get(), "namespace") == "core");
    identifiers.push_back(hdf5::text_attribute(dataset.get(), "object_id"));
    CHECK(identifiers.back().size() == 36);
  }
  std::sort(identifiers.begin(), identifiers.end());
  CHECK(std::unique(identifiers.begin(), identifiers.end()) == identifiers.end());
  // hdmf 3.14 refuses a single number without a sign.
  const hdf5::Handle seed = hdf5::open_dataset(file.get(), "/scratch/seed");
  const hdf5::Handle type(H5Dget_type(seed.get()));
  CHECK(H5Tget_sign(type.get()) == H5T_SGN_2);
}

// hdmf 3.14, common/table.py, VectorIndex: the smallest unsigned type that holds the number of values. SpikeInterface
// 0.104, NwbSortingExtractor, slices with np.concatenate([[0], index[:-1]]), which is float64 where the index is
// uint64.
TEST_CASE("The index of a ragged column has the smallest unsigned type that holds it", "[record]") {
  const auto [spikes, bytes] = GENERATE(table<std::size_t, std::size_t>({{255, 1}, {256, 2}, {65535, 2}, {65536, 4}}));
  CAPTURE(spikes);
  const TemporaryFolder folder;
  const std::string path = (folder.path / "run.nwb").string();
  RunFile run(path, info);
  const auto first = run.add_units("V1", {0, 1});
  run.observe(first, 0, 1e4);
  for (std::size_t n = 0; n < spikes; ++n) run.add_spike(first + n % 2, 0.1 * static_cast<double>(n));
  run.finish();
  const hdf5::Handle file = hdf5::open_read(path);
  for (const auto &[name, size] : {std::pair{"spike_times_index", bytes}, {"obs_intervals_index", std::size_t{1}}}) {
    const hdf5::Handle index = hdf5::open_dataset(file.get(), "/units/" + std::string(name));
    const hdf5::Handle type(H5Dget_type(index.get()));
    CHECK(H5Tget_size(type.get()) == size);
    CHECK(H5Tget_sign(type.get()) == H5T_SGN_NONE);
  }
  const auto ends = hdf5::read_all<std::uint64_t>(hdf5::open_dataset(file.get(), "/units/spike_times_index").get());
  CHECK(ends == std::vector<std::uint64_t>{(spikes + 1) / 2, spikes});
}

// nwb.misc.yaml 2.7.0: "the smallest possible difference between two spike times".
TEST_CASE("Spike times have the step for their resolution where they lie on the grid of time", "[record]") {
  const double second = GENERATE(12345.6, 12345.65);
  const TemporaryFolder folder;
  const std::string path = (folder.path / "run.nwb").string();
  RunFile run(path, info);
  const auto first = run.add_units("V1", {0});
  for (const double each : {0.3, second}) run.add_spike(first, each);
  run.finish();
  const hdf5::Handle file = hdf5::open_read(path), times = hdf5::open_dataset(file.get(), "/units/spike_times");
  CHECK(hdf5::has_attribute(times.get(), "resolution") == (second == 12345.6));
  CHECK(hdf5::attribute_number(times.get(), "resolution", 0.1) == 0.1);
}

// nwbinspector 0.5, checks/_tables.py: check_empty_table; check_column_binary_capability, check_table_values_for_dict
// and check_col_not_nan read row 0 of each column.
TEST_CASE("A table without rows is not in the file", "[record]") {
  const TemporaryFolder folder;
  const std::string path = (folder.path / "run.nwb").string();
  RunFile(path, info).finish();
  const hdf5::Handle file = hdf5::open_read(path);
  for (const char *table : {"/scratch/recorded_signals", "/scratch/learning_curve", "/intervals/trials", "/units"}) {
    CAPTURE(table);
    CHECK_FALSE(hdf5::exists(file.get(), table));
  }
}

namespace {
// `arguments` of Python and each file in turn; true, with a warning, where it lacks the module.
bool passes(const std::string &module, const std::string &arguments, const std::vector<std::string> &files) {
  if (std::system(("python3 -c 'import " + module + "' 2>/dev/null").c_str()) != 0) {
    WARN(module << " is not installed: it was not asked");
    return true;
  }
  return std::all_of(files.begin(), files.end(), [&](const auto &file) {
    return std::system(("python3 " + arguments + " '" + file + "' >/dev/null 2>&1").c_str()) == 0;
  });
}
} // namespace

TEST_CASE("pynwb's own validator finds no error, and pynwb reads the file", "[record]") {
  const TemporaryFolder folder;
  const std::string full = write(folder), empty = (folder.path / "empty.nwb").string();
  RunFile(empty, info).finish();
  CHECK(passes("pynwb", "-m pynwb.validate", {full, empty}));
  CHECK(passes("pynwb",
               "-c \"import sys, pynwb\n"
               "f = pynwb.NWBHDF5IO(sys.argv[1], 'r').read()\n"
               "assert f.get_scratch('seed') == 7\n"
               "assert f.trials is None or len(f.trials.to_dataframe()) == 1\n"
               "assert f.units is None or f.units['spike_times'][1].tolist() == [0.1, 0.3]\n\"",
               {full, empty}));
}

// What is a mistake in any file. Suggestions remain, as a simulation has no subject, and a table may have one row.
TEST_CASE("nwbinspector finds no violation of a best practice", "[record]") {
  const TemporaryFolder folder;
  const std::string full = write(folder), empty = (folder.path / "empty.nwb").string();
  RunFile(empty, info).finish();
  CHECK(passes("nwbinspector",
               "-c \"import sys, nwbinspector\n"
               "found = list(nwbinspector.inspect_nwbfile(nwbfile_path=sys.argv[1]))\n"
               "least = nwbinspector.Importance.BEST_PRACTICE_SUGGESTION\n"
               "assert not [m for m in found if m.importance.value > least.value]\n\"",
               {full, empty}));
}
