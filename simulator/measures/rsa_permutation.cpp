#include "measures/rsa_permutation.hpp"

#include "measures/folds.hpp"
#include "measures/model_performance.hpp"
#include "measures/rdm.hpp"
#include "measures/unknown.hpp"
#include "numeric/random.hpp"

#include <cmath>
#include <numeric>
#include <vector>

namespace engram::measures {

namespace {

using Labels = std::vector<std::size_t>;

// A similarity other than Kendall's τ is the product of a vector of the model with one of the subject, and a
// relabelling of the conditions goes through to these vectors.
struct Sides {
  arma::vec model, subject;
};

// Noise that is given stays with the subjects' conditions, so the length of the model changes with the labels.
bool has_sides(const RdmSimilarity &how) {
  return how.comparison != RdmComparison::kendall_tau_a && how.comparison != RdmComparison::kendall_tau_b &&
         how.whitening.equal();
}

Sides sides(const arma::vec &rdm, const RdmSimilarity &like) {
  const auto how = like.comparison;
  arma::vec x = how == RdmComparison::spearman ? average_ranks(rdm) : rdm;
  if (how == RdmComparison::pearson || how == RdmComparison::spearman || how == RdmComparison::whitened_pearson) {
    x -= double{x[0]}; // all 0 where all are alike
    x -= arma::mean(x);
  }
  const bool whitens = how == RdmComparison::whitened_cosine || how == RdmComparison::whitened_pearson;
  const arma::vec y = whitens ? like.whitening(x) : x;
  const double square = arma::dot(x, y);
  const double scale = square > 0 ? 1 / std::sqrt(square) : unknown;
  return {x * scale, y * scale};
}

// Σ_{i<j} A(π_i, π_j) B(i, j) of symmetric A and B.
double relabelled_product(const arma::mat &A, const Labels &labels, const arma::mat &B) {
  double sum = 0;
  for (std::size_t j = 0; j < B.n_cols; ++j) {
    const double *a = A.colptr(labels[j]), *b = B.colptr(j);
    double column = 0;
    for (std::size_t i = 0; i < j; ++i) column += a[labels[i]] * b[i];
    sum += column;
  }
  return sum;
}

arma::vec relabelled(const arma::mat &rdm, const Labels &labels) {
  arma::vec pairs(labels.size() * (labels.size() - 1) / 2);
  double *to = pairs.memptr();
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t j = i + 1; j < labels.size(); ++j) *to++ = rdm.at(labels[i], labels[j]);
  return pairs;
}

template <class Performance>
PermutationTest tested(const Performance &performance, std::size_t conditions, const Permutations &permutations) {
  Labels as_they_are(conditions);
  std::iota(as_they_are.begin(), as_they_are.end(), std::size_t{0});
  PermutationTest test;
  test.performance = performance(as_they_are);
  test.null.set_size(permutations.samples);
  const numeric::Random random{permutations.seed, numeric::Purpose::shuffle, numeric::name_key("conditions")};
  for_each_part(permutations.threads, permutations.samples, [&](std::size_t sample) {
    test.null[sample] = performance(numeric::permutation(random, conditions, sample));
  });
  // A relabelling that changes nothing gives the same sum in another order.
  const double least = test.performance - 1e-12;
  std::size_t as_large = 0;
  for (const double v : test.null) as_large += v >= least;
  const auto all = static_cast<double>(1 + permutations.samples);
  test.p = std::isnan(test.performance) ? unknown : static_cast<double>(1 + as_large) / all;
  return test;
}

} // namespace

PermutationTest permutation_test(const arma::vec &model, const arma::mat &subjects, const RdmSimilarity &how,
                                 const Permutations &permutations) {
  const std::size_t conditions = conditions_of(model, subjects);
  if (!has_sides(how) || model.has_nan() || subjects.has_nan()) {
    const arma::mat rdm = rdm_of_pairs(model);
    return tested(
        [&](const Labels &labels) {
          return arma::accu(model_similarities(relabelled(rdm, labels), subjects, how)) /
                 static_cast<double>(subjects.n_cols);
        },
        conditions, permutations);
  }
  arma::vec mean(model.n_elem, arma::fill::zeros);
  for (std::size_t s = 0; s < subjects.n_cols; ++s) mean += sides(subjects.col(s), how).subject;
  mean /= static_cast<double>(subjects.n_cols);
  const arma::mat A = rdm_of_pairs(sides(model, how).model), B = rdm_of_pairs(mean);
  return tested([&](const Labels &labels) { return relabelled_product(A, labels, B); }, conditions, permutations);
}

} // namespace engram::measures
