// A fixed sequence of random changes damages run files, and --weights reads or refuses each. HDF5 crashes on some (of
// 120 that were changed so, on 3); no damage may end the program that reads.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "data/damage.hpp"
#include "fixtures.hpp"
#include "record/run_read.hpp"

using namespace engram;

namespace {

void read_all_of_run(const std::string &path) {
  const record::RunReader run(path);
  for (const auto &projection : run.projections()) run.weights(projection);
  for (const auto &series : run.series()) run.data(series), run.times(series);
  run.trials();
  run.curve();
  run.model_json();
}

} // namespace

TEST_CASE("a damaged run file is read or refused", "[record]") {
  const command::Folder folder;
  REQUIRE(
      command::engram("run --quiet --set /task/epochs=2 --out run.nwb " + command::model("credit-assignment/xor.json"),
                      folder.path)
          .exit == 0);
  const auto good = data::testing::bytes_of((folder.path / "run.nwb").string());
  const auto path = folder.path / "damaged.nwb";
  std::mt19937 random(20240229);
  int refused = 0, read = 0;
  for (int round = 0; round < 150; ++round) {
    const auto bytes = data::testing::damaged(good, random);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    try {
      read_all_of_run(path.string());
      ++read;
    } catch (const data::DataError &error) {
      CHECK(command::contains(error.what(), path.string()));
      ++refused;
    }
  }
  CHECK(refused > 0);
  CHECK(read > 0);
}

TEST_CASE("--weights of what is no sound run file is refused in one line", "[record]") {
  const command::Folder folder;
  const auto xor_model = command::model("credit-assignment/xor.json");
  REQUIRE(command::engram("run --quiet --set /task/epochs=2 --out run.nwb " + xor_model, folder.path).exit == 0);
  auto bytes = data::testing::bytes_of((folder.path / "run.nwb").string());
  bytes.resize(bytes.size() / 2);
  std::ofstream(folder.path / "half.nwb", std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::filesystem::copy(data::testing::fixture("plain.h5"), folder.path / "plain.h5");
  for (const std::string file : {"half.nwb", "plain.h5", "absent.nwb", "."}) {
    const auto r = command::engram("run --quiet --out x.nwb --weights " + file + " " + xor_model, folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.err.rfind("engram: " + file + ": ", 0) == 0);
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(folder.path / "x.nwb"));
  }
}
