// Means, intervals and the best combination, against a computation by hand.
#include "catch.hpp"
#include "data/hdf5_foreign.hpp"
#include "studies/result_tables.hpp"
#include "studies/study_files.hpp"

#include <cmath>
#include <fstream>

using namespace engram;
using studies::Measure;
using studies::RunOutcome;
using studies::Status;

namespace {

constexpr double none = studies::Point::unknown;

RunOutcome outcome(std::size_t epochs, double loss, double accuracy, Status status = Status::complete) {
  RunOutcome out;
  out.status = status;
  out.end.epoch = epochs;
  out.end.values = {none, none, none, loss, accuracy, none};
  out.best.fill(out.end);
  return out;
}

// Two rates, three seeds each.
struct SmallStudy {
  command::Folder folder;
  studies::Study study;
  std::vector<studies::PlannedRun> plan;
  explicit SmallStudy(const std::string &more = "") {
    study_files::write_model(folder);
    study = study_files::study_of(folder, R"({ "model": "xor.json", "vary": { "/learning/rules/local/rate": [0.1, 1] },
                                   "seeds": 3)" +
                                              more + " }");
    plan = studies::plan_runs(study);
  }
};

// Held-out accuracies 0.8, 0.9, 0.7 and 0.9, 0.95, 1; losses the other way round.
std::vector<RunOutcome> six_runs() {
  return {outcome(4, 0.3, 0.8), outcome(4, 0.1, 0.9),  outcome(4, 0.2, 0.7),
          outcome(4, 0.5, 0.9), outcome(4, 0.6, 0.95), outcome(4, 0.7, 1)};
}

} // namespace

TEST_CASE("a summary has mean, deviation and interval over seeds", "[studies]") {
  const SmallStudy small;
  const auto summary = studies::summarize_study(small.study, small.plan, six_runs());
  REQUIRE(summary.combinations.size() == 2);
  CHECK(summary.by == Measure::held_out_accuracy);
  CHECK(summary.best == 1U);
  // By hand: mean 0.8; deviations 0, 0.1, −0.1, so sd = √(0.02 / 2) = 0.1; t(0.975, 2) = 4.3026527;
  // half an interval 4.3026527 · 0.1 / √3 = 0.24841377.
  const auto &first = summary.compared(0);
  CHECK(first.mean.value == Approx(0.8));
  CHECK(first.deviation == Approx(0.1));
  CHECK(first.mean.ci.low == Approx(0.8 - 0.24841377).epsilon(1e-7));
  CHECK(first.mean.ci.high == Approx(0.8 + 0.24841377).epsilon(1e-7));
  CHECK(summary.compared(1).mean.value == Approx(0.95));
  const auto &losses = summary.combinations[1].end[static_cast<std::size_t>(Measure::held_out_loss)];
  CHECK(losses.mean.value == Approx(0.6));
  CHECK(std::isnan(summary.combinations[0].end[0].mean.value));
}

TEST_CASE("the best combination is that of the stated measure, among those that are whole", "[studies]") {
  const SmallStudy by_loss(R"(, "best": { "by": "held_out loss" })");
  auto runs = six_runs();
  CHECK(studies::summarize_study(by_loss.study, by_loss.plan, runs).best == 0U);
  runs[2] = outcome(1, none, none, Status::failed);
  const auto with_failure = studies::summarize_study(by_loss.study, by_loss.plan, runs);
  CHECK(with_failure.combinations[0].complete == 2);
  CHECK(with_failure.compared(0).mean.value == Approx(0.2));
  CHECK(with_failure.best == 1U); // though the other's mean is better: one of its seeds failed
  runs[5] = outcome(1, none, none, Status::missing);
  const auto neither = studies::summarize_study(by_loss.study, by_loss.plan, runs);
  CHECK(!neither.best);
  CHECK(neither.no_best == "no combination has all its runs complete with a held_out loss");

  runs = six_runs();
  for (auto &run : runs) run.end.values[static_cast<std::size_t>(Measure::held_out_loss)] = 0.5;
  const auto tied = studies::summarize_study(by_loss.study, by_loss.plan, runs);
  CHECK(tied.best == 0U);
  CHECK(tied.as_good == 1);

  const SmallStudy at_best(R"(, "best": { "by": "held_out accuracy", "at": "best_epoch" })");
  runs = six_runs();
  for (int k = 0; k < 3; ++k) {
    auto &best = runs[static_cast<std::size_t>(k)].best[static_cast<std::size_t>(Measure::held_out_accuracy)];
    best.epoch = 2;
    best.values[static_cast<std::size_t>(Measure::held_out_accuracy)] = 0.99;
  }
  const auto peak = studies::summarize_study(at_best.study, at_best.plan, runs);
  CHECK(peak.best == 0U);
  CHECK(peak.compared(0).mean.value == Approx(0.99));
}

TEST_CASE("tables have a row for each run and combination, and both files hold the same", "[studies]") {
  const SmallStudy small;
  auto runs = six_runs();
  runs[4].status = Status::failed;
  runs[4].reason = "it said \"no\", twice";
  const auto summary = studies::summarize_study(small.study, small.plan, runs);
  const std::vector<std::string> files{"a", "b", "c", "d", "e", "f"};
  const auto results = studies::results_table(small.study, small.plan, {1, 2, 3, 1, 2, 3}, runs, files);
  const auto csv = studies::csv_of(results);
  CHECK(csv.starts_with("run,status,/learning/rules/local/rate,seed,epochs,training_loss,training_accuracy,"
                        "training_reward,held_out_loss,held_out_accuracy,held_out_reward,best_epoch,"
                        "best_training_loss,"));
  CHECK(command::contains(csv, "\n1,complete,0.1,1,4,,,,0.3,0.8,,4,,,,0.3,0.8,,,,,,0,0,,a\n"));
  CHECK(
      command::contains(csv, "\n5,failed,1,2,4,,,,0.6,0.95,,4,,,,0.6,0.95,,,,,,,0,\"it said \"\"no\"\", twice\",e\n"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 7);
  const auto combinations = studies::summary_table(small.study, small.plan, summary);
  CHECK(command::contains(studies::csv_of(combinations), "\n0.1,3,3,"));
  CHECK(command::contains(studies::csv_of(combinations), "\n1,3,2,"));

  const auto path = (small.folder.path / "results.h5").string();
  std::ofstream(path, std::ios::binary) << studies::hdf5_of({{"results", results}, {"summary", combinations}});
  const data::hdf5::ForeignFile file(path);
  CHECK(file.numbers<double>("/results/held_out_accuracy") == std::vector<double>{0.8, 0.9, 0.7, 0.9, 0.95, 1});
  CHECK(file.numbers<double>("/results/learning.rules.local.rate") == std::vector<double>{0.1, 0.1, 0.1, 1, 1, 1});
  CHECK(file.numbers<double>("/summary/complete") == std::vector<double>{3, 2});
  CHECK(file.texts("/results/status", 0, 6)[4] == "failed");
}

TEST_CASE("a seed that a double cannot hold stands in the tables in full", "[studies]") {
  const SmallStudy small;
  const std::vector<std::uint64_t> seeds(6, 8'999'999'999'999'999'999U);
  const auto csv = studies::csv_of(
      studies::results_table(small.study, small.plan, seeds, six_runs(), std::vector<std::string>(6, "f")));
  CHECK(command::contains(csv, ",8999999999999999999,"));
}
