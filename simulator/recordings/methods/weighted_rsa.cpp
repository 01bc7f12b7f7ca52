// weighted_rsa asks how much of an area's dissimilarities a sum of those of several regions, or of the neurons of one,
// has, whose weights were fitted on other conditions.
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/weighted_model.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/rdms.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

constexpr std::size_t most_parts = 2000;

// What the dissimilarities of a model are made of.
struct WeightedParts {
  std::string model;              // what it is called
  std::string of;                 // what a part is: "region", "neuron"
  std::vector<std::string> names; // of the parts
  arma::mat rdms;                 // pairs × parts
};

// Of each subject, and of several the mean.
arma::mat pairs_by_subject(const Population &of, const Call &call) {
  arma::mat out;
  for (const Area *area : of.subjects) {
    const arma::cube rdms = rdms_of(*area, call.settings.word("rdm"), call.progress.threads, call.found.notes);
    for (arma::uword s = 0; s < rdms.n_slices; ++s) out = arma::join_rows(out, measures::upper_triangle(rdms.slice(s)));
  }
  return out;
}

WeightedParts regions_as_parts(const std::vector<Population> &regions, const Call &call) {
  if (regions.size() < 2)
    throw measures::NotApplicable("regions are summed, and there is one: 'parts' neurons sums its neurons");
  WeightedParts out;
  out.of = "region";
  for (const auto &region : regions) {
    out.names.push_back(region.name);
    out.rdms = arma::join_rows(out.rdms, arma::vec(arma::mean(pairs_by_subject(region, call), 1)));
  }
  out.model = fmt::format("{}", fmt::join(out.names, " + "));
  return out;
}

// Of each neuron the squared difference of its mean responses.
WeightedParts neurons_as_parts(const Population &region) {
  const Area &area = *region.subjects.front();
  if (region.subjects.size() > 1) throw measures::NotApplicable(region.name + " is several subjects: name one");
  const auto &responses = responses_of(area);
  const arma::mat means = over_repeats(over_time(responses));
  if (means.n_cols > most_parts)
    throw measures::NotApplicable(
        fmt::format("{} has {} neurons, and weights are fitted of {} at most", region.name, means.n_cols, most_parts));
  WeightedParts out{region.name, "neuron", neuron_names(responses), {}};
  out.rdms.set_size(means.n_rows * (means.n_rows - 1) / 2, means.n_cols);
  for (arma::uword n = 0; n < means.n_cols; ++n)
    out.rdms.col(n) = measures::upper_triangle(measures::euclidean_rdm(arma::mat(means.col(n))));
  return out;
}

void compare_sum(const Call &call, const WeightedParts &parts, const Population &area) {
  const auto how =
      call.settings.word("by") == "cosine" ? measures::RdmComparison::cosine : measures::RdmComparison::pearson;
  const arma::mat subjects = pairs_by_subject(area, call);
  const std::size_t conditions = area.subjects.front()->condition_count, folds = call.settings.count("folds");
  if (conditions < 3 * folds)
    throw measures::NotApplicable(
        fmt::format("{} conditions are too few for {} folds of three at least: set 'folds'", conditions, folds));
  const auto found = measures::cross_validated_model(
      parts.rdms, subjects, how, measures::make_folds(conditions, folds, call.config.seed), call.progress.go_on);
  if (call.progress.go_on && !call.progress.go_on()) return;
  if (found.valueless > 0 && found.valueless < folds)
    call.found.notes.push_back(
        fmt::format("weighted_rsa {}, {}: in {} of {} folds no part goes with the area, or a side does not vary: they "
                    "are left out of both values and of the ceiling",
                    parts.model, area.name, found.valueless, folds));
  const arma::vec all = measures::weights_of_parts(parts.rdms, measures::pooled_rdm(subjects, how), how);
  TableMaker table("weighted_rsa", *area.subjects.front(), parts.of, {"weight", "mean over folds"});
  for (std::size_t k = 0; k < parts.names.size(); ++k)
    table.row(parts.names[k], {all[k], arma::mean(arma::rowvec(found.weights.row(k)))});
  auto made = table.made();
  made.area = parts.model + " for " + area.name;
  made.shown = parts.of == "region";
  call.found.tables.push_back(std::move(made));
  for (const auto &[name, value] : {std::pair{"weighted_rsa", found.weighted}, {"weighted_rsa.equal", found.equal}}) {
    Result result;
    result.method = name;
    result.region = parts.model;
    result.area = area.name;
    result.value = value;
    result.ceiling = {found.ceiling.lower, found.ceiling.upper};
    result.conditions = conditions;
    for (const Area *subject : area.subjects)
      result.neurons += subject->responses ? subject->responses->neuron_count() : 0;
    if (!std::isfinite(value))
      call.found.notes.push_back(
          fmt::format("{} {}, {}: no value: in each fold no part goes with the area, or a side does not vary", name,
                      parts.model, area.name));
    call.found.results.push_back(std::move(result));
  }
}

void compare_weighted(const Call &call, const std::vector<Population> &regions, const Population &area) {
  if (call.settings.word("parts") == "regions") {
    compare_sum(call, regions_as_parts(regions, call), area);
    return;
  }
  for (const auto &region : regions) compare_sum(call, neurons_as_parts(region), area);
}

} // namespace

MethodEntry weighted_rsa_method() {
  return {.words = {.name = "weighted_rsa",
                    .help = "held-out correlation of an area's dissimilarities with a sum of those of all regions, or "
                            "of the neurons of each, whose weights above 0 are fitted on the other conditions; beside "
                            "it that of all parts alike, each brought to one scale",
                    .reference = "Khaligh-Razavi & Kriegeskorte 2014; Lawson & Hanson 1974",
                    .parameters =
                        {word("parts", {"regions", "neurons"}, "regions",
                              "what has a weight: each region of the circuits, or each neuron of a region, of which "
                              "dissimilarities are squared differences"),
                         word("rdm", {"correlation", "euclidean", "mahalanobis", "crossnobis"}, "correlation",
                              "dissimilarity of the area, and of regions as parts, as in rsa"),
                         word("by", {"pearson", "cosine"}, "pearson",
                              "how dissimilarities are compared, for which the weights are the best"),
                         whole("folds", 2, 4, "of the conditions; each holds out three at least")}},
          .place = 12,
          .by_name = true,
          .compare_populations = compare_weighted};
}

} // namespace engram::recordings
