#include "dynamics/equations/definition.hpp"
#include "dynamics/equations/functions.hpp"
#include "input/nearest.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <set>

namespace engram::dynamics::equations {

namespace {

class DefinitionCheck {
public:
  DefinitionCheck(Definition &definition, const std::string &pointer, input::Problems &problems)
      : d_(definition), pointer_(pointer), problems_(problems) {}

  void all() {
    const std::size_t before = problems_.count();
    symbols();
    starts();
    if (problems_.count() == before) order();
    if (problems_.count() == before) currents();
    if (problems_.count() == before) units();
    if (problems_.count() == before) unused();
  }

private:
  void problem(const std::string &below, const std::string &message) { problems_.add(pointer_ + below, message); }
  void problem(const Text &text, std::size_t column, const std::string &message) {
    problem(text.pointer, fmt::format("column {}: {}", column, message));
  }

  template <class F> void each_text(F f) const {
    for (const auto &one : d_.names) f(one.text);
    each_result(f);
  }
  template <class F> void each_result(F f) const {
    for (const auto &one : d_.states) f(one.slope);
    for (const auto *one : {&d_.rate, &d_.potential, &d_.threshold})
      if (*one) f(**one);
    for (const auto &one : d_.reset) f(one.second);
  }
  static bool is_soma(const std::string &name) {
    return std::find(std::begin(soma_names), std::end(soma_names), name) != std::end(soma_names);
  }

  // Every name is known.
  void symbols() {
    std::vector<std::string> known;
    for (const auto &one : d_.states) known.push_back(one.name);
    for (const auto &one : d_.parameters) known.push_back(one.name);
    for (const auto &one : d_.names) known.push_back(one.name);
    known.insert(known.end(), std::begin(soma_names), std::end(soma_names));
    known.insert(known.end(), {apical_name, circle_name});
    each_text([&](const Text &text) {
      for (const auto &term : text.expression.terms)
        if (term.kind == Term::Kind::name && std::find(known.begin(), known.end(), term.name) == known.end())
          problem(text, term.column, input::unknown("symbol", term.name.substr(0, 64), known));
    });
  }

  void starts() {
    std::vector<std::string> names;
    for (const auto &one : d_.parameters) names.push_back(one.name);
    for (const auto &state : d_.states)
      if (!state.from.empty() && std::find(names.begin(), names.end(), state.from) == names.end())
        problem(input::below("/states", state.name) + "/initial",
                input::unknown("parameter", input::shown(state.from), names));
  }

  // Each name of "let" after those that it holds.
  void order() {
    enum class Mark { unseen, open, done };
    std::map<std::string, std::size_t> place;
    for (std::size_t k = 0; k < d_.names.size(); ++k) place[d_.names[k].name] = k;
    std::vector<Mark> marks(d_.names.size(), Mark::unseen);
    std::vector<std::size_t> sorted;
    std::vector<std::string> way;
    bool round = false;
    const std::function<void(std::size_t)> visit = [&](std::size_t k) { // no deeper than there are names
      if (round || marks[k] == Mark::done) return;
      way.push_back(d_.names[k].name);
      if (marks[k] == Mark::open) {
        way.erase(way.begin(), std::find(way.begin(), way.end(), d_.names[k].name));
        problem(d_.names[k].text.pointer, fmt::format("is defined by itself: {}", fmt::join(way, " → ")));
        round = true;
        return;
      }
      marks[k] = Mark::open;
      for (const auto &term : d_.names[k].text.expression.terms)
        if (term.kind == Term::Kind::name && place.contains(term.name)) visit(place.at(term.name));
      if (round) return;
      way.pop_back();
      marks[k] = Mark::done;
      sorted.push_back(k);
    };
    for (std::size_t k = 0; k < d_.names.size(); ++k) visit(k);
    if (round) return;
    std::vector<DefinedName> names;
    for (const std::size_t k : sorted) names.push_back(std::move(d_.names[k]));
    d_.names = std::move(names);
  }

  // Only slopes see currents, and no threshold the state that is to reach it. `reads`: by name of "let", which of these
  // it holds.
  void currents() {
    std::map<std::string, std::set<std::string>> reads;
    const std::string &first = d_.states[0].name;
    const auto of = [&](const Text &text) {
      std::set<std::string> out;
      for (const auto &term : text.expression.terms) {
        if (term.kind != Term::Kind::name) continue;
        if (is_soma(term.name) || term.name == apical_name || term.name == first) out.insert(term.name);
        if (const auto named = reads.find(term.name); named != reads.end())
          out.insert(named->second.begin(), named->second.end());
      }
      return out;
    };
    for (const auto &one : d_.names) reads[one.name] = of(one.text);
    for (const auto &state : d_.states)
      for (const auto &name : of(state.slope)) {
        d_.reads_soma = d_.reads_soma || is_soma(name);
        d_.reads_apical = d_.reads_apical || name == apical_name;
      }
    const auto refuse = [&](const Text &text) {
      auto found = of(text);
      found.erase(first);
      if (!found.empty())
        problem(text.pointer, fmt::format("holds the current '{}', which only slopes may: what is seen of neurons, and "
                                          "when they spike, follows from their states",
                                          *found.begin()));
    };
    for (const auto *one : {&d_.rate, &d_.potential, &d_.threshold})
      if (*one) refuse(**one);
    for (const auto &one : d_.reset) refuse(one.second);
    if (!d_.threshold) return;
    const auto &whole = d_.threshold->expression.terms.back();
    if (of(*d_.threshold).contains(first) || gives_truth(whole))
      problem(d_.threshold->pointer,
              fmt::format("is the value that '{}' reaches, as \"-50\", and no condition", first));
  }

  static bool gives_truth(const Term &term) {
    if (term.kind != Term::Kind::call) return false;
    const auto units = function_named(term.name, term.parts.size())->units;
    return units == UnitRule::compares || units == UnitRule::truths;
  }

  void units() {
    using Kind = Measure::Kind;
    const auto given = [](const std::string &unit) {
      return unit.empty() ? Measure{} : Measure{Kind::known, unit_of(unit)};
    };
    const Unit mV = unit_of("mV"), pA = unit_of("pA"), ms = unit_of("ms");
    std::map<std::string, Measure> names{{circle_name, {Kind::known, {}}}};
    const auto has_unit = [](const auto &one) { return !one.unit.empty(); };
    const bool any = std::any_of(d_.states.begin(), d_.states.end(), has_unit) ||
                     std::any_of(d_.parameters.begin(), d_.parameters.end(), has_unit);
    const Measure current = any && d_.spikes() ? Measure{Kind::known, pA} : Measure{};
    for (const char *name : soma_names) names[name] = current;
    names[apical_name] = current;
    for (const auto &one : d_.states) names[one.name] = given(one.unit);
    for (const auto &one : d_.parameters) names[one.name] = given(one.unit);
    const auto is_in = [&](const Text &text, const Measure &wanted, const char *what) -> Measure {
      try {
        const Measure found = measure_of(text.expression, names);
        if (found.kind == Kind::known && wanted.kind == Kind::known && !is_same(found.unit, wanted.unit))
          problem(text.pointer,
                  fmt::format("is in {}, and {} is in {}", to_text(found.unit), what, to_text(wanted.unit)));
        return found;
      } catch (const Mistake &mistake) {
        problem(text, mistake.column, mistake.message);
        return {};
      }
    };
    for (const auto &one : d_.names) names[one.name] = is_in(one.text, {}, "");
    for (const auto &one : d_.states) {
      Measure slope = names.at(one.name);
      if (slope.kind == Kind::known) slope.unit = slope.unit / ms;
      is_in(one.slope, slope, "the slope of this state");
      if (one.from.empty()) continue;
      const Measure from = names.at(one.from), own = names.at(one.name);
      if (from.kind == Kind::known && own.kind == Kind::known && !is_same(from.unit, own.unit))
        problem(input::below("/states", one.name) + "/initial",
                fmt::format("'{}' is in {}, and the state is in {}", one.from, to_text(from.unit), to_text(own.unit)));
    }
    if (d_.spikes() && names.at(d_.states[0].name).kind == Kind::known &&
        !is_same(names.at(d_.states[0].name).unit, mV))
      problem(input::below("/states", d_.states[0].name) + "/unit",
              "the first state of neurons that spike is their potential, in mV");
    if (d_.rate) is_in(*d_.rate, {}, "");
    if (d_.potential) is_in(*d_.potential, {}, "");
    if (d_.threshold) is_in(*d_.threshold, names.at(d_.states[0].name), "the first state");
    for (const auto &[k, text] : d_.reset) is_in(text, names.at(d_.states[k].name), "the state");
  }

  // What nothing reads may be a slip.
  void unused() {
    std::set<std::string> read;
    each_text([&](const Text &text) {
      for (const auto &term : text.expression.terms)
        if (term.kind == Term::Kind::name) read.insert(term.name);
    });
    for (const auto &state : d_.states) read.insert(state.from);
    for (const auto &one : d_.parameters)
      if (!read.contains(one.name)) problems_.warn(pointer_ + one.pointer, "no equation reads this parameter");
    for (const auto &one : d_.names)
      if (!read.contains(one.name)) problems_.warn(pointer_ + one.text.pointer, "no equation reads this name");
  }

  Definition &d_;
  const std::string &pointer_;
  input::Problems &problems_;
};

} // namespace

void check_definition(Definition &definition, const std::string &pointer, input::Problems &problems) {
  DefinitionCheck(definition, pointer, problems).all();
}

} // namespace engram::dynamics::equations
