// Fidelity is measured as by a program that embeds engram.
#include "fidelity/measurement.hpp"
#include "catch.hpp"
#include "command.hpp"

#include <atomic>
#include <string>
#include <vector>

using namespace engram;

TEST_CASE("a program measures the fidelity of rules", "[fidelity]") {
  const session::Folders folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};
  fidelity::FidelityOptions options;
  options.file = command::model("credit-assignment/xor.json");
  options.rules = {"backprop", "feedback_alignment"};
  options.points = {{"initial", 0}};
  options.samples = 16;
  options.threads = 1;
  std::vector<std::string> heard;
  fidelity::FidelityWatch watch;
  watch.begins = [&] { heard.emplace_back("begins"); };
  watch.measured = [&](const std::string &where, const fidelity::Fidelity &) { heard.push_back(where); };
  const auto [report, interrupted] = fidelity::measure_fidelity(options, folders, {}, watch);
  CHECK(!interrupted);
  CHECK(heard == std::vector<std::string>{"begins", "backprop at initial", "feedback_alignment at initial"});
  REQUIRE(!report.rows.empty());
  CHECK(report.rows.front().rule == "backprop");
  CHECK(report.rows.front().projection == "all");
  CHECK(report.rows.front().fidelity.bias.value < 1e-6);
  for (const auto &row : report.rows)
    if (row.rule == "feedback_alignment" && row.projection == "all") CHECK(row.fidelity.bias.value > 0.01);

  const std::atomic<bool> stop = true;
  watch.stop = &stop;
  CHECK(fidelity::measure_fidelity(options, folders, {}, watch).interrupted);
}
