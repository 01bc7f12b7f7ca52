#include "simulation/simulator.hpp"

#include "learning/call_global.hpp"
#include "learning/callback.hpp"
#include "numeric/flush_denormals.hpp"

namespace engram::simulation {

// One batch of trials. Everything that happens in a step is in this loop, in this order.
template <class T> Outcome Simulator<T>::simulate(const Batch &batch, Observer<T> *observer) {
  struct Unperturbed { // whatever ends the batch: what a rule adds to the weights for a phase does not stay there
    learning::Plasticity<T> &plasticity;
    ~Unperturbed() { plasticity.perturb(false, 0); }
  } const unperturbed{plasticity_};
  Tape<T> *tape = tape_for(batch);
  forward_.begin(batch, tape);
  if (observer) observer->begin(batch);
  const std::size_t steps = setup_.schedule.steps;
  std::size_t step = 0;
  bool interrupted = false;
  for (; step < steps && !forward_.all_over(); ++step) {
    if (watch_.step) watch_.step({step, steps, batch.rows.size()});
    interrupted = forward_.exchange() ? forward_.exchange()->stops() : watch_.is_stopped();
    if (interrupted) break;
    forward_.present(step);  // stimulus; noise, what arrives with a delay, what the objective delivers
    forward_.evaluate(step); // states and projections give currents, and these the signals
    forward_.look(step, observer != nullptr);
    forward_.judge(step); // objective and modulators; what an environment answers
    forward_.learn(step); // rules, but those that take a whole trial back
    if (observer) forward_.show(step, *observer);
    if (observer) forward_.tell_ended(step, *observer);
    forward_.move(step); // states go to the next step; weight change of rules that are applied in each step
  }
  if (batch.learn) plasticity_.perturb(false, 0);
  if (tape && !interrupted) interrupted = !call_global(step); // a rule that takes the trial back
  if (interrupted && observer && step > 0) forward_.show_rest(step - 1, *observer);
  Outcome outcome = forward_.finish(!interrupted);
  outcome.steps = step;
  outcome.interrupted = interrupted;
  if (interrupted) { // neither is known before the end of a trial, but of those that an environment ended
    outcome.losses.clear();
    outcome.terms.clear();
    if (outcome.lasted.empty()) outcome.choices.assign(batch.rows.size(), -1);
    outcome.correct = 0;
  }
  if (observer) observer->end(batch, outcome);
  return outcome;
}

// The batch, and 8, the weight change of rules that learn by trials.
template <class T> Outcome Simulator<T>::run(const Batch &batch, Observer<T> *observer) {
  const numeric::FlushDenormals flush;
  Outcome outcome;
  together([&] { outcome = simulate(batch, observer); });
  if (outcome.interrupted)
    discard();
  else if (batch.learn)
    plasticity_.apply(model::Rule::Apply::trial);
  return outcome;
}

// What fails on one rank fails on all.
template <class T> template <class F> void Simulator<T>::together(F &&work) {
  auto *exchange = forward_.exchange();
  if (exchange == nullptr) {
    work();
    return;
  }
  try {
    work();
  } catch (const Failed &failure) {
    exchange->fail(failure);
  }
  exchange->meet();
}

template <class T> void Simulator<T>::check_weights(std::size_t epoch) {
  together([&] { simulation::check_weights(setup_.network, epoch); });
}

template <class T> bool Simulator<T>::is_stopped() {
  return forward_.exchange() ? forward_.exchange()->stops() : watch_.is_stopped();
}

// A global rule asks for the tape, and for no other is one written.
template <class T> Tape<T> *Simulator<T>::tape_for(const Batch &batch) {
  const auto *rule = plasticity_.global();
  if (!batch.learn || !rule) return nullptr;
  auto &tape =
      adjoint_.tape(learning::kept_every(*rule, plasticity_.global_parameters().data(), setup_.schedule.steps));
  tape.spike_times = rule->spike_times != 0;
  return &tape;
}

namespace {

// Minus the gradient is the change that the global rule wants.
template <class T> struct GlobalChange final : GradientSink<T> {
  explicit GlobalChange(learning::Plasticity<T> &of) : plasticity(of) {}
  learning::Plasticity<T> &plasticity;
  void add(std::size_t projection, T scale, const Matrix<T> &dcurrent, const Matrix<T> &signal) override {
    if (plasticity.is_global(projection)) plasticity.add_product(projection, -scale, dcurrent, signal);
  }
  void add_last(std::size_t projection, T scale, learning::SharedMatrix<T> dcurrent,
                learning::SharedMatrix<T> signal) override {
    if (plasticity.is_global(projection))
      plasticity.add_last_product(projection, -scale, std::move(dcurrent), std::move(signal));
  }
  T *synapses(std::size_t projection) override { return plasticity.change_of_synapses(projection); }
};

// What a global rule may ask for.
template <class T> struct GlobalHost {
  Adjoint<T> &adjoint;
  GlobalChange<T> change;
  void replay(std::size_t first, std::size_t last) { adjoint.replay(first, last); }
  void pull_back(std::size_t step) { adjoint.pull_back(step, change); }
};

} // namespace

// False when it was stopped. The rule is then told that the host failed, and what it had found by then is not used.
template <class T> bool Simulator<T>::call_global(std::size_t steps) {
  adjoint_.rewind(steps);
  const auto &rule = *plasticity_.global();
  auto &network = setup_.network;
  std::vector<engram_projection> projections;
  std::size_t dense = 0, sparse = 0;
  network::each_projection(
      network,
      [&](const network::DenseProjection<T> &p) {
        const auto &w = network.stored_weights(p);
        projections.push_back({p.name.c_str(), w.n_rows, w.n_cols, w.memptr(), plasticity_.is_global(dense++)});
      },
      [&](const network::SparseProjection<T> &p) { // a rule is shown no list of synapses
        projections.push_back({p.name.c_str(), 0, 0, nullptr, plasticity_.is_global_sparse(sparse++)});
      });
  GlobalHost<T> host{adjoint_, GlobalChange<T>(plasticity_)};
  learning::Callbacks calls(rule);
  const auto &schedule = setup_.schedule;
  const bool good = learning::call_global(
      rule, rule.callbacks[learning::precision_of<T>()], plasticity_.global_parameters().data(),
      {schedule.steps, schedule.phases.size(), forward_.now().trials, schedule.step}, projections, host, calls);
  if (adjoint_.was_stopped()) return false;
  const std::string whose = "rule '" + std::string(rule.name) + "'";
  if (!good) throw learning::RuleFailure(calls.why().starts_with(whose) ? calls.why() : whose + ": " + calls.why());
  return true;
}

template <class T> Outcome Simulator<T>::measure(const Batch &batch) {
  const numeric::FlushDenormals flush;
  if (spike_plasticity_.empty()) return simulate(batch, nullptr);
  Outcome all;
  spike_plasticity_.measure(true);
  const struct Moving { // also where a rule fails
    ~Moving() { rules.measure(false); }
    learning::SpikePlasticity<T> &rules;
  } again{spike_plasticity_};
  for (const std::size_t row : batch.rows) {
    const auto one = simulate({{row}, batch.epoch, batch.learn}, nullptr);
    all.losses.insert(all.losses.end(), one.losses.begin(), one.losses.end());
    all.terms.resize(one.terms.size());
    for (std::size_t k = 0; k < one.terms.size(); ++k)
      all.terms[k].insert(all.terms[k].end(), one.terms[k].begin(), one.terms[k].end());
    all.choices.insert(all.choices.end(), one.choices.begin(), one.choices.end());
    all.correct += one.correct;
    all.steps = one.steps;
    all.interrupted = one.interrupted;
    if (one.interrupted) break;
  }
  return all;
}

template <class T> Matrix<T> Simulator<T>::change(std::size_t projection) {
  const numeric::FlushDenormals flush;
  Matrix<T> out = plasticity_.change(projection);
  const Matrix<T> at_spikes = spike_plasticity_.change(projection);
  if (!at_spikes.is_empty()) out += at_spikes;
  return out;
}

template <class T> std::vector<learning::Kept> Simulator<T>::kept() {
  auto out = plasticity_.kept();
  for (auto &part : spike_plasticity_.kept()) out.push_back(std::move(part));
  for (auto &part : forward_.kept()) out.push_back(std::move(part));
  return out;
}

template <class T> void Simulator<T>::discard() {
  plasticity_.discard();
  spike_plasticity_.discard();
}

template <class T>
Simulator<T>::Simulator(const model::Model &model, network::Network<T> &network, const task::Trials &trials,
                        const std::vector<const engram_rule *> &rules, std::vector<dynamics::SignalSet> recorded,
                        int threads, const dynamics::DynamicsEntries &entries, const task::TaskEntries &task_entries,
                        ranks::Ranks *ranks)
    : setup_{model, network, trials, task::schedule_of(model), threads, entries, task_entries, ranks},
      plasticity_(model, network, rules, threads), spike_plasticity_(model, network, rules, threads),
      forward_(setup_, rules, std::move(recorded), plasticity_, spike_plasticity_), adjoint_(setup_, forward_, watch_) {
}

template class Simulator<float>;
template class Simulator<double>;

} // namespace engram::simulation
