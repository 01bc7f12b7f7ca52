// rsa is representational similarity analysis: the correlation of the dissimilarities of regions with those of an area.
#include "measures/model_performance.hpp"
#include "measures/multiple_comparisons.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa_bootstrap.hpp"
#include "measures/rsa_inference.hpp"
#include "measures/rsa_permutation.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/rdms.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

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

bool whitens(const std::string &comparison) { return comparison.starts_with("whitened_"); }

arma::mat pairs_of(const arma::cube &rdms) {
  arma::mat pairs(rdms.n_rows * (rdms.n_rows - 1) / 2, rdms.n_slices);
  for (std::size_t s = 0; s < rdms.n_slices; ++s) pairs.col(s) = measures::upper_triangle(rdms.slice(s));
  return pairs;
}

// By subject.
arma::mat pairs_of(const Population &population, const Call &call, bool of_recording) {
  arma::mat all;
  const auto &kind = call.settings.word("rdm");
  for (const Area *area : population.subjects) {
    const arma::cube rdms = rdms_of(*area, kind, call.progress.threads, call.found.notes);
    if (area->responses && area->conditions.size() == rdms.n_rows && rdms.n_slices == 1) {
      Table matrix = pair_table("rsa." + kind, *area, "condition", area->conditions, rdms.slice(0));
      matrix.area = side_name(of_recording, area->name);
      call.found.matrices.push_back(std::move(matrix));
    }
    all = arma::join_rows(all, pairs_of(rdms));
  }
  return all;
}

// Says of which pairs of conditions a region or area has no dissimilarity, as of patterns that are constant.
void tell_undefined(const Population &of, const arma::mat &pairs, const Call &call) {
  const arma::vec all = arma::sum(pairs, 1); // NaN where any subject's is
  const arma::mat rdm = measures::rdm_of_pairs(all);
  const auto undefined = all.n_elem - arma::uvec(arma::find_finite(all)).n_elem;
  if (undefined == 0) return;
  std::vector<std::string> without;
  for (arma::uword c = 0; c < rdm.n_rows; ++c)
    if (arma::uvec(arma::find_nonfinite(rdm.col(c))).n_elem + 1 == rdm.n_rows) // but the one with itself
      without.push_back(c < call.found.conditions.size() ? call.found.conditions[c] : std::to_string(c + 1));
  constexpr std::size_t most = 5;
  const std::string more = without.size() > most ? fmt::format(" and {} others", without.size() - most) : "";
  without.resize(std::min(without.size(), most));
  call.found.notes.push_back(
      fmt::format("rsa {}: {} of {} pairs of conditions have no {} dissimilarity and are left out of both sides{}",
                  of.name, undefined, all.n_elem, call.settings.word("rdm"),
                  without.empty() ? "" : fmt::format(": all pairs of condition {}{}", fmt::join(without, ", "), more)));
}

// Conditions of which some pair has a dissimilarity on both sides.
std::size_t conditions_compared(const arma::mat &models, const arma::mat &subjects) {
  const arma::mat rdm = measures::rdm_of_pairs(arma::sum(models, 1) + arma::sum(subjects, 1));
  std::size_t count = 0;
  for (arma::uword c = 0; c < rdm.n_rows; ++c) count += arma::uvec(arma::find_finite(rdm.col(c))).n_elem > 1;
  return count;
}

// A value, or an interval, that is not there has its reason.
void tell_absent(const Result &result, bool drawn, std::vector<std::string> &notes) {
  const std::string subject = "rsa " + result.region + ", " + result.area + ": ";
  if (!std::isfinite(result.value))
    notes.push_back(subject + "no value: the dissimilarities of one side are all alike");
  else if (drawn && !std::isfinite(result.ci.low))
    notes.push_back(fmt::format("{}no interval: of {} conditions, most that are drawn with replacement have no value",
                                subject, result.conditions));
}

// Of the noise that the repeats of an area show, the mean over its subjects.
measures::RdmWhitening whitening_of(const std::string &noise_kind, const Population &area) {
  if (noise_kind == "equal") return {};
  arma::mat noise;
  for (const Area *subject : area.subjects) {
    const arma::cube repeats = over_time(responses_of(*subject));
    const arma::mat own = noise_kind == "independent" ? measures::independent_condition_noise(repeats)
                                                      : measures::correlated_condition_noise(repeats);
    noise = noise.is_empty() ? own : arma::mat(noise + own);
  }
  return measures::RdmWhitening(noise / static_cast<double>(area.subjects.size()));
}

measures::Resample resample_of(const std::string &name, const Population &area, bool several) {
  if (name == "conditions" || (name.empty() && !several)) return measures::Resample::conditions;
  if (!several) throw measures::NotApplicable(area.name + " has one subject, which cannot be drawn again");
  return name == "subjects" ? measures::Resample::subjects : measures::Resample::both;
}

// All regions against one area. The dissimilarities of the subjects of a region are pooled; those of an area are
// compared one by one.
void compare_dissimilarities(const Call &call, const std::vector<Population> &regions, const Population &area) {
  const auto &config = call.config;
  const auto &settings = call.settings;
  const auto &by = settings.word("by"), &noise = settings.word("noise");
  const int threads = call.progress.threads;
  auto &out = call.found;
  if (area.subjects.front()->condition_count < 3) throw measures::NotApplicable("needs three conditions at least");
  const arma::mat subjects = pairs_of(area, call, true);
  tell_undefined(area, subjects, call);
  const measures::RdmSimilarity how{comparison_of(by), whitening_of(noise, area)};
  if (whitens(by) && noise == "equal")
    out.notes.push_back("rsa: " + by +
                        " takes the noise of the conditions as independent and of one size; "
                        "'noise' says otherwise");
  arma::mat models(subjects.n_rows, regions.size());
  for (std::size_t m = 0; m < regions.size(); ++m) {
    const arma::mat pairs = pairs_of(regions[m], call, false);
    tell_undefined(regions[m], pairs, call);
    models.col(m) = measures::pooled_rdm(pairs, how);
  }
  const arma::rowvec performance = measures::model_performance(models, subjects, how);
  const bool several = subjects.n_cols > 1;
  measures::NoiseCeiling ceiling{absent, absent};
  if (several) ceiling = measures::noise_ceiling(subjects, how);
  const measures::Bootstrap bootstrap{resample_of(settings.word("resample"), area, several), config.bootstrap,
                                      config.seed, threads};
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
    result.conditions = conditions_compared(models, subjects);
    for (const Area *subject : area.subjects)
      result.neurons += subject->responses ? subject->responses->neuron_count() : 0;
    if (config.permutations > 0)
      result.p =
          measures::permutation_test(models.col(m), subjects, how, {config.permutations, config.seed, threads}).p;
    tell_absent(result, !samples.is_empty(), out.notes);
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

std::vector<Conflict> check_noise(const Settings &settings) {
  if (settings.given("noise") && !whitens(settings.word("by")))
    return {{"noise", "is of comparisons 'by' whitened_cosine or whitened_pearson"}};
  return {};
}

} // namespace

MethodEntry rsa_method() {
  return {
      .words = {.name = "rsa",
                .help = "correlation of the dissimilarities of all pairs of conditions",
                .reference = "Kriegeskorte et al. 2008",
                .interval =
                    "bootstrap over conditions, and over subjects where there are several (or as `resample` says)",
                .parameters =
                    {word("rdm", {"correlation", "euclidean", "mahalanobis", "crossnobis"}, "correlation",
                          "dissimilarity: 1 - Pearson's correlation, or a squared distance over the number of neurons, "
                          "as in rsatoolbox"),
                     word("by", {"pearson", "spearman", "kendall", "cosine", "whitened_cosine", "whitened_pearson"},
                          "spearman",
                          "how dissimilarities are compared; kendall is tau-a (Nili et al. 2014), where SciPy's "
                          "default is tau-b"),
                     word("noise", {"equal", "independent", "correlated"}, "equal",
                          "of the conditions, by which a comparison whitens: of one size, of the size that the area's "
                          "repeats show, or correlated too, where repeat k of all was one run"),
                     word("resample", {"conditions", "subjects", "both"}, "",
                          "what the bootstrap draws; conditions, and subjects where there are several, unless given")}},
      .place = 10,
      .compare_populations = compare_dissimilarities,
      .check = check_noise};
}

} // namespace engram::recordings
