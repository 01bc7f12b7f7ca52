#include "network/initial.hpp"

#include <fmt/format.h>

#include <cmath>

namespace engram::network {

namespace {

struct Tally {
  std::size_t changed = 0, synapses = 0, outside = 0;
  std::size_t post = 0, pre = 0; // of the first that is changed
  double before = 0, after = 0;

  void add(std::size_t i, std::size_t j, double was, double is) {
    ++synapses;
    if (was == is) return;
    if (changed++ > 0) return;
    post = i, pre = j, before = was, after = is;
  }
};

// Were the weights written down, synapse by synapse or as one number, rather than drawn?
bool is_written(const model::Weights &weights) {
  using Kind = model::Weights::Kind;
  return weights.kind == Kind::constant || weights.kind == Kind::values || weights.kind == Kind::file ||
         weights.kind == Kind::listed || weights.kind == Kind::copy_of;
}

std::string sentence(const Tally &tally, const model::Projection &projection) {
  if (tally.changed > 0 && is_written(projection.weights))
    return fmt::format("the constraints change {} of {} weights: from neuron {} to neuron {} the model says {:g}, and "
                       "{:g} is what it begins with",
                       tally.changed, tally.synapses, tally.pre, tally.post, tally.before, tally.after);
  if (tally.changed > 0)
    return fmt::format("'minimum' and 'maximum' cut off {} of the {} weights that are drawn", tally.changed,
                       tally.synapses);
  if (tally.outside > 0)
    return fmt::format("{} weight{} that {} not 0 where '{}' makes no synapse; they are left out", tally.outside,
                       tally.outside == 1 ? " stands" : "s stand", tally.outside == 1 ? "is" : "are",
                       projection.connect.type);
  return "";
}

// Do the bounds cut off a weight that was drawn, once an imposed sign has been given to it?
bool cut_off(double w, const model::Constraints &constraints) {
  if (constraints.sign == model::Constraints::Sign::excitatory) w = std::abs(w);
  if (constraints.sign == model::Constraints::Sign::inhibitory) w = -std::abs(w);
  return (constraints.minimum && w < *constraints.minimum) || (constraints.maximum && w > *constraints.maximum);
}

bool bounded(const model::Constraints &constraints) { return constraints.minimum || constraints.maximum; }

bool constrained(const model::Constraints &constraints) {
  return bounded(constraints) || constraints.norm || constraints.sign != model::Constraints::Sign::free;
}

} // namespace

bool may_begin_otherwise(const model::Projection &projection, const Wiring &wiring) {
  if (!is_written(projection.weights)) return bounded(projection.constraints);
  return constrained(projection.constraints) || !wiring.is_complete();
}

template <class T>
std::string initial_weights_note(const model::Projection &projection, const Connections &connections,
                                 const numeric::Matrix<T> &written, const numeric::Matrix<T> &now) {
  const bool drawn = !is_written(projection.weights);
  Tally tally;
  for (std::size_t j = 0; j < written.n_cols; ++j)
    for (std::size_t i = 0; i < written.n_rows; ++i) {
      const auto was = static_cast<double>(written(i, j));
      if (!connections.has(i + j * written.n_rows))
        tally.outside += was != 0;
      else if (drawn)
        tally.add(i, j, 0, cut_off(was, projection.constraints) ? 1 : 0);
      else
        tally.add(i, j, was, static_cast<double>(now(i, j)));
    }
  return sentence(tally, projection);
}

template <class T>
std::string initial_weights_note(const model::Projection &projection, const Wiring &wiring,
                                 const std::vector<double> &given, const Synapses<T> &synapses) {
  using Kind = model::Weights::Kind;
  const auto &connectivity = *synapses.connectivity;
  Tally tally;
  std::vector<bool> there(given.size());
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t k = connectivity.first(j, 0); k < connectivity.last(j, connectivity.lags.size() - 1); ++k) {
      const std::size_t i = connectivity.target[k];
      const auto now = synapses.weight(k);
      if (!given.empty()) there[i * connectivity.pres + j] = true;
      const double was = !given.empty() ? given[i * connectivity.pres + j]
                         : projection.weights.kind == Kind::listed
                             ? projection.weights.a * wiring.pair_list()->weight_of(i, j)
                             : projection.weights.a;
      if (is_written(projection.weights))
        tally.add(i, j, static_cast<double>(static_cast<T>(was)), static_cast<double>(now));
      else // a weight that was drawn stands at a bound only when it was cut off there
        tally.add(i, j, 0,
                  (projection.constraints.minimum && now == static_cast<T>(*projection.constraints.minimum)) ||
                          (projection.constraints.maximum && now == static_cast<T>(*projection.constraints.maximum))
                      ? 1
                      : 0);
    }
  for (std::size_t k = 0; k < given.size(); ++k) tally.outside += given[k] != 0 && !there[k];
  return sentence(tally, projection);
}

template std::string initial_weights_note(const model::Projection &, const Connections &,
                                          const numeric::Matrix<float> &, const numeric::Matrix<float> &);
template std::string initial_weights_note(const model::Projection &, const Connections &,
                                          const numeric::Matrix<double> &, const numeric::Matrix<double> &);
template std::string initial_weights_note(const model::Projection &, const Wiring &, const std::vector<double> &,
                                          const Synapses<float> &);
template std::string initial_weights_note(const model::Projection &, const Wiring &, const std::vector<double> &,
                                          const Synapses<double> &);

} // namespace engram::network
