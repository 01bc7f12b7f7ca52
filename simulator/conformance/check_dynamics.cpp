#include "conformance/check_items.hpp"
#include "conformance/guarded.hpp"
#include "conformance/neuron_bench.hpp"
#include "conformance/neuron_checks.hpp"
#include "conformance/process.hpp"
#include "learning/open_dynamics.hpp"
#include "learning/open_library.hpp"
#include "learning/rule_library.hpp"

#include <array>
#include <fmt/format.h>
#include <string>

namespace engram::conformance {

namespace {

template <class F> void each_precision_of_neurons(F f) {
  f(float{});
  f(double{});
}

std::string process_of_neurons(const std::string &file) {
  const Printed printed;
  const ProcessState before;
  const learning::OpenDynamics dynamics(file);
  if (const auto changed = before.changed(ProcessState()); !changed.empty())
    throw Failure{"as it is loaded, " + changed};
  each_precision_of_neurons([&](auto scalar) {
    using T = decltype(scalar);
    const Arithmetic arithmetic;
    const auto in = draw_neurons<T>(dynamics.table(), 37, 3, 1);
    NeuronBench<T>(dynamics.table(), in).all(in.state);
    if (const auto changed = arithmetic.changed(Arithmetic()); !changed.empty()) throw Failure{changed};
  });
  if (const auto line = printed.first_line(); !line.empty()) throw Failure{"prints: " + line};
  if (const auto changed = before.changed(ProcessState()); !changed.empty()) throw Failure{changed};
  return "leaves the process as it found it";
}

// Every array ends at a page that cannot be read; what is given cannot be written to.
template <class T> void guarded_calls(const engram_dynamics &table) {
  for (const std::size_t neurons : {std::size_t{5}, std::size_t{64}, std::size_t{259}}) {
    const auto in = draw_neurons<T>(table, neurons, 2, 1);
    const NeuronBench<T> bench(table, in);
    const auto all = bench.population(2);
    using Array = GuardedArray<T>;
    const auto read = Guarded::Access::read, write = Guarded::Access::write;
    const Array state("state", in.state, read), soma("soma", in.soma, read), apical("apical", in.apical, read),
        cotangent("cotangent", in.state, read);
    const Array slope("slope", in.state, write), dstate("dL/d(state)", in.state, write),
        dsoma("dL/d(soma)", in.soma, write), dapical("dL/d(apical)", in.soma, write), rate("rate", in.soma, write),
        potential("potential", in.soma, write), gain("gain", in.soma, write);
    const bool reads = table.reads_apical != 0;
    const auto given = [](const Array &array) { return static_cast<const void *>(array.get()); };
    const auto to = [](const Array &array) { return static_cast<void *>(array.get()); };
    const auto &calls = bench.calls();
    bench.call(calls.derivative, &all, given(state), given(soma), reads ? given(apical) : nullptr, to(slope));
    bench.call(calls.derivative_vjp, &all, given(state), given(soma), reads ? given(apical) : nullptr, given(cotangent),
               to(dstate), to(dsoma), reads ? to(dapical) : nullptr);
    const Array none("conductance", std::vector<T>(in.soma.size(), T(0)), read);
    bench.call(calls.relaxation, &all, given(state), given(soma),
               table.spikes != 0 ? given(none)
               : reads           ? given(apical)
                                 : nullptr,
               to(rate));
    if (calls.fire) {
      const engram_spiking_input input{sizeof(engram_spiking_input),
                                       soma.get(),
                                       none.get(),
                                       reads ? apical.get() : nullptr,
                                       none.get(),
                                       gain.get(),
                                       0};
      bench.call(calls.spiking_derivative, &all, given(state), &input, to(slope));
      if (calls.fire_vjp) {
        const engram_spiking_cotangents back{sizeof(engram_spiking_cotangents), dsoma.get(), rate.get(),
                                             reads ? dapical.get() : nullptr};
        bench.call(calls.spiking_derivative_vjp, &all, given(state), &input, given(cotangent), to(dstate), &back);
        bench.call(calls.beyond, &all, given(state), to(potential));
        const engram_spike_cotangents spike{sizeof(engram_spike_cotangents), none.get(), soma.get(), soma.get(), 1};
        bench.call(calls.fire_vjp, &all, given(state), &spike, to(dstate));
      }
      const engram_spiking_step step{sizeof(engram_spiking_step), none.get(), nullptr, soma.get(),
                                     table.upward != 0 ? soma.get() : nullptr};
      const GuardedArray<std::uint32_t> spiked("spiked", std::vector<std::uint32_t>(in.soma.size()), write);
      const GuardedArray<std::size_t> counts("counts", std::vector<std::size_t>(2), write);
      bench.call(calls.fire, &all, to(dstate), &step, spiked.get(), counts.get());
    }
    if (calls.readout) {
      bench.call(calls.readout, &all, given(state), to(rate), to(potential), to(gain));
      bench.call(calls.readout, &all, given(state), to(rate), nullptr, nullptr);
      bench.call(calls.readout_vjp, &all, given(state), given(soma), nullptr, nullptr, to(dstate));
    }
    if (calls.settle) {
      bench.call(calls.settle, &all, given(soma), to(slope));
      bench.call(calls.settle_vjp, &all, given(soma), given(slope), given(cotangent), to(dsoma));
    }
    for (const Array *array : {&slope, &dstate, &dsoma, &dapical, &rate, &potential, &gain})
      if (array->damaged()) throw Failure{"writes before the array of " + array->name()};
  }
}

std::string buffers_of_neurons(const engram_dynamics &table) {
  guarded_calls<float>(table);
  guarded_calls<double>(table);
  return "reads and writes only what it is given";
}

} // namespace

Report check_dynamics(const std::string &file, double seconds) {
  Report report;
  report.rule = file;
  report.kind = model::PluginKind::dynamics;
  const Patience patience(seconds);
  const auto table = in_child(patience.left(), [&] {
    const learning::OpenDynamics dynamics(file);
    learning::check_name(dynamics.table().name, file);
    return std::string(dynamics.table().name);
  });
  if (!add_table(table, file, report)) return report;
  report.rule = table.text;
  const auto loaded = [](std::string (*work)(const engram_dynamics &)) {
    return [work](const std::string &path) {
      const learning::OpenDynamics dynamics(path);
      return work(dynamics.table());
    };
  };
  run_items({{"process", process_of_neurons},
             {"buffers", loaded(buffers_of_neurons)},
             {"numbers", loaded(neuron_numbers)},
             {"repeats", loaded(neuron_repeats)},
             {"neighbours", loaded(neuron_neighbours)},
             {"order", loaded(neuron_order)},
             {"gradient", loaded(neuron_gradient)},
             {"linear", loaded(neuron_linear)},
             {"precisions", loaded(neuron_precisions)},
             {"parameters", loaded(neuron_parameters)},
             {"steps", loaded(neuron_steps)},
             {"speed", loaded(neuron_speed)}},
            file, patience, report);
  return report;
}

Report check_neurons(const engram_dynamics &table, const std::string &name, double seconds) {
  Report report;
  report.rule = name;
  report.kind = model::PluginKind::dynamics;
  const auto of = [&table](std::string (*work)(const engram_dynamics &)) {
    return [&table, work](const std::string &) { return work(table); };
  };
  run_items({{"buffers", of(buffers_of_neurons)},
             {"numbers", of(neuron_numbers)},
             {"repeats", of(neuron_repeats)},
             {"neighbours", of(neuron_neighbours)},
             {"order", of(neuron_order)},
             {"gradient", of(neuron_gradient)},
             {"linear", of(neuron_linear)},
             {"precisions", of(neuron_precisions)},
             {"steps", of(neuron_steps)},
             {"speed", of(neuron_speed)}},
            name, Patience(seconds), report);
  return report;
}

Report check_plugin(const std::string &file, double seconds) {
  using Trial = Report (*)(const std::string &, double);
  constexpr std::array<Trial, model::plugin_kinds.size()> checks{check_rule, check_dynamics, check_objective,
                                                                 check_environment};
  const auto kind = in_child(seconds, [&] {
    return std::to_string(static_cast<std::size_t>(learning::kind_of(learning::open_library(file))));
  });
  return (kind.passed ? checks.at(std::stoul(kind.text)) : check_rule)(file, seconds); // that says why it is not opened
}

} // namespace engram::conformance
