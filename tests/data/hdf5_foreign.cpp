// HDF5 reads the files of others in a child process alone, and gives there what it gives here.
#include "data/hdf5_foreign.hpp"
#include "catch.hpp"
#include "damage.hpp"
#include "data/hdf5_object.hpp"
#include "data/mat.hpp"
#include "data/nwb.hpp"
#include "data/spike_times.hpp"
#include "fixtures.hpp"
#include "read_everything.hpp"
#include "record/run_file.hpp"
#include "record/run_read.hpp"
#include "refusal.hpp"

using namespace engram::data;
using namespace engram::data::testing;

namespace {

using Extents = std::vector<hsize_t>;

ssize_t opened_here() { return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL); }

/// Counts up, in the type T.
template <class T> std::vector<T> counted(const Extents &shape) {
  hsize_t count = 1;
  for (const hsize_t extent : shape) count *= extent;
  std::vector<T> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(i) - static_cast<T>(5);
  return values;
}

template <class T> std::vector<T> write_counted(hid_t file, const std::string &name, const hdf5::Layout &layout) {
  const auto values = counted<T>(layout.shape);
  const auto dataset = hdf5::create_dataset(file, name, hdf5::memory_type<T>(), layout);
  hdf5::write_block(dataset.get(), hdf5::memory_type<T>(), Extents(layout.shape.size(), 0), layout.shape,
                    values.data());
  return values;
}

/// A run file with everything that a RunReader gives.
std::string write_run_file(const std::filesystem::path &path) {
  using namespace engram::record;
  RunInfo info;
  info.model_name = "m";
  info.model_json = "{}";
  info.version = "0";
  info.precision = "double";
  info.session_start = "2026-01-31T12:00:00+01:00";
  RunFile run(path.string(), info);
  const auto series = run.add_series({"V1", "rate", "Hz", "", 3, false});
  run.write(series, 0, arma::mat(3, 40, arma::fill::ones));
  run.write_times(series, 0, 0, 40);
  run.write_weights("a->b", arma::mat(5, 7, arma::fill::value(2)), "");
  run.add_trial({0.0, 1.0, 0, 1, 1, 0.5, true, 1});
  run.add_curve_point({1, 0.5, 0.5, 0.5, 0.5, 1.0});
  run.finish();
  return path.string();
}

std::size_t read_all_of_run(const std::string &path) {
  std::size_t refused = 0;
  try {
    const engram::record::RunReader run(path);
    allow_refusal(refused, [&] {
      for (const auto &series : run.series()) {
        allow_refusal(refused, [&] { run.data(series); });
        allow_refusal(refused, [&] { run.times(series); });
      }
    });
    allow_refusal(refused, [&] {
      for (const auto &name : run.projections()) run.weights(name);
    });
    allow_refusal(refused, [&] { run.trials(); });
    allow_refusal(refused, [&] { run.curve(); });
    allow_refusal(refused, [&] { run.model_json(); });
    allow_refusal(refused, [&] { run.seed(); });
  } catch (const DataError &) {
    refused = std::numeric_limits<std::size_t>::max();
  }
  return refused;
}

} // namespace

TEST_CASE("no reader of others' files opens one in this process", "[data]") {
  const TemporaryFolder folder;
  const std::string run_file = write_run_file(folder.path / "run.nwb");
  const ssize_t before = opened_here();
  {
    const NwbFile series(fixture("series.nwb")), tables(fixture("tables.nwb")), run(run_file);
    for (const NwbFile *file : {&series, &tables, &run}) {
      CHECK(file->tables().size() + file->series().size() > 0);
      read_all(*file);
      CHECK(opened_here() == before);
    }
    const engram::record::RunReader reader(run_file);
    CHECK(read_all_of_run(run_file) == 0);
    const hdf5::ForeignFile plain(fixture("plain.h5"));
    CHECK_FALSE(plain.children("/").empty());
    CHECK(read_all_of_mat(fixture("version73.mat")) == 0);
    std::vector<std::string> outside;
    CHECK_FALSE(read_spike_times(fixture("tables.nwb"), "", outside, nullptr).empty());
    CHECK_FALSE(describe_file(fixture("tables.nwb")).children.empty());
    CHECK(opened_here() == before);
  }
  CHECK(opened_here() == before);
}

TEST_CASE("values come block by block as HDF5 gives them at once", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "x.h5").string();
  struct Case {
    const char *name;
    Extents shape, chunk;
    bool compress;
  };
  // Blocks are about 131072 values, and end where packed chunks do.
  const std::vector<Case> cases{{"long", {300'000}, {}, false},
                                {"packed", {300'000}, {70'001}, true},
                                {"one_chunk", {300'000}, {300'000}, true},
                                {"table", {3000, 100}, {700, 33}, true},
                                {"loose", {3000, 100}, {700, 33}, false},
                                {"wide", {40, 150'000}, {}, false},
                                {"cube", {1500, 20, 30}, {11, 20, 7}, true},
                                {"small", {2, 3}, {}, false},
                                {"single", {}, {}, false},
                                {"none", {0, 3}, {}, false}};
  std::vector<std::vector<double>> doubles;
  std::vector<std::vector<std::int64_t>> wholes;
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    for (const Case &one : cases) {
      hdf5::Layout layout;
      layout.shape = one.shape;
      layout.chunk = one.chunk;
      layout.compress = one.compress;
      doubles.push_back(write_counted<double>(file.get(), std::string(one.name) + "_d", layout));
      wholes.push_back(write_counted<std::int64_t>(file.get(), std::string(one.name) + "_i", layout));
    }
  }
  const hdf5::ForeignFile file(path);
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const std::string name = std::string("/") + cases[k].name;
    INFO(name);
    const auto about = file.about(name + "_d");
    REQUIRE(about.is_dataset());
    CHECK(about.type == "float64");
    CHECK(about.numbers);
    CHECK(about.shape == std::vector<std::size_t>(cases[k].shape.begin(), cases[k].shape.end()));
    CHECK(file.numbers<double>(name + "_d") == doubles[k]);
    CHECK(file.numbers<std::int64_t>(name + "_i") == wholes[k]);
    CHECK(file.numbers<std::uint64_t>(name + "_i").size() == wholes[k].size());
    const std::size_t rows = about.rows(), width = rows == 0 ? 0 : doubles[k].size() / rows;
    if (rows < 3) continue;
    const std::size_t first = rows / 3, count = rows - first - 1;
    const std::vector<double> part(doubles[k].begin() + static_cast<std::ptrdiff_t>(first * width),
                                   doubles[k].begin() + static_cast<std::ptrdiff_t>((first + count) * width));
    CHECK(file.numbers<double>(name + "_d", first, count) == part);
    const arma::mat columns = file.transposed_matrix(name + "_d", first, count);
    CHECK(std::equal(part.begin(), part.end(), columns.begin(), columns.end()));
    CHECK(arma::approx_equal(file.matrix(name + "_d", first, count), columns.t(), "absdiff", 0));
    CHECK_THAT(refusal(path, [&] { file.numbers<double>(name + "_d", first, count + 2); }),
               ContainsSubstring("rows, not"));
  }
  CHECK(file.about("/nowhere").kind == hdf5::About::Kind::nothing);
  CHECK(file.about("/").is_group());
  CHECK_THAT(refusal(path, [&] { file.numbers<double>("/nowhere"); }), ContainsSubstring("/nowhere cannot be opened"));
  CHECK_THAT(refusal(path, [&] { file.numbers<double>("/"); }), ContainsSubstring("holds no values"));
  CHECK(file.numbers<double>("/small_d") == doubles[7]); // a refusal ends nothing
}

TEST_CASE("a file that goes, or that is cut while it is open, is an error and no crash", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "x.h5").string();
  std::vector<double> values;
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::Layout layout;
    layout.shape = {1'000'000};
    values = write_counted<double>(file.get(), "x", layout);
  }
  {
    const hdf5::ForeignFile file(path);
    std::filesystem::resize_file(path, 4'000'000);
    CHECK(refusal(path, [&] { file.numbers<double>("/x"); }) ==
          path + ": was cut short while it was read"); // not zeros
  }
  std::filesystem::remove(path);
  CHECK_THAT(refusal(path, [&] { hdf5::ForeignFile{path}; }), ContainsSubstring("no such file"));
}

TEST_CASE("after a pause a file is read on where it is the same", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "x.h5").string();
  std::filesystem::copy(fixture("plain.h5"), path);
  const hdf5::ForeignFile file(path);
  const auto names = file.children("/");
  for (int round = 0; round < 3; ++round) {
    file.pause();
    CHECK(file.children("/") == names);
  }
  file.pause();
  file.pause();
  std::ofstream(path, std::ios::binary | std::ios::app) << "x";
  CHECK(refusal(path, [&] { file.children("/"); }) == path + ": was changed while it was read");
  std::filesystem::remove(path);
  CHECK_THAT(refusal(path, [&] { file.children("/"); }), ContainsSubstring("cannot be opened"));
  std::filesystem::copy(fixture("plain.h5"), path); // equal, but another file
  CHECK(refusal(path, [&] { file.children("/"); }) == path + ": was changed while it was read");
}

TEST_CASE("run files and recordings that are cut anywhere are refused, by all readers", "[data]") {
  const TemporaryFolder folder;
  const auto good = bytes_of(write_run_file(folder.path / "run.nwb"));
  const auto path = (folder.path / "cut.nwb").string();
  for (const double kept : {0.0, 0.001, 0.02, 0.1, 0.3, 0.5, 0.8, 0.95, 0.999}) {
    INFO(kept);
    const auto size = static_cast<std::size_t>(kept * static_cast<double>(good.size()));
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(good.data()), static_cast<std::streamsize>(size));
    CHECK_FALSE(refusal(path, [&] { NwbFile{path}; }).empty());
    CHECK_FALSE(refusal(path, [&] { engram::record::RunReader{path}; }).empty());
    CHECK_FALSE(refusal(path, [&] { describe_file(path); }).empty());
  }
}

TEST_CASE("damaged run files are read or refused, as run files and as recordings", "[data]") {
  const TemporaryFolder folder;
  const auto good = bytes_of(write_run_file(folder.path / "run.nwb"));
  const auto path = (folder.path / "damaged.nwb").string();
  std::mt19937 random(20251130);
  const ssize_t before = opened_here();
  int worse = 0, as_before = 0;
  for (int round = 0; round < 60; ++round) {
    const auto bytes = damaged(good, random);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    (read_all_of_run(path) > 0 ? worse : as_before) += 1;
    read_all_of_nwb(path);
  }
  CHECK(worse > 0);
  CHECK(as_before > 0);
  CHECK(opened_here() == before);
}
