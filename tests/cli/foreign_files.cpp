// Every command reads files of others in a child process: HDF5 and matio may crash on a damaged one.
#include "catch.hpp"
#include "command.hpp"

#include <algorithm>

using namespace command;

namespace {

[[maybe_unused]] std::string data_fixture(const std::string &name) {
  return "'" + std::string(ENGRAM_SOURCE_DIR) + "/tests/data/fixtures/" + name + "'";
}

void cut(const fs::path &file, double kept) {
  fs::resize_file(file, static_cast<std::uintmax_t>(kept * static_cast<double>(fs::file_size(file))));
}

} // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // the sanitizer's library has to be loaded first
TEST_CASE("no command opens an HDF5 or MATLAB file in its own process", "[cli]") {
  const Folder folder;
  const std::string xor_model = command::model("credit-assignment/xor.json");
  REQUIRE(command::engram("run --quiet --set /task/epochs=2 --out run.nwb " + xor_model, folder.path).exit == 0);
  const std::string watched = "LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/hdf5_in_children_only.so'";
  for (const std::string &line :
       {std::string("inspect run.nwb"), "inspect " + data_fixture("tables.nwb"), "inspect " + data_fixture("plain.h5"),
        "inspect " + data_fixture("version73.mat"), "inspect " + data_fixture("version5.mat"),
        std::string("compare run.nwb run.nwb --method rsa"),
        "run --quiet --set /task/epochs=1 --out next.nwb --weights run.nwb " + xor_model,
        "run --quiet --set /task/epochs=1 --out run.nwb " + xor_model}) {
    INFO(line);
    const auto plain = command::engram(line, folder.path), r = command::engram(line, folder.path, watched);
    INFO(r.err);
    CHECK(plain.exit == 0);
    CHECK(r.exit == 0);
  }
  // The library does watch: where no process may open the file, it is not read.
  const auto r = command::engram("inspect run.nwb", folder.path, "NOWHERE=1 " + watched);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "engram: run.nwb: is damaged (the library that reads it failed)"));
}
#endif

TEST_CASE("a recording or run file that is cut anywhere ends every command with exit code 2 and one line", "[cli]") {
  const Folder folder;
  const std::string xor_model = command::model("credit-assignment/xor.json");
  REQUIRE(command::engram("run --quiet --set /task/epochs=2 --out run.nwb " + xor_model, folder.path).exit == 0);
  for (const double kept : {0.0, 0.01, 0.4, 0.9}) {
    fs::copy_file(folder.path / "run.nwb", folder.path / "cut.nwb", fs::copy_options::overwrite_existing);
    cut(folder.path / "cut.nwb", kept);
    for (const std::string &line : {std::string("inspect cut.nwb"), std::string("compare run.nwb cut.nwb"),
                                    "run --quiet --out x.nwb --weights cut.nwb " + xor_model}) {
      INFO(line << " of " << kept);
      const auto r = command::engram(line, folder.path);
      INFO(r.err);
      CHECK(r.exit == 2);
      CHECK(contains(r.err, "cut.nwb: "));
      CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    }
  }
}
