// These tests ask for the reliability of neurons whose halves correlate below 0.
#include "catch.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/unit_summary.hpp"

#include <algorithm>
#include <cmath>

using namespace engram;

namespace {

recordings::Result median_of_halves(const arma::vec &correlation, std::vector<std::string> &notes) {
  arma::vec reliability = 2 * correlation / (1 + correlation);
  reliability(arma::find(correlation < 0)).fill(arma::datum::nan);
  recordings::Config config;
  config.bootstrap = 2000;
  return recordings::median_reliability(config, "r", correlation, reliability, "r IT", notes);
}

} // namespace

TEST_CASE("neurons without a reliability count as below the others in the median", "[recordings]") {
  std::vector<std::string> notes;
  const auto one_below = median_of_halves({-0.5, 0.2, 0.5, 0.6, 0.8}, notes);
  CHECK(one_below.value == Approx(2 / 3.0)); // of 0.5; without the first it would be that of 0.55
  CHECK(one_below.neurons == 5);
  CHECK(std::isnan(one_below.ci.low)); // 5.8 % of the draws hold the first three times or more
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("r IT: the halves of 1 of 5 neurons correlate below 0"));
  notes.clear();
  CHECK(std::isnan(median_of_halves({-0.5, -0.2, -0.1, 0.6, 0.8}, notes).value));
  CHECK_THAT(notes.at(0), ContainsSubstring("and falls among them"));
  notes.clear();
  const auto none_below = median_of_halves({0.2, 0.5, arma::datum::nan, 0.8}, notes);
  CHECK(none_below.value == Approx(2 / 3.0));
  CHECK(none_below.neurons == 3);
  CHECK(none_below.ci.low >= 1 / 3.0 - 1e-12);
  CHECK_THAT(notes.at(0), ContainsSubstring("r IT: 1 of 4 neurons is left out"));
}

// Odd against even repeats of noise alone: half of 400 neurons correlate below 0, and the median has no reliability, or
// next to none.
TEST_CASE("noise has no reliability by odd and even repeats either", "[recordings]") {
  recordings::Area area;
  area.name = "noise";
  area.responses.emplace();
  arma::cube responses(12, 400, 4);
  numeric::Random{9, numeric::Purpose::noise, 0}.normals(responses.memptr(), responses.n_elem);
  for (arma::uword c = 0; c < 12; ++c) area.conditions.push_back(std::to_string(c));
  area.responses->conditions = area.conditions;
  area.responses->neurons.assign(400, "n");
  area.responses->values = {responses};
  area.condition_count = 12;
  recordings::Config config;
  config.bootstrap = 50;
  config.methods = {recordings::method_of("repeats"), recordings::method_of("reliability")};
  const auto found = recordings::compare(config, {area}, {}, {}, {});
  for (const std::string name : {"repeats.spearman_brown", "reliability"}) {
    const auto result =
        std::find_if(found.results.begin(), found.results.end(), [&](const auto &r) { return r.method == name; });
    REQUIRE(result != found.results.end());
    CHECK((std::isnan(result->value) || result->value < 0.15)); // of those above 0 alone it is about 0.3
  }
}
