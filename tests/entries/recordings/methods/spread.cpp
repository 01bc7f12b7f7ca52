// spread says how far the mean responses of a neuron lie apart.
#include "recordings/method_entry.hpp"
#include "recordings/unit_summary.hpp"

#include <cmath>

namespace engram::recordings {

namespace {

// The mean over neurons of (the greatest less the least mean response) ^ power, or of the standard deviation.
double spread_of(const Area &area, const Settings &settings) {
  const arma::mat means = mean_response(responses_of(area));
  if (settings.word("of") == "deviation") return arma::mean(arma::stddev(means, 1));
  return arma::mean(arma::pow(arma::range(means), settings.number("power")));
}

std::vector<Result> describe_spread(const Call &call, const Area &area) {
  Result result;
  result.method = "spread";
  result.value = spread_of(area, call.settings);
  return {result};
}

std::vector<Result> compare_spreads(const Call &call, const Area &region, const Area &area) {
  Result result;
  result.method = "spread.octaves";
  result.region = region.name;
  result.area = area.name;
  result.value = std::log2(spread_of(area, call.settings) / spread_of(region, call.settings));
  return {result};
}

std::vector<Conflict> check_power(const Settings &settings) {
  if (settings.given("power") && settings.word("of") != "range") return {{"power", "is of a range"}};
  return {};
}

} // namespace

MethodEntry spread_method() {
  return {.words = {.name = "spread",
                    .help = "how far the mean responses of a neuron lie apart: the mean",
                    .reference = "written for the tests",
                    .parameters = {word("of", {"range", "deviation"}, "range", "what is far apart"),
                                   positive("power", "", 1, "to which a range is raised")}},
          .describe = describe_spread,
          .compare = compare_spreads,
          .check = check_power};
}

} // namespace engram::recordings
