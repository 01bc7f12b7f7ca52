// These tests compare the decoding of labels from single trials with scikit-learn, and with the ideal observer.
#include "measures/decoding.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {

const numeric::Random label_draws{8, numeric::Purpose::noise, 0};

arma::mat label_noise(arma::uword rows, arma::uword columns, std::uint64_t which) {
  arma::mat out(rows, columns);
  label_draws.normals(out.memptr(), out.n_elem, which);
  return out;
}

arma::uvec two_labels(arma::uword trials) {
  arma::uvec out(trials);
  for (arma::uword k = 0; k < trials; ++k) out[k] = k % 2;
  return out;
}

} // namespace

// LinearDiscriminantAnalysis(solver="lsqr"), NearestCentroid and RidgeClassifierCV of scikit-learn in the same folds.
TEST_CASE("labels are decoded as scikit-learn decodes them", "[measures]") {
  const auto all = load("decoding");
  for (const std::string shape : {"tall", "wide"})
    for (const std::string name : {"shrunk", "ledoit_wolf", "centroid", "ridge"}) {
      INFO(shape << ", " << name);
      const auto &r = all[shape];
      DecodingOptions options;
      options.decoder = name == "centroid" ? Decoder::nearest_centroid
                        : name == "ridge"  ? Decoder::ridge
                                           : Decoder::linear_discriminant;
      if (name == "shrunk") options.shrinkage = 0.3;
      options.penalties = vector(r["penalties"]);
      const arma::uvec labels = indices(r["labels"]);
      const auto found = decode(matrix(r["x"]), labels, folds(r["held_out"], labels.n_elem), options);
      const auto &expected = r[name];
      CHECK(arma::all(found.decoded == indices(expected["decoded"])));
      CHECK(off(arma::conv_to<arma::mat>::from(found.confusion), matrix(expected["confusion"])) == 0);
      CHECK(found.accuracy == Approx(expected["accuracy"].get<double>()).epsilon(1e-14));
      CHECK(found.balanced == Approx(expected["balanced"].get<double>()).epsilon(1e-14));
      CHECK(arma::all(found.labels == arma::uvec{2, 5, 9}));
      CHECK(std::isnan(found.p));
    }
}

TEST_CASE("shrinkage is that of Ledoit and Wolf", "[measures]") {
  const auto all = load("decoding");
  for (const std::string shape : {"tall", "wide"}) {
    const arma::mat x = matrix(all[shape]["x"]);
    CHECK(ledoit_wolf_shrinkage(x.each_row() - arma::mean(x, 0)) ==
          Approx(all[shape]["whole_shrinkage"].get<double>()).epsilon(1e-12));
  }
}

// Two Gaussian classes whose means lie d standard deviations apart are told apart with probability Φ(d / 2).
TEST_CASE("accuracy comes near that of the ideal observer", "[measures]") {
  const arma::uvec labels = two_labels(2000);
  const double d = 2, ideal = 0.5 * std::erfc(-d / 2 / std::sqrt(2));
  // Noise of the two neurons is correlated: a nearest centroid does not see it.
  const arma::mat mix{{1, 0.9}, {0, std::sqrt(1 - 0.81)}}; // x = z mix: unit variances, correlation 0.9
  arma::mat x = label_noise(2000, 2, 1) * mix;
  // d² = δ² (1 + 1 + 2 · 0.9) / (1 − 0.81) for means ±δ/2 (1, −1)
  const double delta = d * std::sqrt((1 - 0.81) / 3.8);
  for (arma::uword k = 0; k < 2000; ++k) x.row(k) += (labels[k] ? 0.5 : -0.5) * delta * arma::rowvec{1, -1};
  DecodingOptions options;
  const double linear = decode(x, labels, options).accuracy;
  options.decoder = Decoder::ridge;
  const double ridge = decode(x, labels, options).accuracy;
  CHECK(linear == Approx(ideal).margin(0.025)); // binomial, 3 standard deviations
  CHECK(ridge == Approx(ideal).margin(0.025));
}

TEST_CASE("independent labels are decoded at chance", "[measures]") {
  for (const auto decoder : {Decoder::linear_discriminant, Decoder::nearest_centroid, Decoder::ridge}) {
    double accuracy = 0;
    DecodingOptions options;
    options.decoder = decoder;
    for (std::uint64_t k = 0; k < 40; ++k) {
      options.seed = k;
      accuracy += decode(label_noise(60, 5, 100 + k), two_labels(60), options).accuracy / 40;
    }
    CHECK(accuracy == Approx(0.5).margin(0.05));
  }
}

// 200 repetitions at 5 % (1 of 20): between 3 and 19 of them have a probability of 0.995 (binomial). Ties of accuracies
// make the test conservative: 41 trials keep them few.
TEST_CASE("a permutation test of decoding has its nominal rate of false positives, and finds a code", "[measures]") {
  for (const auto decoder : {Decoder::linear_discriminant, Decoder::nearest_centroid, Decoder::ridge}) {
    DecodingOptions options;
    options.decoder = decoder;
    options.folds = 3;
    options.permutations = 19;
    options.penalties = {1, 10};
    std::size_t positives = 0;
    for (std::uint64_t k = 0; k < 200; ++k) {
      options.seed = k;
      positives += decode(label_noise(41, 3, 1000 + k), two_labels(41), options).p <= 0.05;
    }
    CHECK(positives >= 2);
    CHECK(positives <= 19);
    arma::mat x = label_noise(41, 3, 2);
    x.col(1) += 4 * arma::conv_to<arma::vec>::from(two_labels(41));
    CHECK(decode(x, two_labels(41), options).p == Approx(0.05));
  }
}

TEST_CASE("decoding has the same bits at any number of threads", "[measures]") {
  const arma::mat x = label_noise(50, 20, 3);
  for (const auto decoder : {Decoder::linear_discriminant, Decoder::nearest_centroid, Decoder::ridge}) {
    DecodingOptions options;
    options.decoder = decoder;
    options.permutations = 9;
    const auto one = decode(x, two_labels(50), options);
    options.threads = 3;
    const auto three = decode(x, two_labels(50), options);
    CHECK(arma::all(one.decoded == three.decoded));
    CHECK(arma::all(one.null == three.null));
  }
}

// Regular firing: a neuron that has one response to each label tells it without error, beside one that is noise.
TEST_CASE("neurons that never vary within labels are decoded", "[measures]") {
  const arma::uvec labels = two_labels(40);
  arma::mat x = label_noise(40, 2, 6);
  for (arma::uword k = 0; k < 40; ++k) x(k, 0) = labels[k] == labels[0] ? 10 : 20;
  for (const double size : {1.0, 1e-4}) { // of the noise
    arma::mat responses = x;
    responses.col(1) *= size;
    CHECK(decode(responses, labels).accuracy == 1);
  }
  x.col(1) = 2 * x.col(0);
  const auto found = decode(x, labels);
  CHECK(found.singular);
  CHECK(found.accuracy == 1);
  CHECK(decode(arma::repmat(x, 1, 30), labels).accuracy == 1); // more neurons than trials
  DecodingOptions options;
  options.shrinkage = 0.1;
  CHECK_THROWS_AS(decode(x, labels, options), NotApplicable); // asked for as it is
}

TEST_CASE("decoding refuses what it cannot do", "[measures]") {
  const arma::mat x = label_noise(12, 4, 4);
  const arma::uvec labels = two_labels(12);
  CHECK_THROWS_AS(decode(x, labels.head(11)), std::invalid_argument);
  CHECK_THROWS_AS(decode(x, arma::uvec(12, arma::fill::ones)), NotApplicable);
  arma::uvec rare = labels;
  rare[0] = 7; // the only one
  CHECK_THROWS_AS(decode(x, rare), NotApplicable);
  DecodingOptions options;
  options.shrinkage = 1.5;
  CHECK_THROWS_AS(decode(x, labels, options), std::invalid_argument);
  options.shrinkage = 0; // ten training trials of twenty neurons
  CHECK_THROWS_AS(decode(label_noise(12, 20, 5), labels, options), NotApplicable);
  options.shrinkage.reset();
  CHECK_NOTHROW(decode(label_noise(12, 20, 5), labels, options));
  CHECK_THROWS_AS(decode(0 * x, labels, options), NotApplicable); // nothing varies
  CHECK_FALSE(decode(x, labels, options).singular);
  arma::mat broken = x;
  broken(2, 2) = arma::datum::nan;
  CHECK_THROWS_AS(decode(broken, labels), NotApplicable);
}
