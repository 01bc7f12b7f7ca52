// engram/dynamics.hpp is the C++20 face of engram/dynamics.h. It is header only, and the dynamics of a neuron needs
// nothing else.
//
// clang-format off
//   struct Leaky {
//     static constexpr engram::Neuron about{
//         .name = "my_leaky", .summary = "tau u' = -u + I, rate = tanh(u)", .reference = "…"};
//     static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential")};
//     static constexpr engram_parameter parameters[] = {engram::parameter("tau", "ms", 10, 0.01, 1e6, "time constant")};
//     template <class T> struct State { T u; };
//     template <class T> struct Constants { T tau; };
//     static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) { slope.u = (in.soma - x.u) / p.tau; }
//     static auto rate(const auto &x, const auto &p) { return tanh(x.u); }
//   };
//   ENGRAM_DYNAMICS(Leaky)
//
// The members of State stand in the order of `states`, those of Constants in the order of `parameters`, and after them
// constants that `prepare` makes of them. The host runs the same functions on numbers that carry derivatives
// (engram/dual.hpp): so the gradient through a neuron is exact, and no author writes one.
//
// Optional members:
//   parameters, Constants   a neuron may have none
//   prepare(p)              sets the members of Constants that follow those of `parameters`
//   begin(x, p)             sets states as a trial begins; on entry they are what `states` and the model say
//   potential(x, p)         the signal `potential`; else the first state
//   steady(soma, p, x)      the state to which a constant current into the soma leads, in closed form
//   Neuron::settles         … or that there is one such state: the host finds it by Newton's method
//   Neuron::activation      in the place of `rate`: the rate is this activation of the first state, or the one that the
//                           model names
//   threshold(x, p)         in the place of `rate`: a neuron that spikes when its first state, the potential, reaches it.
//                           in.soma is then the current (pA) of receptors, projections and noise
//   reset(x, p)             what a spike does to the states; without it a spike is a crossing upwards, and resets nothing
//   Neuron::apical          the derivative reads in.apical, the current into the apical compartment
//   Neuron::refractory      the parameter for which (ms) the potential is held after a spike
//   Neuron::linear          the slopes are linear in states and currents: a step is exact (of neurons with a rate by the
//                           integrator exponential_euler)
// clang-format on
#ifndef ENGRAM_DYNAMICS_HPP
#define ENGRAM_DYNAMICS_HPP

#include <engram/neuron/readout.hpp>
#include <engram/neuron/settling.hpp>
#include <engram/neuron/spiking.hpp>
#include <engram/neuron/spiking_back.hpp>

#include <string_view>

namespace engram::neurons {

/// The functions of a dynamics N over arrays of T, as the host calls them.
template <class N, class T> constexpr engram_neuron_callbacks callbacks() {
  using All = Arrays<N, T>;
  using Moves = Slopes<N, T>;
  engram_neuron_callbacks calls{};
  if constexpr (All::M > All::parameter_count()) calls.prepare = Moves::prepare;
  if constexpr (requires(typename All::template State<Scalar<T>> & x, const typename All::Constants &p) {
                  N::begin(x, p);
                })
    calls.begin = Moves::begin;
  calls.derivative = Moves::derivative;
  calls.derivative_vjp = Moves::derivative_vjp;
  calls.relaxation = Moves::relaxation;
  if constexpr (Spiking<N, T>::spikes) {
    calls.relaxation = Spiking<N, T>::spiking_relaxation;
    calls.spiking_derivative = Spiking<N, T>::spiking_derivative;
    calls.fire = Spiking<N, T>::fire;
    calls.beyond = SpikingBack<N, T>::beyond;
    calls.spiking_derivative_vjp = SpikingBack<N, T>::spiking_derivative_vjp;
    calls.fire_vjp = SpikingBack<N, T>::fire_vjp;
  } else if constexpr (N::about.activation == nullptr) {
    calls.readout = Readout<N, T>::readout;
    calls.readout_vjp = Readout<N, T>::readout_vjp;
  }
  if constexpr (N::about.settles || Settling<N, T>::closed) {
    calls.settle = Settling<N, T>::settle;
    calls.settle_vjp = Settling<N, T>::settle_vjp;
  }
  return calls;
}

/// Copies: static data of N itself could be that of a struct of the same name in another library.
template <class N> inline constexpr auto states_of = std::to_array(N::states);
template <class N> inline constexpr auto parameters_of = std::to_array(N::parameters);

/// What a derivative is given whose about does not say `.apical = true`.
template <class T> struct CurrentIntoTheSomaAlone { T soma; };

/// Errors: does not compile where a derivative reads in.apical and about does not say so: it would read 0.
template <class N> constexpr void check_derivative() {
  using In = Arrays<N, double>;
  using State = typename In::template State<typename In::S>;
  if constexpr (!N::about.apical)
    (void)[](const State &x, const typename In::Constants &p, const CurrentIntoTheSomaAlone<typename In::S> &in,
             State &slope) {
      N::derivative(x, p, in, slope);
    };
}

/// The place of the parameter of this name, counted from 1.
template <class N> constexpr std::uint32_t place_from_1(std::string_view name) {
  for (std::size_t k = 0; k < Arrays<N, double>::parameter_count(); ++k)
    if (name == N::parameters[k].name) return static_cast<std::uint32_t>(k + 1);
  throw "about.refractory names a parameter that there is not"; // at compile time
}

template <class N> constexpr engram_dynamics make_table() {
  using In = Arrays<N, double>;
  using Events = Spiking<N, double>;
  static_assert(In::K == std::size(N::states), "State has one member for each of `states`, in their order");
  static_assert(sizeof(typename N::template State<double>) == In::K * sizeof(double), "all members of State are T");
  static_assert(In::M >= In::parameter_count(),
                "Constants begins with one member for each of `parameters`, in their order");
  static_assert(
      In::M == In::parameter_count() || requires(typename In::Constants & p) { N::prepare(p); },
      "members of Constants beyond the parameters are set by prepare(auto &p)");
  static_assert(
      In::M > In::parameter_count() || !requires(typename In::Constants & p) { N::prepare(p); },
      "prepare(auto &p) sets members of Constants beyond the parameters, and there are none");
  constexpr bool has_rate =
      requires(const typename In::template State<typename In::S> &x, const typename In::Constants &p) {
    N::rate(x, p);
  };
  static_assert(Events::spikes + has_rate + (N::about.activation != nullptr) == 1,
                "a neuron has one of rate(x, p), about.activation and threshold(x, p)");
  check_derivative<N>();
  engram_dynamics table{};
  table.table_size = sizeof(engram_dynamics);
  table.abi_version = ENGRAM_DYNAMICS_ABI_VERSION;
  table.name = N::about.name;
  table.summary = N::about.summary;
  table.reference = N::about.reference;
  table.integrator = N::about.integrator;
  table.activation = N::about.activation;
  table.reads_apical = N::about.apical;
  static_assert(!Events::spikes || (N::about.activation == nullptr && !N::about.settles),
                "neurons that spike have a threshold, and no activation or steady state");
  table.spikes = Events::spikes;
  table.upward = Events::spikes && !Events::resets;
  table.linear = N::about.linear;
  table.surrogate_gain = Events::spikes ? N::about.surrogate_gain : 0;
  table.surrogate_width = Events::spikes ? N::about.surrogate_width : 0;
  if constexpr (N::about.refractory != nullptr) table.refractory = place_from_1<N>(N::about.refractory);
  table.states = states_of<N>.data();
  table.state_count = std::size(N::states);
  if constexpr (requires { N::parameters; }) {
    table.parameters = parameters_of<N>.data();
    table.parameter_count = std::size(N::parameters);
  }
  table.derived_count = In::M - In::parameter_count();
  table.callbacks[ENGRAM_SINGLE] = callbacks<N, float>();
  table.callbacks[ENGRAM_DOUBLE] = callbacks<N, double>();
  return table;
}

template <class N> const engram_dynamics &table_of() {
  static constexpr engram_dynamics table = make_table<N>();
  return table;
}

} // namespace engram::neurons

/// Exports the dynamics. Stands once in a shared library, outside any namespace.
#define ENGRAM_DYNAMICS(Dynamics)                                                                                      \
  namespace {                                                                                                          \
  struct EngramDynamicsOfThisLibrary : Dynamics {}; /* so that no other library has a name of this table */            \
  }                                                                                                                    \
  extern "C" ENGRAM_EXPORT const engram_dynamics *engram_dynamics_table(void) {                                        \
    return &engram::neurons::table_of<EngramDynamicsOfThisLibrary>();                                                  \
  }

#endif
