// Representational similarity analysis of regions and an area.
#include "comparison/method_parts.hpp"
#include "measures/model_performance.hpp"
#include "measures/multiple_comparisons.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa_bootstrap.hpp"
#include "measures/rsa_inference.hpp"
#include "measures/rsa_permutation.hpp"

#include <stdexcept>

namespace engram::comparison {

namespace {

measures::RdmComparison comparison_of(const std::string &name) {
  using measures::RdmComparison;
  if (name == "pearson") return RdmComparison::pearson;
  if (name == "kendall") return RdmComparison::kendall_tau_a;
  if (name == "cosine") return RdmComparison::cosine;
  if (name == "whitened_cosine") return RdmComparison::whitened_cosine;
  return RdmComparison::spearman;
}

arma::mat pairs_of(const arma::cube &rdms) {
  arma::mat pairs(rdms.n_rows * (rdms.n_rows - 1) / 2, rdms.n_slices);
  for (std::size_t s = 0; s < rdms.n_slices; ++s) pairs.col(s) = measures::upper_triangle(rdms.slice(s));
  return pairs;
}

} // namespace

arma::cube rdms_of(const Area &area, const std::string &kind, int threads) {
  if (!area.rdms.is_empty()) return area.rdms;
  arma::cube out(area.condition_count, area.condition_count, 1);
  const arma::cube repeats = over_time(responses_of(area));
  if (kind == "crossnobis") {
    const arma::cube complete = complete_repeats(repeats);
    if (complete.n_slices < 2) throw std::invalid_argument(area.name + " has no two repeats of each condition");
    out.slice(0) = measures::crossnobis_rdm(
        complete, measures::noise_precision(measures::noise_covariance(complete).covariance), threads);
  } else {
    const arma::mat means = over_repeats(repeats);
    out.slice(0) =
        kind == "euclidean" ? measures::euclidean_rdm(means, threads) : measures::correlation_rdm(means, threads);
  }
  return out;
}

void similarity_of_dissimilarities(const Config &config, const Method &method, const Area &area,
                                   const std::vector<Area> &regions, Comparison &out, const Progress &progress) {
  const auto how = comparison_of(method.by);
  if (how == measures::RdmComparison::whitened_cosine)
    out.notes.push_back("rsa: whitened_cosine takes the noise of the conditions as independent and of one size, not as "
                        "their repeats show it");
  const arma::mat subjects = pairs_of(rdms_of(area, method.rdm, progress.threads));
  arma::mat models(subjects.n_rows, regions.size());
  for (std::size_t m = 0; m < regions.size(); ++m)
    models.col(m) = measures::pooled_rdm(pairs_of(rdms_of(regions[m], method.rdm, progress.threads)), how);
  const arma::rowvec performance = measures::model_performance(models, subjects, how);
  const bool several = subjects.n_cols > 1;
  measures::NoiseCeiling ceiling{absent, absent};
  if (several) ceiling = measures::noise_ceiling(subjects, how);
  const measures::Bootstrap bootstrap{several ? measures::Resample::both : measures::Resample::conditions,
                                      config.bootstrap, config.seed, progress.threads};
  arma::mat samples;
  if (config.bootstrap > 0) samples = measures::bootstrap_performance(models, subjects, how, bootstrap);
  for (std::size_t m = 0; m < regions.size(); ++m) {
    Result result;
    result.method = "rsa";
    result.region = regions[m].name;
    result.area = area.name;
    result.value = performance[m];
    if (!samples.is_empty()) result.ci = measures::finite_percentile_interval(samples.col(m), config.confidence);
    result.ceiling = {ceiling.lower, ceiling.upper};
    result.conditions = area.condition_count;
    result.neurons = area.responses ? area.responses->neuron_count() : 0;
    if (config.permutations > 0)
      result.p =
          measures::permutation_test(models.col(m), subjects, how, {config.permutations, config.seed, progress.threads})
              .p;
    out.results.push_back(std::move(result));
  }
  if (samples.is_empty() || regions.size() < 2) return;
  const auto differences = measures::compare_models(models, subjects, how, bootstrap, config.confidence);
  arma::vec p(differences.size());
  for (std::size_t k = 0; k < differences.size(); ++k) p[k] = differences[k].p;
  const arma::vec corrected = measures::holm(p);
  for (std::size_t k = 0; k < differences.size(); ++k) {
    const auto &d = differences[k];
    out.contrasts.push_back(
        {"rsa", area.name, regions[d.first].name, regions[d.second].name, d.difference, d.interval, d.p, corrected[k]});
  }
}

} // namespace engram::comparison
