// These tests cut real recordings at their events, and average them into responses.
#include "catch.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"
#include "measures/correlation.hpp"
#include "measures/dimensionality.hpp"
#include "measures/spike_train.hpp"
#include "recordings/comparison.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace engram;
using data::testing::recorded;

TEST_CASE("spikes of an NWB file are cut at its trials", "[recordings][recorded]") {
  const auto file = recorded("nwb") + "/grasshopper_pynwb.nwb";
  if (!std::filesystem::exists(file)) {
    WARN("skipped: no " << file);
    return;
  }
  recordings::Source source;
  source.file = file;
  source.start = 500;
  source.stop = 9500;
  source.bin = 100;
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  REQUIRE(areas.size() == 1);
  REQUIRE(areas[0].responses);
  const auto &responses = *areas[0].responses;
  REQUIRE(responses.values.size() == 90);
  // Counted by hand: one trial, which begins at 0 s.
  measures::SpikeTrain train;
  const auto units = data::NwbFile(file).units();
  for (const double time : units.spike_times_s.at(0))
    if (time * 1000 >= 500 && time * 1000 <= 9500) train.push_back(time * 1000);
  const auto counts = measures::binned_counts(train, {500, 9500}, 100);
  for (std::size_t t = 0; t < 90; ++t)
    CHECK(responses.values[t](0, 0, 0) == Approx(10.0 * static_cast<double>(counts[t])));
  CHECK(responses.times.front() == 550);
  CHECK(responses.unit == "Hz");
}

// Triplett et al. 2018 found by eye and by graph theory that neurons of an assembly are active together.
TEST_CASE("zebrafish neurons correlate within assemblies and not between", "[recordings][recorded]") {
  const auto folder = recorded("zebrafish");
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no " << folder);
    return;
  }
  recordings::Source source;
  source.file = folder + "/zf_20151104-f1_activity_matrix.csv.gz";
  source.axes = {"neuron", "condition"}; // a frame is a condition
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  const arma::mat frames = recordings::mean_response(*areas.at(0).responses);
  const arma::mat r = measures::correlation_matrix(frames);

  std::vector<std::vector<std::size_t>> assemblies;
  std::ifstream lines(folder + "/zf_20151104-f1_assembly_assignments.csv");
  for (std::string line; std::getline(lines, line);) {
    assemblies.emplace_back();
    std::istringstream numbers(line);
    for (std::string number; std::getline(numbers, number, ',');)
      if (!number.empty()) assemblies.back().push_back(std::stoul(number) - 1); // from 1
  }
  double within = 0, between = 0, pairs_within = 0, pairs_between = 0;
  for (std::size_t a = 0; a < assemblies.size(); ++a)
    for (std::size_t b = a; b < assemblies.size(); ++b)
      for (const auto i : assemblies[a])
        for (const auto j : assemblies[b]) {
          if (i == j || !std::isfinite(r(i, j))) continue;
          (a == b ? within : between) += r(i, j);
          (a == b ? pairs_within : pairs_between) += 1;
        }
  REQUIRE(pairs_within > 100);
  INFO(within / pairs_within << " within, " << between / pairs_between << " between");
  CHECK(within / pairs_within > 3 * std::abs(between / pairs_between));
  // Far fewer dimensions than neurons, and more than there would be if all neurons did the same.
  const double dimensions = measures::participation_ratio(frames);
  INFO(dimensions << " dimensions of " << frames.n_cols << " neurons");
  CHECK(dimensions > 2);
  CHECK(dimensions < 0.5 * static_cast<double>(frames.n_cols));
}
