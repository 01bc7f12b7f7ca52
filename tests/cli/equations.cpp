// The program and equations that a model file writes out.
#include "equations.hpp"
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

using namespace command;

namespace {

const char *const spiking_cell = R"({ "type": "equations",
  "states": { "v": { "slope": "(E - v + R*I)/tau", "initial": "E" } },
  "parameters": { "tau": 10, "E": -70, "R": 0.1 }, "threshold": "-50", "reset": "-65" })";

} // namespace

TEST_CASE("engram validates and runs equations, and says what is wrong with them", "[cli][equations]") {
  const Folder folder;
  folder.write("cell.json", equations::model_of(spiking_cell, R"("size": 2, "bias": 400)"));
  CHECK(command::engram("validate cell.json", folder.path).exit == 0);
  CHECK(command::engram("run --quiet cell.json", folder.path).exit == 0);
  const auto wrong = command::engram(
      R"(run cell.json --set "/architecture/regions/cell/dynamics/states/v/slope=(E - v)/tao")", folder.path);
  CHECK(wrong.exit == 2);
  CHECK(contains(wrong.err, "/architecture/regions/cell/dynamics/states/v/slope: column 9: unknown symbol 'tao'"));
  CHECK(std::count(wrong.err.begin(), wrong.err.end(), '\n') == 1);
  const auto infinite = command::engram(
      R"json(run --quiet --force cell.json --set "/architecture/regions/cell/dynamics/states/v/slope=1/(v - E) + I")json",
      folder.path);
  CHECK(infinite.exit == 1);
  CHECK(contains(infinite.err, "region 'cell'"));
}

TEST_CASE("engram check tries the equations of a model", "[cli][equations]") {
  const Folder folder;
  folder.write("cell.json", equations::model_of(spiking_cell));
  const auto checked = command::engram("check cell.json --seconds 60", folder.path);
  INFO(checked.out << checked.err);
  CHECK(checked.exit == 0);
  CHECK(contains(checked.out, "ok    gradient"));
  CHECK(contains(checked.out, "equations of cell: all checks passed"));
  folder.write("none.json", equations::model_of(R"("leaky_rate")json"));
  const auto none = command::engram("check none.json", folder.path);
  CHECK(none.exit == 2);
  CHECK(contains(none.err, "no region has \"equations\""));
}

TEST_CASE("engram dynamics lists and describes equations", "[cli][equations]") {
  const Folder folder;
  CHECK(contains(command::engram("dynamics", folder.path).out, "\nequations "));
  const auto described = command::engram("dynamics equations", folder.path);
  CHECK(described.exit == 0);
  CHECK(contains(described.out, "exprel(x)"));
  CHECK(contains(command::engram("help equations", folder.path).out, "exprel(x)"));
}
