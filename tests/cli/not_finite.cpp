// A number that is not finite is refused where it is read, or ends the run. Exit code 0 means finite numbers.
#include "catch.hpp"
#include "cli/npy_file.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>

using namespace command;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double unbounded = std::numeric_limits<double>::infinity();

std::string circuit_of(const std::string &weights, const std::string &more = "", const std::string &task = "",
                       const std::string &head = "") {
  return R"({ )" + head + R"( "architecture": { "regions": {
      "a": { "size": 2, "dynamics": "input" }, "b": { "size": 2, "dynamics": "leaky_rate" })" +
         more + R"( }, "projections": [ { "from": "a", "to": "b", "weights": )" + weights + R"( } ] },
    "task": { )" +
         (task.empty() ? R"("stimuli": { "inputs": [[1, 2]] })" : task) +
         R"(, "trial": [ { "phase": "p", "duration": 5, "stimulus": "a" } ] }, "record": { "b": ["rate"] } })";
}

void check_refused_number(const Folder &folder, const std::string &text, const std::vector<std::string> &told) {
  folder.write("model.json", text);
  const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path);
  INFO(text << "\n" << r.err);
  CHECK(r.exit == 2);
  for (const auto &part : told) CHECK(contains(r.err, part));
  CHECK(!fs::exists(folder.path / "run.nwb"));
}

} // namespace

TEST_CASE("weights that are not finite are refused with file, row and column", "[cli]") {
  Folder folder;
  for (const double bad : {no_number, unbounded, -unbounded}) {
    write_numbers(folder, "w.npy", {2, 2}, {1, 2, bad, 4});
    check_refused_number(folder, circuit_of(R"({ "file": "w.npy" })"), {"w.npy", "row 2, column 1"});
  }
  folder.write("w.csv", "1,2\n3,nan\n");
  check_refused_number(folder, circuit_of(R"({ "file": "w.csv" })"), {"w.csv", "row 2, column 2"});
  folder.write("w.csv", "1,2\n3,inf\n");
  check_refused_number(folder, circuit_of(R"({ "file": "w.csv" })"), {"w.csv", "row 2, column 2"});
}

TEST_CASE("listed weights that are not finite are refused with the row", "[cli]") {
  Folder folder;
  const std::string pairs = R"({ "listed": 1 }, "connect": { "type": "pairs", "file": "p.csv" })";
  folder.write("p.csv", "0,0,1\n0,1,nan\n");
  check_refused_number(folder, circuit_of(pairs), {"p.csv", "row 2, column 3"});
  write_numbers(folder, "p.npy", {2, 3}, {0, 0, unbounded, 1, 1, 2});
  auto npy = pairs;
  npy.replace(npy.find("p.csv"), 5, "p.npy");
  check_refused_number(folder, circuit_of(npy), {"p.npy", "row 1, column 3"});
}

TEST_CASE("stimuli and targets that are not finite are refused with file, row and column", "[cli]") {
  Folder folder;
  write_numbers(folder, "x.npy", {3, 2}, {1, 2, 3, 4, 5, no_number});
  check_refused_number(folder, circuit_of("1", "", R"("stimuli": { "inputs": { "file": "x.npy" } })"),
                       {"x.npy", "row 3, column 2"});
  write_numbers(folder, "y.npy", {1, 2}, {unbounded, 0});
  check_refused_number(folder,
                       circuit_of("1", "", R"("stimuli": { "inputs": [[1, 2]], "targets": { "file": "y.npy" } })",
                                  R"("objective": { "type": "mse", "region": "b" },)"),
                       {"y.npy", "row 1, column 1"});
}

TEST_CASE("spike times that are not finite are refused", "[cli][spiking]") {
  Folder folder;
  const std::string source = R"(, "s": { "size": 2, "dynamics": "spike_source", "spikes": { "file": "s.npy" } })";
  for (const double bad : {no_number, unbounded}) {
    write_numbers(folder, "s.npy", {2, 2}, {0, 1.5, 1, bad});
    check_refused_number(folder, circuit_of("1", source), {"s.npy", "row 2"});
    write_numbers(folder, "s.npy", {2, 2}, {bad, 1.5, 1, 2});
    check_refused_number(folder, circuit_of("1", source), {"s.npy", "row 1"});
  }
}

TEST_CASE("numbers that single precision takes for infinite are refused", "[cli]") {
  Folder folder;
  const std::string single = R"("precision": "single",)";
  check_refused_number(folder, circuit_of("1e39", "", "", single),
                       {"/architecture/projections/0/weights", "single precision"});
  check_refused_number(folder, circuit_of("[[1, 2], [3, -1e39]]", "", "", single), {"/weights", "single precision"});
  check_refused_number(folder,
                       circuit_of("1", R"(, "c": { "size": 1, "dynamics": "leaky_rate", "bias": 1e39 })", "", single),
                       {"/architecture/regions/c/bias", "single precision"});
  check_refused_number(folder, circuit_of("1", "", R"("stimuli": { "inputs": [[1, 1e39]] })", single),
                       {"/task/stimuli/inputs", "row 1, column 2", "1e+39"});
  write_numbers(folder, "w.npy", {2, 2}, {1, 2, 3, 1e39});
  check_refused_number(folder, circuit_of(R"({ "file": "w.npy" })", "", "", single),
                       {"neuron 1 to neuron 1", "single"});
  folder.write("model.json", circuit_of("1e38", "", "", single)); // its sums are not finite
  const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path);
  CHECK(r.exit == 0); // 3e38 is
}

TEST_CASE("weights of a run file that are not finite are refused", "[cli]") {
  Folder folder;
  folder.write("model.json", circuit_of("[[1, 2], [3, 4]]"));
  REQUIRE(command::engram("run model.json --quiet --out run.nwb", folder.path).exit == 0);
  CHECK(command::engram("run model.json --quiet --out again.nwb --weights run.nwb", folder.path).exit == 0);
  const auto path = (folder.path / "run.nwb").string();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t weights = H5Dopen2(file, "/scratch/weights_a_to_b", H5P_DEFAULT);
  REQUIRE(weights >= 0);
  const double bad[4] = {1, 2, no_number, 4};
  REQUIRE(H5Dwrite(weights, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, bad) >= 0);
  H5Dclose(weights);
  H5Fclose(file);
  const auto r = command::engram("run model.json --quiet --out other.nwb --weights run.nwb", folder.path);
  INFO(r.err);
  CHECK(r.exit == 2);
  for (const char *part : {"run.nwb", "a->b", "no finite numbers"}) CHECK(contains(r.err, part));
}

TEST_CASE("a state that is not finite ends the run with its place and exit 1", "[cli][spiking]") {
  Folder folder;
  // A loop of gain 10 at a time constant of 10 ms grows by e^0.9 in each step until it overflows.
  folder.write("model.json", R"({ "architecture": { "regions": {
      "b": { "size": 2, "initial": [0, 1], "dynamics": { "type": "leaky_rate", "activation": "linear" } } },
      "projections": [ { "from": "b", "to": "b", "weights": [[0, 0], [0, 10]] } ] },
    "task": { "trial": [ { "phase": "p", "duration": 5000 } ] }, "record": { "b": ["rate"] } })");
  const auto r = command::engram("run model.json --quiet --out run.nwb", folder.path);
  INFO(r.err);
  CHECK(r.exit == 1);
  for (const char *part : {"region 'b', neuron 1: the ", "inf", " ms"}) CHECK(contains(r.err, part));
  CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
}
