// This prints the seconds that each measure takes, as "NAME SECONDS" lines. measures.py compares them with NumPy and
// scikit-learn. Usage: measures_times THREADS
#include "measures/cka.hpp"
#include "measures/folds.hpp"
#include "measures/rdm.hpp"
#include "measures/ridge.hpp"
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <cstdio>
#include <cstdlib>

using namespace engram;

namespace {

double sink = 0; // what is computed is used

template <class F> void report(const char *name, int rounds, F &&f) {
  benchmarks::Shortest shortest;
  for (int k = 0; k < rounds; ++k) shortest.time(f);
  std::printf("%s %.6f\n", name, shortest.seconds());
}

} // namespace

int main(int argc, char *argv[]) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  numeric::use_one_blas_thread(); // the measures cut their products into tiles themselves
  arma::arma_rng::set_seed(1);
  const arma::mat X(1000, 5000, arma::fill::randn), Y(1000, 5000, arma::fill::randn);
  report("rdm_correlation", 5, [&] { sink += measures::correlation_rdm(X, threads)(1, 0); });
  report("rdm_euclidean", 5, [&] { sink += measures::euclidean_rdm(X, threads)(1, 0); });
  report("cka", 5, [&] { sink += measures::linear_cka(X, Y, threads); });
  const arma::mat features(1000, 2000, arma::fill::randn), responses(1000, 300, arma::fill::randn);
  const auto folds = measures::make_folds(1000, 5, 1);
  const arma::vec penalties = arma::logspace(-1, 6, 10);
  report("ridge", 2, [&] {
    sink += measures::ridge_predict(measures::ridge_folds(features, folds, threads), responses, penalties,
                                    measures::PenaltyChoice::per_response, threads)
                .predicted(0, 0);
  });
  std::fprintf(stderr, "(%g)\n", sink);
}
