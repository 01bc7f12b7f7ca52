// These tests call `engram compare` as a user does.
#include "cli/compared.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"
#include "measures/cka.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa.hpp"
#include "record/run_read.hpp"

using namespace engram;
using namespace command;

namespace {

// Twelve patterns shown once to a circuit of two static regions.
std::string circuit(const Folder &folder) {
  std::string rows;
  for (int k = 0; k < 12; ++k) {
    rows += k ? ", [" : "[";
    for (int i = 0; i < 5; ++i) rows += (i ? ", " : "") + std::to_string((k * 7 + i * i * 3 + k * i) % 11);
    rows += "]";
  }
  return folder.write("circuit.json", R"({
    "architecture": { "regions": {
        "in": { "size": 5, "dynamics": "input" },
        "out": { "size": 8, "dynamics": { "type": "static", "activation": "relu" } } },
      "projections": [ { "from": "in", "to": "out" } ] },
    "task": { "stimuli": { "inputs": [)" + rows +
                                          R"(] }, "batch": 4, "shuffle": false,
      "trial": [ { "phase": "show", "duration": 2, "stimulus": "in" } ] },
    "record": { "in": { "signals": ["rate"], "trials": "training" }, "out": { "signals": ["rate"], "trials": "training" } } })");
}

} // namespace

TEST_CASE("a run file is compared by the numbers that it holds", "[cli][recordings]") {
  const Folder folder;
  REQUIRE(command::engram("run " + circuit(folder) + " --quiet --out run.nwb", folder.path).exit == 0);
  const auto found = compared("run.nwb run.nwb --method rsa:correlation:pearson,cka --bootstrap 200", folder.path);
  CHECK(found.at("conditions") == 12);

  // By hand, from the file: two steps of each trial, of which the mean is taken.
  const record::RunReader reader((folder.path / "run.nwb").string());
  std::map<std::string, arma::mat> means;
  for (const auto &series : reader.series()) {
    const arma::mat data = reader.data(series); // neuron × sample
    REQUIRE(data.n_cols == 24);
    means[series.region] =
        (data.cols(arma::regspace<arma::uvec>(0, 2, 22)) + data.cols(arma::regspace<arma::uvec>(1, 2, 23))).t() / 2;
  }
  const auto pairs = [&](const std::string &region) {
    return measures::upper_triangle(measures::correlation_rdm(means.at(region)));
  };
  const auto rsa = by_pair(found, "rsa"), cka = by_pair(found, "cka");
  CHECK(rsa.at("in/in").at("value").get<double>() == Approx(1));
  CHECK(rsa.at("in/out").at("value").get<double>() ==
        Approx(measures::pearson(pairs("in"), pairs("out"))).epsilon(1e-10));
  CHECK(cka.at("out/in").at("value").get<double>() ==
        Approx(measures::debiased_linear_cka(means.at("out"), means.at("in"))).epsilon(1e-10));
  CHECK(cka.at("out/out").at("value").get<double>() == Approx(1));
  CHECK(rsa.at("in/out").at("ci")[0].get<double>() < rsa.at("in/out").at("value").get<double>());
  // The same seed, the same numbers, at any number of threads.
  CHECK(found ==
        compared("run.nwb run.nwb --method rsa:correlation:pearson,cka --bootstrap 200 --threads 1", folder.path));
}

TEST_CASE("compare writes its numbers and figures", "[cli][recordings]") {
  const Folder folder;
  REQUIRE(command::engram("run " + circuit(folder) + " --quiet --out run.nwb", folder.path).exit == 0);
  compared("run.nwb run.nwb --method rsa --out results", folder.path);
  for (const char *name : {"comparison.json", "comparison.csv", "rsa-bars.svg", "rsa-matrix.svg", "rdms.svg"}) {
    INFO(name);
    CHECK(fs::file_size(folder.path / "results" / name) > 100);
  }
  const auto csv = slurp(folder.path / "results" / "comparison.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 5); // names, and two regions by two areas
}

TEST_CASE("FILE:SERIES takes one time series of an NWB file", "[cli][recordings]") {
  const Folder folder;
  REQUIRE(command::engram("run " + circuit(folder) + " --quiet --out run.nwb", folder.path).exit == 0);
  const auto all = by_pair(compared("run.nwb --method dimensionality", folder.path), "dimensionality"),
             one = by_pair(compared("run.nwb:out_rate --method dimensionality", folder.path), "dimensionality");
  CHECK(all.size() == 2);
  REQUIRE(one.size() == 1);
  CHECK(one.at("out/-") == all.at("out/-"));
}

TEST_CASE("what cannot be compared is said in one line, with exit code 2", "[cli][recordings]") {
  const Folder folder;
  REQUIRE(command::engram("run " + circuit(folder) + " --quiet --out run.nwb", folder.path).exit == 0);
  folder.write("text.nwb", "no HDF5");
  folder.write("few.csv", "1,2\n3,4\n5,6\n");
  folder.write("typo.json", "{\n  \"circuits\": [ { \"file\": \"run.nwb\", \"evnts\": \"trials\" } ]\n}");
  const auto config = [&](const std::string &name, const std::string &source, const std::string &methods) {
    folder.write(name, "{ \"circuits\": [\n  { \"file\": \"run.nwb\", " + source + " } ],\n  \"methods\": [" + methods +
                           "] }");
  };
  config("rate.json", R"("stimulus": { "file": "few.csv" })", R"("receptive_field")");
  config("both.json", R"("stimulus": { "file": "few.csv", "rate": 10, "series": "a" })", R"("receptive_field")");
  config("arena.json", R"("position": { "arena": [0, 100, 100, 0] })", R"("rate_maps")");
  config("voltage.json", R"("threshold": -20)", R"("spikes")");
  config("scale.json", R"("name": "a")", R"({ "type": "distances", "scale": 3 })");
  config("noise.json", R"("name": "a")", R"({ "type": "rsa", "noise": "correlated" })");
  config("foreign.json", R"("name": "a")", R"({ "type": "cka", "components": 3 })");
  config("setting.json", R"("name": "a")", R"({ "type": "pls", "compnents": 3 })");
  config("type.json", R"("name": "a")", R"({ "type": "plss" })");
  config("range.json", R"("name": "a")", R"({ "type": "decoding", "folds": 1 })");
  config("signals.json", R"("signals": ["ot_rate"])", R"("spikes")");
  config("volts.json", R"("signals": ["out_rate"], "threshold": -20)", R"("spikes")");
  config("shown.json", R"("stimulus": { "file": "absent.npy", "rate": 10 }, "condition": "label")", R"("spikes")");
  const auto recorded = [&](const std::string &name, const std::string &source) {
    folder.write(name, "{ \"circuits\": [ { \"file\": \"run.nwb\" } ],\n  \"recordings\": [\n  { " + source + " } ] }");
  };
  recorded("names.json", R"("file": "few.csv", "conditions": ["a", "b"])");
  recorded("axes.json", R"("file": "few.csv", "axes": ["condition", "neuron", "repeat"])");
  recorded("key.json", R"("file": "few.csv", "key": "third")");
  recorded("rdm.json", R"("file": "few.csv", "rdm": "third")");
  recorded("window.json", R"("file": "few.csv", "window": [0, 100])");
  recorded("foreign_events.json", R"("file": "few.csv", "events": "trials")");
  recorded("lines.json", R"("file": "run.nwb", "axes": ["condition", "neuron"])");
  recorded("within.json", R"("file": "run.nwb", "key": "out_rate")");
  recorded("given.json", R"("file": "few.csv", "rdm": "third", "bin": 5)");
  recorded("absent.json", R"("file": "absent.csv")");
  config("sound.json", R"("name": "a")", R"("cka")");
  folder.write("column.json", "{ \"circuits\": [\n  { \"file\": \"run.nwb\", \"condition\": \"lable\" } ] }");
  for (const auto &[arguments, told] : std::map<std::string, std::string>{
           {"run.nwb absent.nwb", "absent.nwb"},
           {"run.nwb text.nwb", "text.nwb"},
           {"run.nwb few.csv", "few"},
           {"run.nwb run.nwb --method rsaa", "did you mean 'rsa'"},
           {"run.nwb run.nwb --method rsa:corelation", "did you mean 'correlation'"},
           {"--config typo.json", "typo.json:2"},
           {"run.nwb --method distances:van_rosum", "did you mean 'van_rossum'"},
           {"run.nwb run.nwb --method rsa:euclidean:cosine:independent",
            "noise: is of comparisons 'by' whitened_cosine"},
           {"run.nwb run.nwb --method rsa:euclidean:whitened_cosine:independant", "did you mean 'independent'"},
           {"run.nwb --method tuning:circular", "axis"},
           {"run.nwb run.nwb --method cka:liner", "did you mean 'linear'"},
           {"--config noise.json", "noise.json:3: /methods/0/noise: is of comparisons 'by' whitened_cosine"},
           {"run.nwb --method rate_maps:0", "bin: must be above 0, not 0"},
           {"run.nwb --method rate_maps:2:5:7", "the settings are rate_maps:BIN:SMOOTHING"},
           {"run.nwb --method pls:components=2.5", "components: expected a whole number, not 2.5"},
           {"run.nwb --method pls:fold=5", "unknown setting 'fold'; did you mean 'folds'?"},
           {"run.nwb --method pls:5:components=4", "components: is given twice"},
           {"run.nwb --method svcca:5", "svcca has no settings"},
           {"--config rate.json", "rate.json:2: /circuits/0/stimulus/file: needs a 'rate'"},
           {"--config both.json", "/circuits/0/stimulus/series: excludes 'file'"},
           {"--config arena.json", "/circuits/0/position/arena: must end"},
           {"--config voltage.json", "voltage.json:2: /circuits/0/threshold: run.nwb: the file has no"},
           {"--config scale.json", "scale.json:3: /methods/0/scale"},
           {"--config column.json",
            "column.json:2: /circuits/0/condition: run.nwb: unknown column 'lable'; did you mean 'label'"},
           {"--config foreign.json", "foreign.json:3: /methods/0/components: unknown key 'components'; known: form"},
           {"--config setting.json",
            "setting.json:3: /methods/0/compnents: unknown key 'compnents'; did you mean 'components'"},
           {"--config type.json", "type.json:3: /methods/0/type: unknown type 'plss'; did you mean 'pls'"},
           {"--config range.json", "range.json:3: /methods/0/folds: must be at least 2, not 1"},
           {"--config signals.json", "signals.json:2: /circuits/0/signals: run.nwb: no time series 'ot_rate'"},
           {"--config volts.json", "volts.json:2: /circuits/0/threshold: run.nwb: acquisition/out_rate is no voltage"},
           {"--config names.json", "names.json:3: /recordings/0/conditions: few.csv: has 2 names for 3 conditions"},
           {"--config axes.json", "axes.json:3: /recordings/0/axes: few.csv: has 2 axes, not the 3 that are named"},
           {"--config key.json", "key.json:3: /recordings/0/key: few.csv"},
           {"--config rdm.json", "rdm.json:3: /recordings/0/rdm: few.csv"},
           {"--config absent.json", "absent.json:3: /recordings/0/file: absent.csv: no such file"},
           {"--config shown.json", "shown.json:2: /circuits/0/stimulus/file: absent.npy: no such file"},
           {"run.nwb:ot_rate", "run.nwb: no time series 'ot_rate'"},
           {"--config window.json", "window.json:3: /recordings/0/window: few.csv: is not for an array of responses"},
           {"--config foreign_events.json", "foreign_events.json:3: /recordings/0/events: few.csv: is not for arrays"},
           {"--config lines.json", "lines.json:3: /recordings/0/axes: run.nwb: is not for an NWB file"},
           {"--config within.json", "within.json:3: /recordings/0/key: run.nwb:out_rate: is not for an NWB file"},
           {"--config given.json", "given.json:3: /recordings/0/bin: few.csv: is not for dissimilarities"},
           {"run.nwb run.nwb --condition lable", "did you mean 'label'"},
           {"run.nwb run.nwb --condition trial,label", "have no condition in common, as '0' and '-1'"},
           {"few.csv few.csv --condition label", "--condition: names a column of events"},
           {"run.nwb few.csv --condition trial,label", "--condition: few.csv is an array"},
           {"run.nwb --condition trial,label", "--condition: 2 columns for one file"},
           {"--config sound.json --condition label", "--condition: with --config"},
           {"", "RUN RECORDING"}}) {
    INFO(arguments);
    const auto r = command::engram("compare " + arguments, folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(told));
    CHECK(r.out.empty());
  }
}

// Runs of other seeds are the subjects of one area.
TEST_CASE("several files of one area are subjects, with a ceiling and a matrix of regions by areas",
          "[cli][recordings]") {
  const Folder folder;
  for (const char *seed : {"1", "2", "3"})
    REQUIRE(command::engram("run " + circuit(folder) + " --quiet --seed " + seed + " --out run" + seed + ".nwb",
                            folder.path)
                .exit == 0);
  const auto source = [](const std::string &seed) {
    return R"({ "file": "run)" + seed + R"(.nwb", "signals": ["out_rate"], "name": "out", "subject": ")" + seed +
           R"(" })";
  };
  folder.write("subjects.json", R"({ "circuits": [ { "file": "run1.nwb", "signals": ["in_rate"] }, )" + source("1") +
                                    R"( ], "recordings": [ )" + source("2") + ", " + source("3") +
                                    R"(, { "file": "run1.nwb", "signals": ["in_rate"], "name": "input" } ],
        "methods": [ { "type": "rsa", "resample": "subjects" }, "cka" ], "bootstrap": 100 })");
  const auto found = compared("--config subjects.json --out figures", folder.path);
  const auto rsa = by_pair(found, "rsa"), cka = by_pair(found, "cka");
  REQUIRE(rsa.size() == 2); // of one subject nothing can be drawn again
  CHECK(rsa.at("in/out").at("ceiling")[0] <= rsa.at("in/out").at("ceiling")[1]);
  CHECK(rsa.at("in/out").at("neurons") == 16);
  CHECK(rsa.contains("out/out"));
  CHECK(found.at("notes").dump().find("input has one subject") != std::string::npos);
  CHECK(cka.size() == 6);
  CHECK(cka.contains("out (1)/out (3)"));
  CHECK(fs::exists(folder.path / "figures" / "cka-matrix.svg"));
}

// Poisson neurons whose rates the stimulus sets, of two seeds: each is as near to the other as to itself.
TEST_CASE("the spikes of two runs are compared trial by trial", "[cli][recordings]") {
  const Folder folder;
  const auto model = folder.write("spikes.json", R"({
    "time": { "step": 1 },
    "architecture": { "regions": {
        "in": { "size": 3, "dynamics": "input" },
        "out": { "size": 3, "dynamics": "poisson" } },
      "projections": [ { "from": "in", "to": "out", "connect": "one_to_one", "weights": 60 } ] },
    "task": { "stimuli": { "inputs": [[1, 0.2, 0.5], [0.1, 1, 0.6], [0.3, 0.5, 1], [0.9, 0.9, 0.1]] },
      "batch": 4, "shuffle": false, "trial": [ { "phase": "show", "duration": 300, "stimulus": "in" } ] },
    "record": { "out": { "signals": ["spike"], "trials": "training" } } })");
  for (const char *seed : {"1", "2"}) {
    const auto r =
        command::engram("run " + model + " --quiet --seed " + seed + " --out spikes" + seed + ".nwb", folder.path);
    INFO(r.err);
    REQUIRE(r.exit == 0);
  }
  const auto found =
      compared("spikes1.nwb spikes2.nwb --method distances:van_rossum:20,synchrony --permutations 99", folder.path);
  const auto between = by_pair(found, "distances.van_rossum");
  CHECK(between.at("units/units").at("neurons") == 3);
  CHECK(between.at("units/units").at("conditions") == 4);
  CHECK(between.at("units/units").at("value") > 0);
  CHECK(by_pair(found, "synchrony.isi_distance").at("units/units").at("value") < 0.6);
  // The same file on both sides, the distance of which is 0.
  const auto same = compared("spikes1.nwb spikes1.nwb --method distances", folder.path);
  CHECK(by_pair(same, "distances.victor_purpura").at("units/units").at("value") == 0);
  // Nobody asked for methods: those that apply, spikes among them.
  CHECK(by_pair(compared("spikes1.nwb spikes2.nwb", folder.path), "distances.van_rossum").size() == 1);
}

// Rows of the data are shown in another order than their labels: row 3 is not label 3.
TEST_CASE("--condition chooses the column of both sides, and rows are not taken for labels", "[cli][recordings]") {
  const Folder folder;
  const auto model = [&](const std::string &name, const std::string &labels) {
    folder.write(name + ".json", R"({
      "architecture": { "regions": { "in": { "size": 3, "dynamics": "input" }, "out": { "size": 4, "dynamics": "static" } },
        "projections": [ { "from": "in", "to": "out" } ] },
      "objective": { "type": "cross_entropy", "region": "out" },
      "task": { "stimuli": { "inputs": [[1, 2, 5], [4, 1, 6], [3, 5, 1], [9, 2, 1]], "labels": [)" +
                                     labels + R"(] },
        "batch": 4, "shuffle": false, "trial": [ { "phase": "show", "duration": 2, "stimulus": "in" } ] },
      "record": { "in": { "signals": ["rate"], "trials": "training" } } })");
    const auto r = command::engram("run " + name + ".json --quiet --out " + name + ".nwb", folder.path);
    INFO(r.err);
    REQUIRE(r.exit == 0);
  };
  model("one", "0, 1, 2, 3");
  model("other", "3, 2, 1, 0");
  // By row the stimuli are the same; by label they are turned round.
  CHECK(by_pair(compared("one.nwb other.nwb --method rsa", folder.path), "rsa").at("in/in").at("value") == Approx(1));
  const auto found = compared("one.nwb other.nwb --method rsa:euclidean:pearson --condition label", folder.path);
  const arma::mat x{{1, 2, 5}, {4, 1, 6}, {3, 5, 1}, {9, 2, 1}};
  const auto pairs = [](const arma::mat &responses) {
    return measures::upper_triangle(measures::euclidean_rdm(responses));
  };
  CHECK(by_pair(found, "rsa").at("in/in").at("value").get<double>() ==
        Approx(measures::pearson(pairs(x), pairs(arma::flipud(x)))));
  CHECK(by_pair(compared("one.nwb other.nwb --method rsa --condition trial,label", folder.path), "rsa").size() == 1);
  folder.write("mixed.json", R"({ "circuits": [ { "file": "one.nwb" } ],
    "recordings": [ { "file": "other.nwb", "condition": "label" } ], "methods": [ "rsa" ] })");
  const auto refused = command::engram("compare --config mixed.json", folder.path);
  CHECK(refused.exit == 2);
  CHECK_THAT(refused.err, ContainsSubstring("(column 'trial')"));
  CHECK_THAT(refused.err, ContainsSubstring("numbers of unlike columns"));
}

// Of each trial of 300 ms the 10 ms from 100 ms on are recorded: rates are of these.
TEST_CASE("a run that recorded a part of each trial has the rates of that part", "[cli][recordings]") {
  const Folder folder;
  const auto model = folder.write("part.json", R"({
    "time": { "step": 1 },
    "architecture": { "regions": {
        "in": { "size": 3, "dynamics": "input" },
        "out": { "size": 3, "dynamics": "poisson" } },
      "projections": [ { "from": "in", "to": "out", "connect": "one_to_one", "weights": 60 } ] },
    "task": { "stimuli": { "inputs": [[1, 4, 6], [3, 5, 7], [2, 2, 9], [8, 6, 9]] },
      "batch": 4, "shuffle": false, "trial": [ { "phase": "show", "duration": 300, "stimulus": "in" } ] },
    "record": { "out": { "signals": ["spike"], "trials": "training", "from": 100, "to": 110 } } })");
  REQUIRE(command::engram("run " + model + " --quiet --out part.nwb", folder.path).exit == 0);
  const auto units = data::NwbFile((folder.path / "part.nwb").string()).units();
  std::vector<double> rates;
  std::size_t spikes = 0;
  for (const auto &train : units.spike_times_s) {
    rates.push_back(static_cast<double>(train.size()) / (4 * 0.010));
    spikes += train.size();
  }
  REQUIRE(spikes > 0);
  const auto found = compared("part.nwb --method spikes,dimensionality", folder.path);
  CHECK(by_pair(found, "spikes.rate_hz").at("units/-").at("value").get<double>() ==
        Approx(arma::median(arma::vec(rates))));
  CHECK(found.at("notes").dump().find("of each event 100 to 110 ms are taken of units") != std::string::npos);
}

TEST_CASE("a run of rate neurons has no spikes to describe, and says so", "[cli][recordings]") {
  const Folder folder;
  REQUIRE(command::engram("run " + circuit(folder) + " --quiet --out run.nwb", folder.path).exit == 0);
  for (const char *method : {"receptive_field", "rate_maps", "distances"}) {
    const auto r = command::engram("compare run.nwb --method " + std::string(method), folder.path);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(std::string(method) + ": out has no spikes"));
  }
}
