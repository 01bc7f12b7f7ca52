#include "measures/rsa_bootstrap.hpp"

#include "measures/folds.hpp"
#include "measures/model_performance.hpp"
#include "measures/rdm.hpp"
#include "measures/weighted_rdms.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace engram::measures {

namespace {

using Drawn = std::vector<std::size_t>;

Drawn draw(const numeric::Random &random, std::size_t count, std::size_t sample) {
  Drawn drawn(count);
  for (std::size_t k = 0; k < count; ++k)
    drawn[k] = std::min(count - 1, static_cast<std::size_t>(random.uniform(k, sample) * static_cast<double>(count)));
  return drawn;
}

// How often each was drawn.
arma::vec times_of(const Drawn &drawn) {
  arma::vec times(drawn.size(), arma::fill::zeros);
  for (const std::size_t k : drawn) ++times[k];
  return times;
}

numeric::Random stream(const Bootstrap &bootstrap, const char *what) {
  return {bootstrap.seed, numeric::Purpose::resample, numeric::name_key(what)};
}

// Performance by giving each pair a weight.
class ByWeights {
public:
  ByWeights(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how)
      : present_(present(models.col(0))), models_(models.rows(present_.rows), how.comparison),
        subjects_(subjects.rows(present_.rows), how.comparison) {}

  /// subjects: how much each of them counts.
  arma::vec operator()(const Drawn &conditions, const arma::vec &subjects) const {
    const arma::vec times = times_of(conditions);
    const arma::vec weights = times(present_.first) % times(present_.second);
    arma::vec mean(weights.n_elem, arma::fill::zeros);
    for (std::size_t s = 0; s < subjects_.count(); ++s)
      if (subjects[s] > 0) mean += subjects_.normalised(s, weights) * double{subjects[s]};
    mean %= weights;
    arma::vec performance(models_.count());
    for (std::size_t m = 0; m < models_.count(); ++m)
      performance[m] = weights.is_zero() ? std::numeric_limits<double>::quiet_NaN()
                                         : arma::dot(models_.normalised(m, weights), mean);
    return performance;
  }

private:
  struct Present { // pairs that are not NaN: their places, and their two conditions
    arma::uvec rows, first, second;
  };
  static Present present(const arma::vec &rdm) {
    std::vector<arma::uword> rows, first, second;
    const std::size_t conditions = conditions_of(rdm.n_elem);
    arma::uword row = 0;
    for (std::size_t i = 0; i < conditions; ++i)
      for (std::size_t j = i + 1; j < conditions; ++j, ++row)
        if (!std::isnan(rdm[row])) {
          rows.push_back(row);
          first.push_back(i);
          second.push_back(j);
        }
    return {rows, first, second};
  }

  Present present_;
  WeightedRdms models_, subjects_;
};

// Performance by writing out the RDMs of the drawn conditions.
class ByRdms {
public:
  ByRdms(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how)
      : models_(squares(models)), subjects_(squares(subjects)), how_(how) {}

  arma::vec operator()(const Drawn &conditions, const arma::vec &subjects) const {
    const RdmSimilarity how{how_.comparison, how_.whitening.drawn(conditions)};
    return model_similarities(of_drawn(models_, conditions), of_drawn(subjects_, conditions), how) * subjects;
  }

private:
  static std::vector<arma::mat> squares(const arma::mat &rdms) {
    std::vector<arma::mat> out;
    for (std::size_t k = 0; k < rdms.n_cols; ++k) out.push_back(rdm_of_pairs(rdms.col(k)));
    return out;
  }
  static arma::mat of_drawn(const std::vector<arma::mat> &rdms, const Drawn &drawn) {
    const std::size_t conditions = drawn.size();
    arma::mat out(conditions * (conditions - 1) / 2, rdms.size());
    for (std::size_t r = 0; r < rdms.size(); ++r) {
      double *to = out.colptr(r);
      for (std::size_t i = 0; i < conditions; ++i)
        for (std::size_t j = i + 1; j < conditions; ++j)
          *to++ = drawn[i] == drawn[j] ? std::numeric_limits<double>::quiet_NaN() : rdms[r].at(drawn[j], drawn[i]);
    }
    return out;
  }

  std::vector<arma::mat> models_, subjects_;
  const RdmSimilarity &how_;
};

template <class Performance>
arma::mat of_samples(const Performance &performance, std::size_t conditions, std::size_t subjects, std::size_t models,
                     const Bootstrap &bootstrap) {
  const auto of_conditions = stream(bootstrap, "conditions"), of_subjects = stream(bootstrap, "subjects");
  const auto share = 1 / static_cast<double>(subjects);
  arma::mat out(models, bootstrap.samples);
  for_each_part(bootstrap.threads, bootstrap.samples, [&](std::size_t sample) {
    arma::vec counts(subjects, arma::fill::ones);
    if (bootstrap.resample == Resample::both) counts = times_of(draw(of_subjects, subjects, sample));
    const Drawn drawn = draw(of_conditions, conditions, sample);
    if (arma::accu(times_of(drawn) > 0) < 3)
      out.col(sample).fill(std::numeric_limits<double>::quiet_NaN());
    else
      out.col(sample) = performance(drawn, counts * share);
  });
  return out.t();
}

arma::mat of_drawn_subjects(const arma::mat &similarities, const Bootstrap &bootstrap) {
  const auto random = stream(bootstrap, "subjects");
  arma::mat counts(similarities.n_cols, bootstrap.samples);
  for (std::size_t sample = 0; sample < bootstrap.samples; ++sample)
    counts.col(sample) = times_of(draw(random, similarities.n_cols, sample));
  return (similarities * counts / static_cast<double>(similarities.n_cols)).t();
}

} // namespace

arma::mat bootstrap_performance(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how,
                                const Bootstrap &bootstrap) {
  const std::size_t conditions = conditions_of(models, subjects);
  arma::mat m = models, s = subjects;
  share_missing_pairs(m, s);
  if (bootstrap.resample == Resample::subjects) return of_drawn_subjects(model_similarities(m, s, how), bootstrap);
  if (WeightedRdms::can(how.comparison))
    return of_samples(ByWeights(m, s, how), conditions, s.n_cols, m.n_cols, bootstrap);
  return of_samples(ByRdms(m, s, how), conditions, s.n_cols, m.n_cols, bootstrap);
}

} // namespace engram::measures
