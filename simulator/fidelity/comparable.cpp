#include "fidelity/comparable.hpp"

#include "numeric/random.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace engram::fidelity {

namespace {

// A term that engram comes with; null for a plugin's, and where there is none.
const task::ObjectiveEntry *own_term(const std::string &type) {
  for (const auto &entry : task::objective_entries())
    if (entry.words.name == type) return &entry;
  return nullptr;
}

// Does the loss see the same of this region in both circuits? It does where one loss takes the softmax that the other's
// region takes, or the other chooses by.
bool same_function(const model::Region &a, const model::Region &b, const model::Model &mine,
                   const model::Model &theirs) {
  if (a.activation.type.empty() || b.activation.type.empty() || a.activation.type == b.activation.type) return true;
  const bool output =
      mine.regions[mine.objective.region].name == a.name && theirs.regions[theirs.objective.region].name == b.name;
  const auto plain = [](const model::Region &r) { return r.rates != model::Rates::general; };
  const bool judged = !mine.objective.type.empty() && !theirs.objective.type.empty();
  if (!output || !judged || !plain(a) || !plain(b)) return false;
  const auto *loss = own_term(mine.objective.type), *reference = own_term(theirs.objective.type);
  return loss && reference && reference->takes_softmax && (loss->takes_softmax || loss->words.chooses);
}

// The terms of an objective: "mse", or "mse + 0.1 sparsity".
std::string sum_of(const model::Model &model) {
  std::string out;
  for (const auto *term : model::terms_of(model))
    out += (out.empty() ? "" : " + ") + (term->weight == 1 ? "" : fmt::format("{:g} ", term->weight)) + term->type;
  return out;
}

} // namespace

template <class T>
std::vector<Pair> those_of(const network::Network<T> &model, const std::string &model_name,
                           const network::Network<T> &subject, std::vector<Pair> pairs,
                           std::vector<std::string> &notes) {
  const auto common = pair_projections(subject, model);
  std::ptrdiff_t plastic_weights = 0;
  network::each_projection(model,
                           [&](const network::Projection &p) { plastic_weights += !p.is_bias() && !p.rules.empty(); });
  const auto common_weights = std::count_if(common.begin(), common.end(),
                                            [&](const auto &pair) { return !model.at(pair.reference).is_bias(); });
  if (common_weights < plastic_weights) return pairs;
  std::vector<Pair> kept;
  for (auto &pair : pairs) {
    const bool has =
        std::any_of(common.begin(), common.end(), [&](const auto &other) { return other.name == pair.name; });
    if (has)
      kept.push_back(std::move(pair));
    else
      notes.push_back(pair.name + " learns, but " + model_name + " has no such projection");
  }
  return kept;
}

template <class T>
std::vector<Pair> those_of_the_loss(const Subject<T> &reference, const std::vector<Pair> &pairs,
                                    const std::vector<std::size_t> &rows, int threads,
                                    std::vector<std::string> &notes) {
  auto anywhere = reference.network; // weights that begin at 0 would hide what lies below them
  for (auto &p : anywhere.dense) {
    if (p.rules.empty()) continue;
    numeric::Matrix<T> away(p.weights.n_rows, p.weights.n_cols);
    const numeric::Random random{reference.model->seed, numeric::Purpose::weights,
                                 numeric::name_key("fidelity." + p.name)};
    random.normals(away.memptr(), away.n_elem);
    p.weights += T(0.1) * away;
  }
  const auto g = gradient(reference, anywhere, pairs, rows, threads);
  std::vector<Pair> kept;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (g[p].is_zero())
      notes.push_back(pairs[p].name + " learns, but the loss does not depend on it");
    else
      kept.push_back(pairs[p]);
  }
  return kept;
}

void tell_differences(const model::Model &mine, const model::Model &theirs, std::vector<std::string> &notes) {
  const auto tell = [&](const std::string &what, const std::string &here, const std::string &there) {
    if (here != there)
      notes.push_back(
          what + " is " + here + " here and " + there +
          " in the reference, whose gradient is that of another function (FILE=REFERENCE gives it one of its "
          "own)");
  };
  for (const auto &region : mine.regions)
    for (const auto &other : theirs.regions)
      if (region.name == other.name && !same_function(region, other, mine, theirs))
        tell("the activation of " + region.name, region.activation.type, other.activation.type);
  const auto *loss = own_term(mine.objective.type);
  if (!loss || !loss->words.chooses) tell("the objective", sum_of(mine), sum_of(theirs));
}

template std::vector<Pair> those_of(const network::Network<float> &, const std::string &,
                                    const network::Network<float> &, std::vector<Pair>, std::vector<std::string> &);
template std::vector<Pair> those_of_the_loss(const Subject<float> &, const std::vector<Pair> &,
                                             const std::vector<std::size_t> &, int, std::vector<std::string> &);
template std::vector<Pair> those_of(const network::Network<double> &, const std::string &,
                                    const network::Network<double> &, std::vector<Pair>, std::vector<std::string> &);
template std::vector<Pair> those_of_the_loss(const Subject<double> &, const std::vector<Pair> &,
                                             const std::vector<std::size_t> &, int, std::vector<std::string> &);

} // namespace engram::fidelity
