// This runs a dense leaky circuit 500-500-10 at batch 64, in single precision. The goals are 80 % of the GEMM rate, and
// under 10 % of the time outside products.
#include "circuits.hpp"
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>
#include <cblas.h>

namespace {

using namespace engram;
using benchmarks::Shortest;
using numeric::Matrix;

constexpr std::size_t inputs = 500, hidden = 500, outputs = 10, trials = 64, steps = 10;

struct Product { // c (m × n) = a b, with sums over k
  std::size_t m, n, k, times;
  bool ta = false, tb = false;
  Matrix<float> a, b, c;
  Product(std::size_t m_, std::size_t n_, std::size_t k_, bool ta_, bool tb_, std::size_t times_)
      : m(m_), n(n_), k(k_), times(times_), ta(ta_), tb(tb_), a(ta_ ? k_ : m_, ta_ ? m_ : k_, arma::fill::randu),
        b(tb_ ? n_ : k_, tb_ ? k_ : n_, arma::fill::randu), c(m_, n_, arma::fill::zeros) {}
};

// The products of a batch. Backprop evaluates all steps but the last a second time, on the way back; the state after
// the last step is not simulated, so nothing comes back through that step's currents.
std::vector<Product> products(bool learn) {
  const std::size_t evaluations = learn ? 2 * steps - 1 : steps, pulls = learn ? steps - 1 : 0;
  std::vector<Product> out;
  out.emplace_back(hidden, trials, inputs, false, false, evaluations);
  out.emplace_back(outputs, trials, hidden, false, false, evaluations);
  if (!learn) return out;
  out.emplace_back(hidden, trials, outputs, true, false, pulls);
  out.emplace_back(hidden, inputs, trials, false, true, pulls);
  out.emplace_back(outputs, hidden, trials, false, true, pulls);
  return out;
}

void by_one_call(Product &p) {
  const auto number = [](std::size_t n) { return static_cast<blasint>(n); };
  cblas_sgemm(CblasColMajor, p.ta ? CblasTrans : CblasNoTrans, p.tb ? CblasTrans : CblasNoTrans, number(p.m),
              number(p.n), number(p.k), 1.f, p.a.memptr(), number(p.a.n_rows), p.b.memptr(), number(p.b.n_rows), 0.f,
              p.c.memptr(), number(p.m));
}

void dense_circuit(benchmark::State &state, bool learn) {
  const int threads = static_cast<int>(state.range(0));
  circuits::Circuit circuit;
  circuit.model.single = true;
  circuit.model.time.integrator = circuits::typed("euler");
  circuit.input(inputs);
  circuit.leaky("hidden", hidden);
  circuit.leaky("output", outputs, "linear");
  circuit.connect(0, 1, "gradient");
  circuit.connect(1, 2, "gradient");
  circuit.learn("gradient", "backprop", 1e-3);
  circuit.phase(static_cast<double>(steps), true, true);
  circuit.objective("mse", 2);
  circuit.data(trials);
  numeric::use_one_blas_thread();
  auto net = circuit.build<float>();
  simulation::Simulator<float> simulator(circuit.model, net, circuit.trials, circuit.rules, {}, threads);
  auto list = products(learn);
  double operations = 0;
  for (const auto &p : list) operations += 2.0 * static_cast<double>(p.m * p.n * p.k * p.times);

  Shortest whole, tiled, blas;
  const auto batch = circuit.all(learn);
  for (auto _ : state) {
    state.SetIterationTime(whole.time([&] { benchmark::DoNotOptimize(simulator.run(batch)); }));
    tiled.time([&] {
      for (auto &p : list)
        for (std::size_t n = 0; n < p.times; ++n)
          numeric::product<float>(1.f, {p.a, p.ta}, {p.b, p.tb}, 0.f, p.c, threads);
    });
    openblas_set_num_threads(threads);
    blas.time([&] {
      for (auto &p : list)
        for (std::size_t n = 0; n < p.times; ++n) by_one_call(p);
    });
    numeric::use_one_blas_thread();
  }
  state.counters["GFLOP/s"] = operations / whole.seconds() / 1e9;
  state.counters["BLAS_GFLOP/s"] = operations / blas.seconds() / 1e9;
  state.counters["products/BLAS_%"] = 100 * blas.seconds() / tiled.seconds();
  state.counters["circuit/BLAS_%"] = 100 * blas.seconds() / whole.seconds();
  state.counters["outside_%"] = 100 * (1 - tiled.seconds() / whole.seconds());
}

BENCHMARK_CAPTURE(dense_circuit, simulate, false)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dense_circuit, backprop, true)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
