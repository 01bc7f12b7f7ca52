// These tests write run files and read them back, also after a crash or a failed write.
#include "record/run_file.hpp"

#include "catch.hpp"
#include "fixtures.hpp"
#include "record/example.hpp"
#include "record/run_read.hpp"

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace engram::record;
using engram::data::testing::bytes_of;
using engram::record::testing::info;
using engram::record::testing::OutputFolder;
using engram::record::testing::write_example;
namespace fs = std::filesystem;

namespace {
bool same(const arma::mat &a, const arma::mat &b) { return arma::approx_equal(a, b, "absdiff", 0.0); }
} // namespace

TEST_CASE("A run file holds what was written, at any offset and overwritten", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  CHECK(run.location() == path + ".partial");
  write_example(run);
  CHECK(folder.names() == std::vector<std::string>{"run.nwb.partial"});
  run.finish();
  CHECK(run.location() == path);
  CHECK(folder.names() == std::vector<std::string>{"run.nwb"});
  CHECK_THROWS_AS(run.flush(), std::logic_error);

  const RunReader read(path);
  const auto series = read.series();
  REQUIRE(series.size() == 1);
  CHECK(series[0].name == "V1_rate");
  CHECK(series[0].region == "V1");
  CHECK(series[0].signal == "rate");
  CHECK(series[0].unit == "n.a.");
  CHECK(series[0].neurons == 2);
  CHECK(series[0].samples == 4);
  CHECK(same(read.data(series[0]), arma::mat{{1, 3, 5, 7}, {2, 4, 6, 8}}));
  CHECK(same(read.data(series[0], 1, 2), arma::mat{{3, 5}, {4, 6}}));
  CHECK(read.data(series[0], 4, 0).n_cols == 0);
  CHECK_THROWS_AS(read.data(series[0], 3, 2), std::runtime_error);
  CHECK(read.times(series[0]) == std::vector<double>{0.0, 0.1, 0.2, 0.3});
  CHECK(read.projections() == std::vector<std::string>{"V1->décision.apical"});
  CHECK(same(read.weights("V1->décision.apical"), arma::mat{{10, 20, 30}, {40, 50, 60}}));
  CHECK_THROWS_WITH(read.weights("V1"), path + ": /scratch: has no weights of V1");
  CHECK(read.model_json() == info.model_json);
  CHECK(read.seed() == 7);
  const auto trials = read.trials();
  REQUIRE(trials.size() == 1);
  CHECK(trials[0].stop_s == 0.4);
  CHECK(trials[0].trial == 3);
  CHECK(trials[0].label == 1);
  CHECK(trials[0].loss == 0.5);
  CHECK(trials[0].held_out);
  CHECK(trials[0].epoch == 1);
  const auto curve = read.curve();
  REQUIRE(curve.size() == 2);
  CHECK(curve[1].epoch == 2);
  CHECK(curve[1].train_accuracy == 0.75);
  CHECK(std::isnan(curve[1].held_out_loss));
  CHECK(curve[1].seconds == 4.0);
}

TEST_CASE("Weights lie in the file with one row for each postsynaptic neuron", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  const arma::fmat weights{{1, 2, 3}, {4, 5, 6}}; // two postsynaptic neurons, three presynaptic
  run.write_weights("a->b", weights, "");
  CHECK_THROWS_AS(run.write_weights("a->b", arma::fmat(3, 2), ""), std::invalid_argument);
  // More than one of the bands in which a matrix is turned, the last one not full.
  arma::mat large(1100, 1500);
  for (arma::uword at = 0; at < large.n_elem; ++at) large[at] = static_cast<double>(at);
  run.write_weights("c->d", large, "");
  run.finish();
  const hdf5::Handle file = hdf5::open_read(path);
  const hdf5::Handle stored = hdf5::open_dataset(file.get(), "/scratch/weights_a_to_b");
  CHECK(hdf5::shape(stored.get()) == std::vector<hsize_t>{2, 3});
  CHECK(hdf5::read_all<double>(stored.get()) == std::vector<double>{1, 2, 3, 4, 5, 6}); // HDF5 stores by rows
  CHECK(same(RunReader(path).weights("c->d"), large));
}

TEST_CASE("Names that HDF5 or NWB cannot take are read back as they were", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  const std::vector<std::string> projections{"a/b->c", "a_b->c", "a.b->c", "網膜->V1.apical", "..", "a:b -> c"};
  RunFile run(path, info);
  for (std::size_t at = 0; at < projections.size(); ++at)
    run.write_weights(projections[at], arma::mat(1, 1, arma::fill::value(static_cast<double>(at))), "");
  for (const char *region : {"a/b", "a_b", "網膜"}) {
    const auto series = run.add_series({region, "rate", "spikes/s", "", 1, true});
    run.write(series, 0, arma::fmat(1, 1, arma::fill::value(static_cast<float>(series))));
    run.write_times(series, 0, 0, 1);
  }
  run.finish();
  const RunReader read(path);
  CHECK(read.projections().size() == projections.size());
  for (std::size_t at = 0; at < projections.size(); ++at)
    CHECK(same(read.weights(projections[at]), arma::mat(1, 1, arma::fill::value(static_cast<double>(at)))));
  const auto series = read.series();
  REQUIRE(series.size() == 3);
  CHECK(series[0].region == "a/b");
  CHECK(series[1].region == "a_b");
  CHECK(series[2].region == "網膜");
  CHECK(series[0].unit == "spikes/s");
  for (std::size_t at = 0; at < 3; ++at) CHECK(read.data(series[at])(0, 0) == static_cast<double>(at));
}

TEST_CASE("A run file without trials, series or weights is whole", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile(path, info).finish();
  const RunReader read(path);
  CHECK(read.trials().empty());
  CHECK(read.series().empty());
  CHECK(read.curve().empty());
  CHECK(read.projections().empty());
  CHECK(read.model_json() == info.model_json);
}

TEST_CASE("Samples never written read as NaN, and finish() wants a time for each sample", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  const auto series = run.add_series({"V1", "rate", "", "", 1, false});
  run.write<double>(series, 3000, arma::vec{2.0});
  CHECK_THROWS_WITH(run.finish(), "V1_rate: 3001 samples, but 0 times");
  run.write_times(series, 0, 5, 3001);
  run.finish();
  {
    const RunReader read(path);
    const arma::mat values = read.data(read.series().at(0));
    REQUIRE(values.n_cols == 3001);
    CHECK(std::isnan(values(0, 0)));
    CHECK(std::isnan(values(0, 2999)));
    CHECK(values(0, 3000) == 2.0);
  }
  CHECK_THROWS_AS(RunFile(path, info).write<double>(0, 0, arma::vec{1.0}), std::out_of_range);
}

TEST_CASE("The same run writes the same bytes", "[record]") {
  const OutputFolder folder;
  for (const char *name : {"a.nwb", "b.nwb"}) {
    RunFile run(folder.file(name), info);
    write_example(run);
    run.finish();
  }
  CHECK(bytes_of(folder.file("a.nwb")) == bytes_of(folder.file("b.nwb")));
}

TEST_CASE("More trials than are held in memory keep their order", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  RunFile run(path, info);
  for (int at = 0; at < 2500; ++at) run.add_trial({at * 0.5, at * 0.5 + 0.5, at, -1, -1, 0.0, at % 2 == 1, 1});
  run.finish();
  const auto trials = RunReader(path).trials();
  REQUIRE(trials.size() == 2500);
  bool good = true;
  for (int at = 0; at < 2500; ++at) {
    const auto &trial = trials[static_cast<std::size_t>(at)];
    good = good && trial.trial == at && trial.start_s == at * 0.5 && trial.held_out == (at % 2 == 1);
  }
  CHECK(good);
}

TEST_CASE("A writer killed after a flush leaves a file that opens as it was then", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("killed.nwb");
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      RunFile run(path, info);
      const auto series = run.add_series({"V1", "rate", "", "", 50, true});
      for (std::size_t first = 0; first < 5000; first += 50) {
        run.write(series, first, arma::mat(50, 50, arma::fill::value(static_cast<double>(first))));
        run.write_times(series, first, 2 * first, 50); // 50 steps are left out after each block
        run.write_weights("a->b", arma::mat(3, 3, arma::fill::value(static_cast<double>(first))), "");
        run.add_trial({0.0, 0.1, static_cast<std::int64_t>(first), -1, -1, 0.0, false, 1});
        if (first == 2950) run.flush();
      }
      ::kill(::getpid(), SIGKILL);
    } catch (...) {
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(folder.names() == std::vector<std::string>{"killed.nwb.partial"});
  {
    const RunReader read(path + ".partial");
    const auto series = read.series();
    REQUIRE(series.size() == 1);
    REQUIRE(series[0].samples == 3000);
    const arma::mat values = read.data(series[0]);
    const auto times = read.times(series[0]);
    REQUIRE(times.size() == 3000);
    bool good = true;
    for (std::size_t at = 0; at < 3000; ++at) {
      const double expected = static_cast<double>(at / 50 * 50);
      good = good && values(0, at) == expected && values(49, at) == expected &&
             times[at] == static_cast<double>(at + at / 50 * 50) * 100 / 1000;
    }
    CHECK(good);
    CHECK(read.trials().size() == 60);
    CHECK(read.weights("a->b").n_elem == 9);
  }
  // The lock went with the process: the next run moves what is there aside.
  const auto kept = bytes_of(path + ".partial");
  RunFile next(path, info);
  CHECK_THAT(next.note(), ContainsSubstring(folder.file("killed.interrupted.nwb")));
  next.finish();
  CHECK(folder.names() == std::vector<std::string>{"killed.interrupted.nwb", "killed.nwb"});
  CHECK(bytes_of(folder.file("killed.interrupted.nwb")) == kept);
}

TEST_CASE("A writer that is dropped without finish() keeps all that was written", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  {
    RunFile run(path, info);
    write_example(run);
  }
  CHECK(folder.names() == std::vector<std::string>{"run.nwb.partial"});
  const RunReader read(path + ".partial");
  CHECK(read.data(read.series().at(0)).n_cols == 4);
  CHECK(read.trials().size() == 1);
}

TEST_CASE("A run file that cannot be written says so in one line", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("no/such/run.nwb");
  CHECK_THROWS_WITH(RunFile(path, info), path + ": cannot be written: No such file or directory");
  CHECK_THROWS_WITH(RunFile(folder.path.string(), info), folder.path.string() + ": cannot be written: it is a folder");
  RunFile first(folder.file("a.nwb"), info);
  CHECK_THROWS_WITH(RunFile(folder.file("a.nwb"), info), folder.file("a.nwb") +
                                                             ": cannot be written: another program has " +
                                                             folder.file("a.nwb") + ".partial open");
  RunInfo wrong = info;
  wrong.session_start = "2026-01-31T12:00:00";
  CHECK_THROWS_AS(RunFile(folder.file("b.nwb"), wrong), std::invalid_argument);
  wrong = info;
  wrong.seed = std::uint64_t{1} << 63;
  CHECK_THROWS_AS(RunFile(folder.file("b.nwb"), wrong), std::invalid_argument);
  CHECK_FALSE(fs::exists(folder.file("b.nwb.partial")));
}

TEST_CASE("What is no run file is refused in one line", "[record]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  CHECK_THROWS_WITH(RunReader(path), path + ": no such file");
  std::ofstream(path) << "not HDF5";
  CHECK_THROWS_WITH(RunReader(path), ContainsSubstring(path + ": is not a readable HDF5 file"));
  fs::remove(path);
  {
    RunFile run(path, info);
    write_example(run);
    run.finish();
  }
  const auto size = fs::file_size(path);
  for (const auto kept : {size - 1, size / 2, size / 10}) {
    fs::resize_file(path, kept);
    try {
      RunReader read(path);
      read.series();
      FAIL("a file cut at " << kept << " of " << size << " bytes was read");
    } catch (const std::runtime_error &error) {
      const std::string text = error.what();
      CHECK(text.compare(0, path.size(), path) == 0);
      CHECK(text.find('\n') == std::string::npos);
    }
  }
}
