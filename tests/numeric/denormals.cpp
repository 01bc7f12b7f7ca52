// Numbers too small to be normal count as zero while the simulator computes, on each of its threads and in plugins.
// Afterwards the caller's own mode is restored. Expected values are from IEEE 754 (what is below 2^-126 in single
// precision is denormal) and from the processors' manuals (FTZ and DAZ of MXCSR, FZ of FPCR).
#include "numeric/flush_denormals.hpp"

#include "catch.hpp"
#include "circuits.hpp"
#include "numeric/parallel.hpp"
#include "plugins/sound_table.hpp"

#include <atomic>
#include <bit>
#include <cstdint>
#include <vector>

using namespace engram;

namespace {

// 2^-130, of a product that the compiler cannot form.
float denormal() {
  volatile const float small = 0x1p-120f, smaller = 0x1p-10f;
  return small * smaller;
}

std::vector<float> denormals_on(int threads, std::size_t count) {
  std::vector<float> out(count, -1);
  numeric::for_tiles(threads, count, [&](std::size_t k) { out[k] = denormal(); });
  return out;
}

// By its bits: where denormals count as zero, a comparison does not see them.
bool is_denormal(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return (bits & 0x7f800000u) == 0 && (bits & 0x007fffffu) != 0;
}

struct Fading final : simulation::Observer<float> {
  std::size_t denormals = 0;
  arma::fmat last;
  std::vector<std::uint32_t> sums; // of all bits, by step
  void step(std::size_t, const network::Signals<float> &signals) override {
    last = signals[1][network::Signal::rate];
    std::uint32_t sum = 0;
    for (const float x : last) {
      denormals += is_denormal(x);
      sum = sum * 31 + std::bit_cast<std::uint32_t>(x);
    }
    sums.push_back(sum);
  }
};

// 600 neurons whose activity falls to nothing: u' = −u / 2 + …, 2^-126 after some 130 steps.
circuits::Circuit fading() {
  circuits::Circuit c;
  const auto in = c.input(1), net = c.leaky("net", 600, "relu", 2);
  static_cast<void>(in);
  c.model.regions[net].initial = model::Quantity::of(0.7);
  c.connect(net, net, "", 0, "rate", "soma", 0.1);
  c.model.time.integrator = circuits::typed("euler");
  c.phase(200, 0, false, false);
  c.data(1);
  return c;
}

std::atomic<bool> seen_by_rule{false}, rule_flushed{true};

engram_status look(const engram_moment_info *, const engram_neurons *, const void **, void *, engram_message *) {
  seen_by_rule = true;
  if (denormal() != 0) rule_flushed = false;
  return ENGRAM_OK;
}

} // namespace

TEST_CASE("denormals are flushed within a scope and kept after it", "[numeric]") {
  if (numeric::denormal_bits == 0) return; // a processor that is not known
  REQUIRE(denormal() > 0);
  {
    const numeric::FlushDenormals flush;
    CHECK(numeric::flushes_denormals());
    CHECK(denormal() == 0);
    {
      const numeric::FlushDenormals again;
      CHECK(denormal() == 0);
    }
    CHECK(denormal() == 0);
    {
      const numeric::DenormalMode kept(0);
      CHECK(denormal() > 0);
    }
    CHECK(denormal() == 0);
  }
  CHECK_FALSE(numeric::flushes_denormals());
  CHECK(denormal() > 0);
}

TEST_CASE("threads treat denormals as the one that calls them, and are left as they were", "[numeric]") {
  if (numeric::denormal_bits == 0) return;
  for (const int threads : {1, 2, 4}) {
    for (const float x : denormals_on(threads, 64)) CHECK(x > 0);
    {
      const numeric::FlushDenormals flush;
      for (const float x : denormals_on(threads, 64)) CHECK(x == 0);
    }
    for (const float x : denormals_on(threads, 64)) CHECK(x > 0);
  }
}

TEST_CASE("activity that dies out never becomes denormal, and has the same bits on any number of threads",
          "[numeric]") {
  const auto c = fading();
  std::vector<std::uint32_t> one;
  for (const int threads : {1, 2}) {
    auto network = c.build<float>();
    simulation::Simulator<float> simulator(c.model, network, c.trials, c.rules, {}, threads);
    Fading seen;
    simulator.run(c.all(false), &seen);
    if (numeric::denormal_bits != 0) CHECK(seen.denormals == 0);
    // What a step takes from 2 · 2^-126 is denormal: below that, activity stands.
    CHECK(arma::abs(seen.last).max() < 1e-36f);
    CHECK_FALSE(numeric::flushes_denormals());
    if (one.empty())
      one = seen.sums;
    else
      CHECK(seen.sums == one);
  }
}

TEST_CASE("a program that flushes denormals itself still does after a run", "[numeric]") {
  if (numeric::denormal_bits == 0) return;
  auto c = fading();
  c.model.task.trial.front().duration = 5;
  auto network = c.build<float>();
  const numeric::FlushDenormals own;
  simulation::Simulator<float> simulator(c.model, network, c.trials, c.rules, {}, 2);
  simulator.run(c.all(false));
  CHECK(numeric::flushes_denormals());
}

TEST_CASE("a learning rule is called with denormals flushed", "[numeric]") {
  if (numeric::denormal_bits == 0) return;
  SoundTable table("look");
  table.rule.parameter_count = 0;
  for (auto &calls : table.rule.callbacks) calls.pre_factors = calls.post_factors = look;
  circuits::Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  c.learn("r", "hebb", 0.1);
  c.rules.back() = &table.rule;
  c.connect(in, out, "r");
  c.phase(2, 0, true);
  c.data(4);
  auto network = c.build<float>();
  simulation::Simulator<float> simulator(c.model, network, c.trials, c.rules, {}, 2);
  simulator.run(c.all(true));
  CHECK(seen_by_rule);
  CHECK(rule_flushed);
  CHECK(denormal() > 0);
}
