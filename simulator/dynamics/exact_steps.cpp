#include "dynamics/exact_steps.hpp"

#include "dynamics/integrator_entry.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::dynamics {

namespace {

template <class T> ExactSteps<T> *exact_steps_of(const CircuitDynamics<T> &circuit, std::size_t region) {
  return circuit.regions[region]->has_state() ? dynamic_cast<ExactSteps<T> *>(circuit.regions[region].get()) : nullptr;
}

template <class T> class CircuitSteps final : public Stepper<T> {
public:
  CircuitSteps(const CircuitDynamics<T> &circuit, double h) : circuit_(circuit) {
    for (std::size_t r = 0; r < circuit.regions.size(); ++r) {
      auto *steps = exact_steps_of(circuit, r);
      if (steps == nullptr) continue;
      if (!steps->is_linear()) throw Broken("exponential_euler is asked to move neurons that are not linear");
      steps->prepare_exact(h);
      moved_.emplace_back(r, steps);
    }
  }
  void step(const RightHandSide<T> & /*f*/, Vector<T> &u, Vector<T> &du, T h, std::vector<T> &substeps) override {
    for (const auto &[r, steps] : moved_) {
      Matrix<T> state = circuit_.block(u, r);
      steps->move_exactly(circuit_.block(du, r), state);
    }
    substeps.assign(1, h);
  }

private:
  const CircuitDynamics<T> &circuit_;
  std::vector<std::pair<std::size_t, const ExactSteps<T> *>> moved_; // by region
};

bool makes_neurons(const DynamicsEntry &entry) { return entry.make.of<double>() != nullptr; }

// Where no plugin's code is opened, entries are words alone; engram's own neurons can be made all the same.
const DynamicsEntry &fullest_entry_of(const model::Region &region, const DynamicsEntries &entries) {
  const auto &entry = entry_of(region, entries);
  if (entry.words.spikes || region.own || makes_neurons(entry)) return entry;
  const auto &own = dynamics_entries();
  const auto found =
      std::find_if(own.begin(), own.end(), [&](const auto &one) { return one.words.name == entry.words.name; });
  return found == own.end() ? entry : *found;
}

// Why exact steps do not suit a region; "": they do.
std::string unsuited(const DynamicsEntry &entry, const model::Region &region, const model::Model &model) {
  const auto is_of = [&](const std::string &what) {
    return fmt::format("those of '{}', which is '{}', are not{}", region.name, region.dynamics.type, what);
  };
  if (entry.words.spikes) {
    if (!entry.words.linear) return is_of("");
    for (const auto &receptor : region.receptors)
      if (receptor.is_conductance())
        return is_of(fmt::format(" where a receptor ('{}') is a conductance", receptor.name));
    return "";
  }
  if (!makes_neurons(entry)) return entry.words.linear || entry.words.integrator.empty() ? "" : is_of("");
  const auto neurons = make_region<double>(entry, region, model.seed);
  if (!neurons->has_state()) return "";
  const auto *steps = dynamic_cast<const ExactSteps<double> *>(neurons.get());
  return steps != nullptr && steps->is_linear() ? "" : is_of("");
}

} // namespace

void check_exact_steps(const model::Model &model, const DynamicsEntries &entries) {
  for (const auto &region : model.regions) {
    const auto &entry = fullest_entry_of(region, entries);
    // Rate regions move together.
    const auto &integrator = entry.words.spikes ? region.integrator.type : model.time.integrator.type;
    if (!is_exponential(integrator)) continue;
    const auto why = unsuited(entry, region, model);
    if (why.empty()) continue;
    throw input::InputError({{model.file, 0, "/time/integrator",
                              fmt::format("'{}' moves neurons whose slopes are linear in their states, and {}: take "
                                          "runge_kutta4, or {}",
                                          integrator, why, those_that_adapt())}});
  }
}

template <class T>
std::unique_ptr<Stepper<T>> circuit_stepper(const model::Model &model, const CircuitDynamics<T> &circuit) {
  if (!is_exponential(model.time.integrator.type)) return stepper_of<T>(model.time.integrator);
  return std::make_unique<CircuitSteps<T>>(circuit, model.time.step);
}

template <class T>
void move_exactly_vjp(const CircuitDynamics<T> &circuit, const Vector<T> &dstate, Vector<T> &dslope) {
  dslope.set_size(dstate.n_elem);
  for (std::size_t r = 0; r < circuit.regions.size(); ++r)
    if (const auto *steps = exact_steps_of(circuit, r)) {
      Matrix<T> to = circuit.block(dslope, r);
      steps->move_exactly_vjp(circuit.block(dstate, r), to);
    }
}

template std::unique_ptr<Stepper<float>> circuit_stepper(const model::Model &, const CircuitDynamics<float> &);
template std::unique_ptr<Stepper<double>> circuit_stepper(const model::Model &, const CircuitDynamics<double> &);
template void move_exactly_vjp(const CircuitDynamics<float> &, const Vector<float> &, Vector<float> &);
template void move_exactly_vjp(const CircuitDynamics<double> &, const Vector<double> &, Vector<double> &);

} // namespace engram::dynamics
