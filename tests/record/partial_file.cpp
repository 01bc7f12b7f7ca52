// These tests check which files a run file replaces and which it leaves alone, two writers of one name, and a full
// disk.
#include "record/partial_file.hpp"
#include "data/hdf5.hpp"

#include "catch.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "record/example.hpp"
#include "record/run_read.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace engram::record;
using engram::data::testing::bytes_of;
using engram::data::testing::Variable;
using engram::record::testing::info;
using engram::record::testing::OutputFolder;
using engram::record::testing::write_example;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

std::string write_run(const std::string &path, Ending ending, bool force = false) {
  RunFile run(path, info, force);
  write_example(run);
  run.finish(ending);
  return run.location();
}

bool leaks_count = true;

// Runs `work` in a process of its own, which ends by exit(), so that HDF5 ends as in a program. The sanitizer does not
// look for leaks in it: it writes about them, and waits for ever where the process may write no more.
template <class F> int status_of_child(F &&work) {
  const pid_t child = ::fork();
  if (child == 0) {
    leaks_count = false;
    int status = 99;
    try {
      status = work();
    } catch (...) {
    }
    std::exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

} // namespace

#if defined(__SANITIZE_ADDRESS__)
// The sanitizer asks before it looks for leaks.
extern "C" int __lsan_is_turned_off() { return leaks_count ? 0 : 1; } // NOLINT: its own name
#endif

TEST_CASE("A complete run file is replaced only by a complete one", "[record][output]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  CHECK(write_run(path, Ending::complete) == path);
  const auto first = bytes_of(path);
  CHECK(write_run(path, Ending::interrupted) == folder.file("run.interrupted.nwb"));
  CHECK(write_run(path, Ending::interrupted) == folder.file("run.interrupted-2.nwb"));
  CHECK(write_run(path, Ending::failed) == folder.file("run.failed.nwb"));
  CHECK(bytes_of(path) == first);
  CHECK(RunReader(folder.file("run.interrupted.nwb")).trials().size() == 1);
  CHECK(write_run(path, Ending::complete) == path);
  CHECK(folder.names() == Names{"run.failed.nwb", "run.interrupted-2.nwb", "run.interrupted.nwb", "run.nwb"});
}

TEST_CASE("Where nothing was, an interrupted run has its own name, and says that it was interrupted",
          "[record][output]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  CHECK(write_run(path, Ending::interrupted) == path);
  {
    const hdf5::Handle file = hdf5::open_read(path);
    const hdf5::Handle status = hdf5::open_dataset(file.get(), "/scratch/status");
    CHECK(hdf5::read_texts(status.get()) == Names{"interrupted"});
  }
  CHECK(write_run(path, Ending::complete) == path);
}

TEST_CASE("What engram did not write is left alone unless it is forced", "[record][output]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  std::ofstream(path) << "years of work";
  const auto before = bytes_of(path);
  CHECK_THROWS_AS(RunFile(path, info), engram::input::InputError);
  CHECK(bytes_of(path) == before);
  CHECK(folder.names() == Names{"run.nwb"});
  CHECK(write_run(path, Ending::complete, true) == path);
  CHECK(RunReader(path).trials().size() == 1);

  std::ofstream(folder.file("empty.nwb")).flush(); // as mktemp makes it: nothing is lost
  CHECK(write_run(folder.file("empty.nwb"), Ending::complete) == folder.file("empty.nwb"));

  // Another HDF5 file, such as a recording.
  {
    const hdf5::Handle other(H5Fcreate(folder.file("other.nwb").c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::create_group(other.get(), "scratch");
  }
  CHECK_THROWS_AS(RunFile(folder.file("other.nwb"), info), engram::input::InputError);
}

TEST_CASE("Folders, pipes and links that lead nowhere are refused, forced or not", "[record][output]") {
  const OutputFolder folder;
  fs::create_directory(folder.file("folder"));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  fs::create_symlink(folder.file("nowhere"), folder.file("link"));
  const auto before = folder.names();
  for (const char *name : {"folder", "pipe", "link", "absent/run.nwb", "folder/"})
    for (const bool force : {false, true}) {
      INFO(name);
      CHECK_THROWS_AS(RunFile(folder.file(name), info, force), engram::input::InputError);
    }
  CHECK_THROWS_AS(RunFile("/dev/null", info, true), engram::input::InputError);
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(folder.names() == before);
}

TEST_CASE("A link to a run file stays a link, and nothing is written through one at the partial file",
          "[record][output]") {
  const OutputFolder folder;
  fs::create_directory(folder.file("store"));
  CHECK(write_run(folder.file("store/real.nwb"), Ending::interrupted) == folder.file("store/real.nwb"));
  fs::create_symlink(folder.file("store/real.nwb"), folder.file("link.nwb"));
  CHECK(write_run(folder.file("link.nwb"), Ending::complete) == folder.file("store/real.nwb"));
  CHECK(fs::is_symlink(folder.file("link.nwb")));

  std::ofstream(folder.file("victim")) << "mine";
  fs::create_symlink(folder.file("victim"), folder.file("run.nwb.partial"));
  CHECK_THROWS_AS(RunFile(folder.file("run.nwb"), info), engram::input::InputError);
  fs::create_symlink(folder.file("victim"), folder.file("spikes.nwb.partial.spikes"));
  {
    RunFile run(folder.file("spikes.nwb"), info);
    run.add_units("V1", {0});
    run.add_spike(0, 0.1);
    run.finish();
  }
  CHECK(bytes_of(folder.file("victim")).size() == 4);
}

TEST_CASE("Of writers that start together one writes, the others are refused, and the file is whole",
          "[record][output]") {
  for (const int writers : {2, 4})
    for (int round = 0; round < 40 / writers; ++round) {
      const OutputFolder folder;
      const std::string path = folder.file("run.nwb");
      int gate[2];
      REQUIRE(::pipe(gate) == 0);
      std::vector<pid_t> children;
      for (int k = 0; k < writers; ++k) {
        const pid_t child = ::fork();
        if (child == 0) {
          char byte = 0;
          ::close(gate[1]);
          [[maybe_unused]] const auto got = ::read(gate[0], &byte, 1); // all begin when the pipe is closed
          int code = 0;                                                // by exit(), so that HDF5 ends as in a program
          try {
            write_run(path, Ending::complete);
          } catch (const std::exception &error) {
            code = std::string(error.what()).find("another program") == std::string::npos ? 2 : 1;
          }
          std::exit(code);
        }
        children.push_back(child);
      }
      ::close(gate[0]);
      ::close(gate[1]);
      int wrote = 0;
      for (const pid_t child : children) {
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFEXITED(status));
        REQUIRE(WEXITSTATUS(status) <= 1);
        wrote += WEXITSTATUS(status) == 0;
      }
      REQUIRE(wrote >= 1);
      REQUIRE(folder.names() == Names{"run.nwb"});
      const RunReader read(path);
      REQUIRE(read.trials().size() == 1);
      REQUIRE(read.data(read.series().at(0)).n_cols == 4);
    }
}

TEST_CASE("A run file whose name or folder was taken away while it was written is still saved", "[record][output]") {
  const OutputFolder folder;
  const OutputFolder spare;
  const Variable temporary("TMPDIR", spare.path.string());
  const std::string path = folder.file("run.nwb");
  {
    RunFile run(path, info);
    write_example(run);
    fs::remove(path + ".partial");
    run.finish();
    CHECK(run.location() == path);
    CHECK(RunReader(path).trials().size() == 1);
  }
  {
    fs::create_directory(folder.file("gone"));
    RunFile run(folder.file("gone/run.nwb"), info);
    write_example(run);
    fs::remove_all(folder.file("gone"));
    run.finish();
    CHECK(run.location() == spare.file("run.nwb"));
    CHECK_FALSE(run.note().empty());
    CHECK(RunReader(run.location()).trials().size() == 1);
  }
  {
    // A plugin may change the working folder.
    const fs::path before = fs::current_path();
    fs::current_path(folder.path);
    RunFile run("relative.nwb", info);
    write_example(run);
    fs::current_path(spare.path);
    run.finish();
    fs::current_path(before);
    CHECK(RunReader(folder.file("relative.nwb")).trials().size() == 1);
  }
}

TEST_CASE("When the disk takes no more, one line says so, HDF5 ends in peace, and what was saved opens",
          "[record][output]") {
  const OutputFolder folder;
  const std::string path = folder.file("run.nwb");
  const int status = status_of_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{2 << 20, 2 << 20};
    ::setrlimit(RLIMIT_FSIZE, &small);
    RunFile run(path, info);
    const auto series = run.add_series({"V1", "rate", "", "", 100, false});
    try {
      for (std::size_t k = 0; k < 1000; ++k) {
        run.write(series, 100 * k, arma::mat(100, 100, arma::fill::randu));
        run.write_times(series, 100 * k, 100 * k, 100);
        run.add_trial({0.0, 0.1, static_cast<std::int64_t>(k), -1, -1, 0.0, false, 1});
        if (k % 5 == 4) run.flush();
      }
      return 1;
    } catch (const WriteFailure &error) {
      const std::string text = error.what();
      if (text.find('\n') != std::string::npos || text.find(path + ".partial") == std::string::npos) return 2;
    }
    if (H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL) != 0) return 3;
    try {
      run.flush();
      return 4;
    } catch (const WriteFailure &) {
    }
    return 0;
  });
  REQUIRE(WIFEXITED(status)); // and not by a signal
  CHECK(WEXITSTATUS(status) == 0);
  const RunReader read(path + ".partial");
  const auto trials = read.trials();
  CHECK(trials.size() > 0);
  CHECK(trials.size() % 5 == 0); // as it was at a flush
  CHECK(read.series().at(0).samples == 100 * trials.size());
  CHECK(folder.names() == Names{"run.nwb.partial"});
}

TEST_CASE("Where there is not even room to begin, one line says so and HDF5 ends in peace", "[record][output]") {
  const OutputFolder folder;
  const int status = status_of_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &none);
    try {
      const RunFile run(folder.file("run.nwb"), info);
    } catch (const std::runtime_error &error) {
      return std::string(error.what()).starts_with(folder.file("run.nwb") + ": cannot be written: ") ? 0 : 1;
    }
    return 2;
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(folder.names().empty());
}
