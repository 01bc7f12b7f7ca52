#include "record/run_file.hpp"

#include "catch.hpp"
#include "record/hdf5.hpp"

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

using namespace engram::record;
namespace fs = std::filesystem;

namespace {
struct Folder {
  fs::path path = fs::temp_directory_path() / ("engram_record_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string &name) const { return (path / name).string(); }
};

const RunInfo info{"größe", "{\"name\": \"größe\"}", "", 7, "0.1.0", "double", "2026-01-31T12:00:00+01:00"};

hdf5::Handle dataset(const std::string &path, const std::string &name) {
  const hdf5::Handle file = hdf5::open_read(path);
  return hdf5::open_dataset(file.get(), name);
}

void write_example(RunFile &run) {
  const auto series = run.add_series({"V1", "rate", "", "", 2, false});
  run.write(series, 2, arma::mat{{5, 7}, {6, 8}});
  run.write(series, 0, arma::mat{{1, 3}, {2, 4}});
  run.write_times(series, 0, {0.0, 0.1, 0.2, 0.3});
  run.write_weights("V1->décision.apical", arma::mat{{1, 2, 3}, {4, 5, 6}}, "");
  run.write_weights("V1->décision.apical", arma::mat{{10, 20, 30}, {40, 50, 60}}, "");
  run.add_trial({0.0, 0.4, 3, 1, 1, 0.5, true, 0});
  run.write_curve({{0, 1.0, 0.5, NAN, NAN, 2.0}, {1, 0.5, 0.75, NAN, NAN, 4.0}});
}
} // namespace

TEST_CASE("A run file holds what was written, at any offset and overwritten", "[record]") {
  const Folder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  write_example(run);
  CHECK_FALSE(fs::exists(path));
  run.finish();
  CHECK_FALSE(fs::exists(path + ".partial"));
  using Values = std::vector<double>;
  CHECK(hdf5::read_all<double>(dataset(path, "/acquisition/V1_rate/data").get()) == Values{1, 2, 3, 4, 5, 6, 7, 8});
  const auto weights = dataset(path, "/scratch/weights_V1_to_décision_apical");
  CHECK(hdf5::read_all<double>(weights.get()) == Values{10, 20, 30, 40, 50, 60});
  CHECK(hdf5::shape(weights.get()) == std::vector<hsize_t>{2, 3});
  CHECK(hdf5::text_attribute(weights.get(), "projection") == "V1->décision.apical");
  CHECK(hdf5::read_texts(dataset(path, "/scratch/model_json").get()).at(0) == info.model_json);
  CHECK(hdf5::read_all<std::int8_t>(dataset(path, "/intervals/trials/held_out").get()).at(0) == 1);
  CHECK(hdf5::read_all<double>(dataset(path, "/scratch/learning_curve/train_loss").get()) == Values{1.0, 0.5});
  CHECK_THROWS_AS(run.flush(), std::logic_error);
}

TEST_CASE("A writer killed after a flush leaves a file that opens as it was then", "[record]") {
  const Folder folder;
  const std::string path = folder.file("killed.nwb");
  const pid_t child = ::fork();
  if (child == 0) {
    RunFile run(path, info);
    const auto series = run.add_series({"V1", "rate", "", "", 50, true});
    for (std::size_t first = 0; first < 5000; first += 50) {
      run.write(series, first, arma::mat(50, 50, arma::fill::value(static_cast<double>(first))));
      if (first == 2950) run.flush();
    }
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK_FALSE(fs::exists(path));
  const auto values = hdf5::read_all<double>(dataset(path + ".partial", "/acquisition/V1_rate/data").get());
  REQUIRE(values.size() == 3000 * 50);
  bool same = true;
  for (std::size_t at = 0; at < values.size(); ++at) same = same && values[at] == double(at / 2500 * 50);
  CHECK(same);
}

TEST_CASE("A run file that cannot be written says so in one line", "[record]") {
  const Folder folder;
  const std::string path = folder.file("no/such/run.nwb");
  CHECK_THROWS_WITH(RunFile(path, info), path + ": cannot be written: No such file or directory");
  RunFile first(folder.file("a.nwb"), info);
  CHECK_THROWS_WITH(RunFile(folder.file("a.nwb"), info), Catch::Contains("another run is writing it"));
  RunInfo zoneless = info;
  zoneless.session_start = "2026-01-31T12:00:00";
  CHECK_THROWS_AS(RunFile(folder.file("b.nwb"), zoneless), std::invalid_argument);
}

TEST_CASE("pynwb's own validator finds no error", "[record]") {
  if (std::system("python3 -c 'import pynwb' 2>/dev/null") != 0) {
    WARN("pynwb is not installed: skipped");
    return;
  }
  const Folder folder;
  RunFile(folder.file("empty.nwb"), info).finish();
  RunFile full(folder.file("full.nwb"), info);
  write_example(full);
  full.finish();
  for (const char *name : {"empty.nwb", "full.nwb"})
    CHECK(std::system(("python3 -m pynwb.validate " + folder.file(name) + " >/dev/null").c_str()) == 0);
}
