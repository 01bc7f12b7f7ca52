#include "dynamics/equations/compile.hpp"

#include "dynamics/words.hpp"

#include <limits>
#include <numbers>
#include <utility>

namespace engram::dynamics::equations {

namespace {

using Nodes = std::vector<NodeIndex>;

class Compiler {
public:
  explicit Compiler(const Definition &definition) : d_(definition), K_(definition.states.size()) {
    for (std::size_t k = 0; k < K_; ++k) states_.push_back(g_.leaf(Leaf::Kind::state, k));
    for (std::size_t k = 0; k < d_.parameters.size(); ++k) constants_.push_back(g_.leaf(Leaf::Kind::constant, k));
    soma_ = g_.leaf(Leaf::Kind::soma);
    apical_ = g_.leaf(Leaf::Kind::apical);
  }

  Programs all() {
    const auto names = names_of(states_, soma_, apical_);
    const Nodes slopes = slopes_of(names);
    linear_ = are_linear(g_, slopes);
    add(&Programs::derivative, slopes);
    add(&Programs::derivative_vjp, pulled_back(slopes, with_currents()));
    if (d_.spikes())
      spiking(names);
    else
      rates(names, slopes);
    Programs out;
    out.states = K_;
    for (const auto &state : d_.states) {
      out.initial.push_back(state.initial);
      out.from.push_back(Programs::nowhere);
      for (std::size_t p = 0; p < d_.parameters.size(); ++p)
        if (d_.parameters[p].name == state.from) out.from.back() = p;
    }
    out.resets = !d_.reset.empty();
    derive(out);
    return out;
  }
  std::size_t derived() const { return derived_.size(); }
  bool linear() const { return linear_; }

private:
  using Names = std::map<std::string, NodeIndex>;

  // What names stand for where the states and the currents into the soma and the apical compartment are these.
  Names names_of(const Nodes &states, NodeIndex soma, NodeIndex apical) {
    Names out{{apical_name, apical}, {circle_name, g_.literal(std::numbers::pi)}};
    for (const char *name : soma_names) out[name] = soma;
    for (std::size_t k = 0; k < K_; ++k) out[d_.states[k].name] = states[k];
    for (std::size_t k = 0; k < constants_.size(); ++k) out[d_.parameters[k].name] = constants_[k];
    for (const auto &one : d_.names) out[one.name] = nodes_of(one.text.expression, out, g_);
    return out;
  }
  Nodes slopes_of(const Names &names) {
    Nodes out;
    for (const auto &state : d_.states) out.push_back(nodes_of(state.slope.expression, names, g_));
    return out;
  }
  Nodes with_currents() const {
    Nodes out = states_;
    out.insert(out.end(), {soma_, apical_});
    return out;
  }
  Nodes pulled_back(const Nodes &outputs, const Nodes &by) {
    Nodes cotangents;
    for (std::size_t k = 0; k < outputs.size(); ++k) cotangents.push_back(g_.leaf(Leaf::Kind::cotangent, k));
    return gradient(g_, outputs, cotangents, by);
  }
  // The greatest of −d(slope of k)/d(state k), and 0.
  NodeIndex fastest(const Nodes &slopes) {
    NodeIndex most = g_.literal(0);
    for (std::size_t k = 0; k < K_; ++k) {
      const NodeIndex own = gradient(g_, {slopes[k]}, {g_.literal(1)}, {states_[k]})[0];
      most = g_.make(Op::maximum, most, g_.make(Op::negative, own));
    }
    return most;
  }

  void rates(const Names &names, const Nodes &slopes) {
    add(&Programs::relaxation, {fastest(slopes)});
    if (d_.settles) {
      Nodes rows, by_soma;
      for (std::size_t k = 0; k < K_; ++k) {
        Nodes by = states_;
        by.push_back(soma_);
        const Nodes row = gradient(g_, {slopes[k]}, {g_.literal(1)}, by);
        rows.insert(rows.end(), row.begin(), row.end() - 1);
        rows.push_back(slopes[k]);
        by_soma.push_back(row.back());
      }
      add(&Programs::jacobian, std::move(rows));
      add(&Programs::by_soma, std::move(by_soma));
    }
    if (d_.activation) return;
    const NodeIndex rate = nodes_of(d_.rate->expression, names, g_);
    const NodeIndex potential = d_.potential ? nodes_of(d_.potential->expression, names, g_) : states_[0];
    const Nodes seen{rate, potential, gradient(g_, {rate}, {g_.literal(1)}, {states_[0]})[0]};
    add(&Programs::readout, seen);
    add(&Programs::readout_vjp, pulled_back(seen, states_));
  }

  // Neurons that have reached their threshold within a step are taken to be there to its end.
  void spiking(const Names &names) {
    const NodeIndex v = states_[0], one = g_.literal(1);
    const NodeIndex drive = g_.leaf(Leaf::Kind::drive), open = g_.leaf(Leaf::Kind::conductance),
                    held = g_.leaf(Leaf::Kind::held), passed = g_.leaf(Leaf::Kind::passed),
                    beyond = g_.leaf(Leaf::Kind::beyond);
    const auto current = [&](NodeIndex potential) { return g_.make(Op::subtract, drive, g_.product(open, potential)); };
    add(&Programs::relaxation, {fastest(slopes_of(names_of(states_, current(v), g_.literal(0))))});
    const NodeIndex top = nodes_of(d_.threshold->expression, names, g_);
    add(&Programs::threshold, {top});
    add(&Programs::beyond, {g_.make(Op::subtract, v, top)});
    const bool resets = !d_.reset.empty();
    const auto slopes_within = [&](NodeIndex over) { // `over`: has it reached its threshold?
      Nodes within = states_;
      if (resets) within[0] = g_.where(over, top, v);
      Nodes slopes = slopes_of(names_of(within, current(within[0]), apical_));
      if (resets) slopes[0] = g_.where(over, g_.make(Op::multiply_if, beyond, slopes[0]), slopes[0]);
      slopes[0] = g_.where(held, g_.literal(0), slopes[0]);
      return slopes;
    };
    const NodeIndex over = resets ? g_.where(g_.make(Op::at_most, top, v), one, passed) : passed;
    Nodes slopes = slopes_within(over);
    slopes.push_back(over);
    add(&Programs::spiking, std::move(slopes));
    Nodes by = states_;
    by.insert(by.end(), {drive, open, apical_});
    add(&Programs::spiking_vjp, pulled_back(slopes_within(passed), by)); // who has passed is known by then
    Nodes after = states_;
    for (const auto &[k, text] : d_.reset) after[k] = nodes_of(text.expression, names, g_);
    spikes_back(top, after);
    add(&Programs::reset, std::move(after));
  }

  // With z the spike, ψ its slope and R the reset: x⁺ = x + z (R(x) − x), dz/dx = ψ d(v − threshold)/dx. That R changes
  // the potential enters dz/dx where `through_reset` says so.
  void spikes_back(NodeIndex top, const Nodes &after) {
    const NodeIndex spiked = g_.leaf(Leaf::Kind::spiked), slope = g_.leaf(Leaf::Kind::spike_slope),
                    through = g_.leaf(Leaf::Kind::through_reset), one = g_.literal(1);
    Nodes back;
    for (std::size_t k = 0; k < K_; ++k) back.push_back(g_.leaf(Leaf::Kind::cotangent, k));
    NodeIndex dz = g_.leaf(Leaf::Kind::dspike);
    for (const auto &[k, text] : d_.reset) {
      const NodeIndex seen = k == 0 ? g_.product(through, back[0]) : back[k];
      dz = g_.sum(dz, g_.make(Op::multiply_if, seen, g_.make(Op::subtract, after[k], states_[k])));
    }
    const Nodes by_reset = gradient(g_, after, back, states_), dtop = gradient(g_, {top}, {one}, states_);
    const NodeIndex by_spike = g_.make(Op::multiply_if, slope, dz);
    Nodes out;
    for (std::size_t k = 0; k < K_; ++k) {
      const NodeIndex kept = g_.where(spiked, by_reset[k], back[k]),
                      beyond = g_.make(Op::subtract, g_.literal(k == 0 ? 1 : 0), dtop[k]);
      out.push_back(g_.sum(kept, g_.product(by_spike, beyond)));
    }
    add(&Programs::fire_vjp, std::move(out));
  }

  void add(Program Programs::*which, Nodes outputs) { wanted_.emplace_back(which, std::move(outputs)); }

  // What follows from parameters alone is computed once. Then the programs are listed.
  void derive(Programs &out) {
    std::vector<bool> reached(g_.size(), false);
    for (const auto &[which, outputs] : wanted_)
      for (const NodeIndex node : outputs) reached[node] = true;
    Nodes derived;
    for (NodeIndex k = g_.size(); k-- > 0;) {
      if (!reached[k] || g_[k].op <= Op::leaf) continue;
      if (g_.is_constant(k))
        derived.push_back(k);
      else
        for (std::size_t n = 0; n < arity(g_[k].op); ++n) reached[g_[k].arguments[n]] = true;
    }
    out.prepare = flatten(g_, derived, {});
    for (const NodeIndex node : derived) {
      const std::size_t place = constants_.size() + (d_.refractory ? 1 : 0) + derived_.size();
      derived_.emplace(node, place);
    }
    for (const auto &[which, outputs] : wanted_) out.*which = flatten(g_, outputs, derived_);
  }

  const Definition &d_;
  std::size_t K_;
  Graph g_;
  Nodes states_, constants_;
  NodeIndex soma_ = 0, apical_ = 0;
  std::vector<std::pair<Program Programs::*, Nodes>> wanted_;
  Derived derived_;
  bool linear_ = false;
};

engram_parameter parameter_in_table(const DefinedParameter &from) {
  constexpr double any = std::numeric_limits<double>::infinity();
  const double usual = from.value.kind == model::Quantity::Kind::values ? from.value.values.front() : from.value.a;
  return {from.name.c_str(), from.unit.c_str(), usual, -any, any, from.help.c_str(), nullptr};
}

// Fills in the table, and what it points to.
void write_table(Compiled &out, std::size_t derived, bool linear) {
  const auto &d = out.definition;
  out.summary = "equations that the model file writes out";
  for (const auto &one : d.states)
    out.states.push_back({one.name.c_str(), one.unit.c_str(), one.initial,
                          one.from.empty() ? nullptr : one.from.c_str(), one.help.c_str()});
  for (const auto &one : d.parameters) out.constants.push_back(parameter_in_table(one));
  auto &table = out.table;
  if (d.refractory) {
    constexpr double any = std::numeric_limits<double>::infinity();
    out.constants.push_back(
        {"refractory", "ms", 0, 0, any, "for how long the potential is held after a spike", nullptr});
    table.refractory = static_cast<std::uint32_t>(out.constants.size());
  }
  table.table_size = sizeof(HostTable);
  table.abi_version = ENGRAM_DYNAMICS_ABI_VERSION;
  table.name = "equations";
  table.summary = out.summary.c_str();
  table.reference = "";
  table.integrator = "runge_kutta4";
  table.activation = d.activation ? "linear" : nullptr;
  table.reads_apical = d.reads_apical ? 1 : 0;
  table.spikes = d.spikes() ? 1 : 0;
  table.upward = d.spikes() && d.reset.empty() ? 1 : 0;
  table.linear = linear ? 1 : 0;
  if (d.spikes()) {
    table.surrogate_gain = surrogate_gain;
    table.surrogate_width = surrogate_width;
  }
  table.states = out.states.data();
  table.state_count = out.states.size();
  table.parameters = out.constants.data();
  table.parameter_count = out.constants.size();
  table.derived_count = derived;
  table.callbacks[ENGRAM_SINGLE] = callbacks_of<float>(d);
  table.callbacks[ENGRAM_DOUBLE] = callbacks_of<double>(d);
  table.own = &out.programs;
}

} // namespace

std::shared_ptr<const Compiled> compile(Definition definition) {
  auto out = std::make_shared<Compiled>();
  out->definition = std::move(definition);
  const auto &d = out->definition;
  Compiler compiler(d);
  out->programs = compiler.all();
  write_table(*out, compiler.derived(), compiler.linear());
  return out;
}

} // namespace engram::dynamics::equations
