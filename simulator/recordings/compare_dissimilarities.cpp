// similarity_of_dissimilarities() is representational similarity analysis of regions with one area.
#include "measures/model_performance.hpp"
#include "measures/multiple_comparisons.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa_bootstrap.hpp"
#include "measures/rsa_inference.hpp"
#include "measures/rsa_permutation.hpp"
#include "recordings/method_parts.hpp"

#include <algorithm>

namespace engram::recordings {

namespace {

measures::RdmComparison comparison_of(const std::string &name) {
  using measures::RdmComparison;
  if (name == "pearson") return RdmComparison::pearson;
  if (name == "kendall") return RdmComparison::kendall_tau_a;
  if (name == "cosine") return RdmComparison::cosine;
  if (name == "whitened_cosine") return RdmComparison::whitened_cosine;
  if (name == "whitened_pearson") return RdmComparison::whitened_pearson;
  return RdmComparison::spearman;
}

arma::mat pairs_of(const arma::cube &rdms) {
  arma::mat pairs(rdms.n_rows * (rdms.n_rows - 1) / 2, rdms.n_slices);
  for (std::size_t s = 0; s < rdms.n_slices; ++s) pairs.col(s) = measures::upper_triangle(rdms.slice(s));
  return pairs;
}

// By subject.
arma::mat pairs_of(const Population &population, const std::string &kind, int threads) {
  arma::mat all;
  for (const Area *area : population.subjects) all = arma::join_rows(all, pairs_of(rdms_of(*area, kind, threads)));
  return all;
}

// Of the noise that the repeats of an area show, the mean over its subjects.
measures::RdmWhitening whitening_of(const Method &method, const Population &area) {
  if (method.noise == "equal") return {};
  arma::mat noise;
  for (const Area *subject : area.subjects) {
    const arma::cube repeats = over_time(responses_of(*subject));
    const arma::mat own = method.noise == "independent"
                              ? measures::independent_condition_noise(repeats)
                              : measures::correlated_condition_noise(complete_repeats(repeats));
    noise = noise.is_empty() ? own : arma::mat(noise + own);
  }
  return measures::RdmWhitening(noise / static_cast<double>(area.subjects.size()));
}

measures::Resample resample_of(const std::string &name, const Population &area, bool several) {
  if (name == "conditions" || (name.empty() && !several)) return measures::Resample::conditions;
  if (!several) throw measures::NotApplicable(area.name + " has one subject, which cannot be drawn again");
  return name == "subjects" ? measures::Resample::subjects : measures::Resample::both;
}

} // namespace

std::vector<Population> populations(const std::vector<Area> &areas) {
  std::vector<Population> out;
  for (const auto &area : areas) {
    const auto known = std::find_if(out.begin(), out.end(), [&](const Population &p) {
      return !area.common.empty() && p.subjects.front()->common == area.common;
    });
    if (known == out.end())
      out.push_back({area.common.empty() ? area.name : area.common, {&area}});
    else
      known->subjects.push_back(&area);
  }
  return out;
}

arma::cube rdms_of(const Area &area, const std::string &kind, int threads) {
  if (!area.rdms.is_empty()) return area.rdms;
  arma::cube out(area.condition_count, area.condition_count, 1);
  const arma::cube repeats = over_time(responses_of(area));
  if (kind == "crossnobis" || kind == "mahalanobis") {
    const arma::cube complete = complete_repeats(repeats);
    if (complete.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of each condition");
    const arma::mat precision = measures::noise_precision(measures::noise_covariance(complete).covariance);
    out.slice(0) = kind == "crossnobis" ? measures::crossnobis_rdm(complete, precision, threads)
                                        : measures::mahalanobis_rdm(over_repeats(repeats), precision, threads);
  } else {
    const arma::mat means = over_repeats(repeats);
    out.slice(0) =
        kind == "euclidean" ? measures::euclidean_rdm(means, threads) : measures::correlation_rdm(means, threads);
  }
  return out;
}

void similarity_of_dissimilarities(const Config &config, const Method &method, const Population &area,
                                   const std::vector<Population> &regions, Comparison &out, const Progress &progress) {
  const arma::mat subjects = pairs_of(area, method.rdm, progress.threads);
  const measures::RdmSimilarity how{comparison_of(method.by), whitening_of(method, area)};
  if (method.by.starts_with("whitened_") && method.noise == "equal")
    out.notes.push_back("rsa: " + method.by +
                        " takes the noise of the conditions as independent and of one size; "
                        "'noise' says otherwise");
  arma::mat models(subjects.n_rows, regions.size());
  for (std::size_t m = 0; m < regions.size(); ++m)
    models.col(m) = measures::pooled_rdm(pairs_of(regions[m], method.rdm, progress.threads), how);
  const arma::rowvec performance = measures::model_performance(models, subjects, how);
  const bool several = subjects.n_cols > 1;
  measures::NoiseCeiling ceiling{absent, absent};
  if (several) ceiling = measures::noise_ceiling(subjects, how);
  const measures::Bootstrap bootstrap{resample_of(method.resample, area, several), config.bootstrap, config.seed,
                                      progress.threads};
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
    result.conditions = area.subjects.front()->condition_count;
    for (const Area *subject : area.subjects)
      result.neurons += subject->responses ? subject->responses->neuron_count() : 0;
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

} // namespace engram::recordings
