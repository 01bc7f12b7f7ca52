// The variant of a method is part of the names of its results.
#include "recordings/variant.hpp"
#include "catch.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/method_entry.hpp"
#include "report/comparison_figures.hpp"
#include "report/comparison_report.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace engram;
using recordings::method_of;
using recordings::with_variant;

namespace {

recordings::Area random_area(const std::string &name, std::uint64_t seed) {
  recordings::Area area;
  area.name = name;
  area.responses.emplace();
  arma::cube responses(8, 5, 3);
  numeric::Random{seed, numeric::Purpose::noise, 0}.normals(responses.memptr(), responses.n_elem);
  for (arma::uword c = 0; c < 8; ++c) area.conditions.push_back(std::to_string(c));
  area.responses->conditions = area.conditions;
  area.responses->neurons.assign(5, "n");
  area.responses->values = {responses};
  area.condition_count = 8;
  return area;
}

} // namespace

TEST_CASE("a method in another form than its usual one has that in its name", "[recordings]") {
  const auto named = [](const std::string &asked, const std::string &result) {
    const auto method = method_of(asked);
    for (const auto &entry : recordings::method_entries())
      if (entry.words.name == method.type) return with_variant(entry.words, method, result);
    return std::string();
  };
  CHECK(named("rsa", "rsa") == "rsa");
  CHECK(named("rsa:correlation:spearman", "rsa") == "rsa"); // written out, and usual
  for (const std::string asked : {"rsa:crossnobis", "rsa:euclidean:pearson", "rsa:correlation:kendall",
                                  "rsa:crossnobis:whitened_cosine:independent", "rsa:crossnobis:resample=subjects"})
    CHECK(named(asked, "rsa") == asked);
  CHECK(named("pls:10", "pls") == "pls:10");
  CHECK(named("pls:25", "pls") == "pls");
  CHECK(named("tuning:linear", "tuning.width") == "tuning:linear.width");
  CHECK(named("distances:van_rossum:20", "distances.van_rossum.own_trials") == "distances.van_rossum:20.own_trials");
  CHECK(named("distances:van_rossum", "distances.van_rossum") == "distances.van_rossum");
  CHECK(named("rate_maps:5", "rate_maps.grid_score") == "rate_maps:5.grid_score");
  CHECK(named("rate_maps:smoothing=3", "rate_maps.grid_score") == "rate_maps:2.5:3.grid_score");
  CHECK(named("receptive_field:80", "receptive_field.lag_ms") == "receptive_field:80.lag_ms");
  CHECK(named("ridge:5:true", "ridge") == "ridge:5:true");
  CHECK(named("cka:linear", "cka_linear") == "cka_linear"); // the name says it
  // Each is what the command line takes.
  for (const std::string asked : {"rsa:crossnobis:resample=subjects", "pls:folds=5:by_time=true", "rate_maps:2.5:3"})
    CHECK(method_of(named(asked, method_of(asked).type)).settings.size() >= method_of(asked).settings.size());
}

TEST_CASE("variants of a method stand apart in table, csv, JSON and figures", "[recordings][report]") {
  const std::vector<std::string> variants{"rsa", "rsa:euclidean:pearson", "rsa:crossnobis:cosine"};
  recordings::Config config;
  config.bootstrap = 50;
  for (const auto &variant : variants) config.methods.push_back(method_of(variant));
  const auto found =
      recordings::compare(config, {random_area("V1", 1), random_area("V2", 2)}, {random_area("IT", 3)}, {}, {});
  REQUIRE(found.results.size() == 6);
  REQUIRE(found.contrasts.size() == 3);
  const auto json = nlohmann::json::parse(report::comparison_json(found));
  const auto table = report::comparison_table(found), csv = report::comparison_csv(found);
  std::set<std::string> files;
  for (const auto &[name, figure] : report::comparison_figures(found)) files.insert(name);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(found.results[2 * k].method == variants[k]);
    CHECK(found.contrasts[k].method == variants[k]);
    CHECK(json["results"][2 * k + 1]["method"] == variants[k]);
    CHECK(json["contrasts"][k]["method"] == variants[k]);
    CHECK(("\n" + table).find("\n" + variants[k] + " ") != std::string::npos);
    CHECK(csv.find("\n" + variants[k] + ",V2,IT,") != std::string::npos);
  }
  CHECK(files.contains("rsa-bars.svg"));
  CHECK(files.contains("rsa-euclidean-pearson-bars.svg"));
  CHECK(files.contains("rsa-crossnobis-cosine-matrix.svg"));
  config.methods = {method_of("rsa:euclidean:pearson")}; // alone, it is the rsa of this comparison
  CHECK(recordings::compare(config, {random_area("V1", 1)}, {random_area("IT", 3)}, {}, {}).results.at(0).method ==
        "rsa");
}
