// A measure that does not apply leaves its reason in the place of a result. No other error is taken for that.
#include "catch.hpp"
#include "data/array.hpp"
#include "input/input_error.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/comparison.hpp"

#include <new>
#include <stdexcept>

using namespace engram;

namespace {

// One unit, whose animal's position cannot be read: asking for it throws `error`.
template <class Thrown> recordings::Area lost_animal(const Thrown &error) {
  recordings::Area area;
  area.name = "MEC";
  area.trains = {{1, 2, 3}};
  area.units = {"1"};
  area.observed = {0, 10};
  area.covariates.position = [error](std::vector<std::string> &) -> const recordings::Position & { throw error; };
  return area;
}

recordings::Comparison asked_of(const recordings::Area &area, const std::vector<std::string> &methods) {
  recordings::Config config;
  config.bootstrap = 0;
  for (const auto &name : methods) {
    recordings::Method method;
    method.type = name;
    config.methods.push_back(method);
  }
  return recordings::compare(config, {}, {area}, {}, {});
}

} // namespace

TEST_CASE("a measure that does not apply gives its reason, and the other methods are done", "[recordings]") {
  const auto area = lost_animal(measures::NotApplicable("the animal was not watched"));
  const auto found = asked_of(area, {"rate_maps", "synchrony", "spikes"});
  CHECK(found.notes ==
        std::vector<std::string>{"rate_maps: the animal was not watched", "synchrony: MEC has one unit alone"});
  CHECK(found.lacks == found.notes);
  REQUIRE_FALSE(found.results.empty());
  for (const auto &result : found.results) CHECK(result.method.starts_with("spikes."));
}

TEST_CASE("a damaged file of positions is told, and the other methods are done", "[recordings]") {
  const auto found = asked_of(lost_animal(data::DataError("path.nwb: is damaged")), {"rate_maps", "spikes"});
  CHECK(found.notes == std::vector<std::string>{"rate_maps: path.nwb: is damaged"});
  CHECK_FALSE(found.results.empty());
}

TEST_CASE("an error that nobody foresaw makes no result vanish", "[recordings]") {
  CHECK_THROWS_AS(asked_of(lost_animal(std::invalid_argument("of a depth")), {"rate_maps"}), std::invalid_argument);
  CHECK_THROWS_AS(asked_of(lost_animal(std::out_of_range("of a depth")), {"rate_maps"}), std::out_of_range);
  CHECK_THROWS_AS(asked_of(lost_animal(std::bad_alloc()), {"rate_maps"}), std::bad_alloc);
  CHECK_THROWS_AS(asked_of(lost_animal(Broken("an invariant")), {"rate_maps"}), Broken);
  CHECK_THROWS_AS(asked_of(lost_animal(input::InputError("of the configuration")), {"rate_maps"}), input::InputError);
}
