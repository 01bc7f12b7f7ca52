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

std::string sentence(const Tally &tally, const model::Projection &said) {
  if (tally.changed > 0 && is_written(said.weights))
    return fmt::format("the constraints change {} of {} weights: from neuron {} to neuron {} the model says {:g}, and "
                       "{:g} is what it begins with",
                       tally.changed, tally.synapses, tally.pre, tally.post, tally.before, tally.after);
  if (tally.changed > 0)
    return fmt::format("'minimum' and 'maximum' cut off {} of the {} weights that are drawn", tally.changed,
                       tally.synapses);
  if (tally.outside > 0)
    return fmt::format("{} weight{} that {} not 0 where '{}' makes no synapse; they are left out", tally.outside,
                       tally.outside == 1 ? " stands" : "s stand", tally.outside == 1 ? "is" : "are",
                       said.connect.type);
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

bool may_begin_otherwise(const model::Projection &said, const Wiring &wiring) {
  if (!is_written(said.weights)) return bounded(said.constraints);
  return constrained(said.constraints) || !wiring.is_complete();
}

template <class T>
std::string told_of_initial(const model::Projection &said, const Joined &joined, const numeric::Matrix<T> &written,
                            const numeric::Matrix<T> &now) {
  const bool drawn = !is_written(said.weights);
  Tally tally;
  for (std::size_t j = 0; j < written.n_cols; ++j)
    for (std::size_t i = 0; i < written.n_rows; ++i) {
      const auto was = static_cast<double>(written(i, j));
      if (!joined.has(i + j * written.n_rows))
        tally.outside += was != 0;
      else if (drawn)
        tally.add(i, j, 0, cut_off(was, said.constraints) ? 1 : 0);
      else
        tally.add(i, j, was, static_cast<double>(now(i, j)));
    }
  return sentence(tally, said);
}

template <class T>
std::string told_of_initial(const model::Projection &said, const Wiring &wiring, const std::vector<double> &given,
                            const Synapses<T> &synapses) {
  using Kind = model::Weights::Kind;
  const auto &joined = *synapses.joined;
  Tally tally;
  std::vector<bool> there(given.size());
  for (std::size_t j = 0; j < joined.pres; ++j)
    for (std::size_t k = joined.first(j, 0); k < joined.last(j, joined.lags.size() - 1); ++k) {
      const std::size_t i = joined.target[k];
      const auto now = synapses.weight(k);
      if (!given.empty()) there[i * joined.pres + j] = true;
      const double was = !given.empty()                      ? given[i * joined.pres + j]
                         : said.weights.kind == Kind::listed ? said.weights.a * wiring.listed()->weight_of(i, j)
                                                             : said.weights.a;
      if (is_written(said.weights))
        tally.add(i, j, static_cast<double>(static_cast<T>(was)), static_cast<double>(now));
      else // a weight that was drawn stands at a bound only when it was cut off there
        tally.add(i, j, 0,
                  (said.constraints.minimum && now == static_cast<T>(*said.constraints.minimum)) ||
                          (said.constraints.maximum && now == static_cast<T>(*said.constraints.maximum))
                      ? 1
                      : 0);
    }
  for (std::size_t k = 0; k < given.size(); ++k) tally.outside += given[k] != 0 && !there[k];
  return sentence(tally, said);
}

template std::string told_of_initial(const model::Projection &, const Joined &, const numeric::Matrix<float> &,
                                     const numeric::Matrix<float> &);
template std::string told_of_initial(const model::Projection &, const Joined &, const numeric::Matrix<double> &,
                                     const numeric::Matrix<double> &);
template std::string told_of_initial(const model::Projection &, const Wiring &, const std::vector<double> &,
                                     const Synapses<float> &);
template std::string told_of_initial(const model::Projection &, const Wiring &, const std::vector<double> &,
                                     const Synapses<double> &);

} // namespace engram::network
