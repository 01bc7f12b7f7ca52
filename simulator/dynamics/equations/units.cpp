#include "dynamics/equations/units.hpp"

#include "dynamics/equations/functions.hpp"
#include "input/document.hpp"

#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

namespace engram::dynamics::equations {

namespace {

struct Symbol {
  std::string_view name;
  Unit unit;
};

// Powers of V, A, s, m, mol, K.
const std::vector<Symbol> &symbols() {
  static const std::vector<Symbol> all{
      {"V", {{1, 0, 0, 0, 0, 0}, 0}},    {"A", {{0, 1, 0, 0, 0, 0}, 0}},   {"s", {{0, 0, 1, 0, 0, 0}, 0}},
      {"m", {{0, 0, 0, 1, 0, 0}, 0}},    {"mol", {{0, 0, 0, 0, 1, 0}, 0}}, {"K", {{0, 0, 0, 0, 0, 1}, 0}},
      {"S", {{-1, 1, 0, 0, 0, 0}, 0}},   {"F", {{-1, 1, 1, 0, 0, 0}, 0}},  {"Ohm", {{1, -1, 0, 0, 0, 0}, 0}},
      {"ohm", {{1, -1, 0, 0, 0, 0}, 0}}, {"Ω", {{1, -1, 0, 0, 0, 0}, 0}},  {"Hz", {{0, 0, -1, 0, 0, 0}, 0}},
      {"C", {{0, 1, 1, 0, 0, 0}, 0}},    {"W", {{1, 1, 0, 0, 0, 0}, 0}},   {"J", {{1, 1, 1, 0, 0, 0}, 0}},
      {"M", {{0, 0, 0, -3, 1, 0}, 3}},   {"L", {{0, 0, 0, 3, 0, 0}, -3}},  {"l", {{0, 0, 0, 3, 0, 0}, -3}}};
  return all;
}

constexpr std::pair<std::string_view, double> prefixes[] = {{"f", -15}, {"p", -12}, {"n", -9}, {"u", -6},
                                                            {"µ", -6},  {"μ", -6},  {"m", -3}, {"c", -2},
                                                            {"k", 3},   {"M", 6},   {"G", 9}};

std::optional<Unit> named(std::string_view word) {
  for (const auto &symbol : symbols())
    if (symbol.name == word) return symbol.unit;
  for (const auto &[prefix, ten] : prefixes) {
    if (!word.starts_with(prefix)) continue;
    for (const auto &symbol : symbols())
      if (symbol.name == word.substr(prefix.size())) {
        Unit out = symbol.unit;
        out.ten += ten;
        return out;
      }
  }
  return std::nullopt;
}

constexpr double tiny = 1e-9;

// Products and quotients of units, from the left; a quotient divides by what stands next.
class UnitParser {
public:
  explicit UnitParser(const std::string &text) : text_(text) {}

  Unit all() {
    Unit out = product(0);
    skip_blanks();
    if (at_ < text_.size()) wrong();
    return out;
  }

private:
  [[noreturn]] void wrong() const {
    throw Mistake{
        at_ + 1, fmt::format("'{}' is no unit; units are written as mV, nS, pA/ms, uA/cm^2 or 1", input::shown(text_))};
  }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view sign) {
    skip_blanks();
    if (!std::string_view(text_).substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  Unit product(int depth) {
    Unit out = factor(depth);
    while (true) {
      skip_blanks();
      if (at_ == text_.size() || text_[at_] == ')') return out;
      if (take("/"))
        out = out / factor(depth);
      else if (take("*") || take("·"))
        out = out * factor(depth);
      else
        out = out * factor(depth); // a blank
    }
  }
  Unit factor(int depth) {
    if (depth > 20) wrong();
    Unit out;
    if (take("(")) {
      out = product(depth + 1);
      if (!take(")")) wrong();
    } else if (take("1")) {
      if (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') wrong(); // 1 is the only number
    } else {
      skip_blanks();
      std::size_t end = at_;
      while (end < text_.size() && std::string_view(" */()^-0123456789").find(text_[end]) == std::string_view::npos &&
             !std::string_view(text_).substr(end).starts_with("·"))
        ++end;
      const auto unit = named(std::string_view(text_).substr(at_, end - at_));
      if (!unit) wrong();
      out = *unit;
      at_ = end;
    }
    const bool raised = take("^");
    const bool falls = take("-");
    if (at_ < text_.size() && text_[at_] >= '1' && text_[at_] <= '9')
      return to_the(out, (falls ? -1 : 1) * (text_[at_++] - '0'));
    if (raised || falls) wrong();
    return out;
  }

  const std::string &text_;
  std::size_t at_ = 0;
};

// The kinds of a sum, a comparison or the like: all known ones have to be the same.
Measure joined(const Term &term, const Measure &a, const Measure &b) {
  using Kind = Measure::Kind;
  if (a.kind != Kind::known) return b.kind == Kind::number ? a : b;
  if (b.kind != Kind::known || is_same(a.unit, b.unit)) return a;
  const Unit ratio = a.unit / b.unit;
  const bool scaled = is_plain({ratio.powers, 0});
  throw Mistake{term.column, fmt::format("'{}' of {} and {}: {}", term.name, to_text(a.unit), to_text(b.unit),
                                         scaled ? "numbers are not converted, so both must have the same unit"
                                                : "they are not of one kind")};
}

// The number that a part is written as: with its sign, or as a quotient.
std::optional<double> written(const Expression &expression, std::size_t part) {
  const auto &term = expression.terms[part];
  if (term.kind == Term::Kind::number) return term.number;
  if (term.kind == Term::Kind::call && term.name == "-" && term.parts.size() == 1)
    if (const auto x = written(expression, term.parts[0])) return -*x;
  if (term.kind != Term::Kind::call || term.name != "/") return std::nullopt;
  const auto a = written(expression, term.parts[0]), b = written(expression, term.parts[1]);
  return a && b ? std::optional(*a / *b) : std::nullopt;
}

Measure measure_of_call(const Expression &expression, const Term &term, const std::vector<Measure> &all) {
  using Kind = Measure::Kind;
  const auto part = [&](std::size_t k) -> const Measure & { return all[term.parts[k]]; };
  const Measure plain{Kind::known, {}};
  // Of a product or quotient: a number counts as one without a unit.
  const auto scaled = [&](auto combine) -> Measure {
    const Measure &a = part(0), &b = part(1);
    if (a.kind == Kind::unknown || b.kind == Kind::unknown) return {};
    if (a.kind == Kind::number && b.kind == Kind::number) return {Kind::number, {}};
    return {Kind::known, combine(a.unit, b.unit)};
  };
  switch (function_named(term.name, term.parts.size())->units) {
  case UnitRule::keeps: {
    Measure out = part(0);
    for (std::size_t k = 1; k < term.parts.size(); ++k) out = joined(term, out, part(k));
    return out;
  }
  case UnitRule::chooses:
    return joined(term, part(1), part(2));
  case UnitRule::compares:
    joined(term, part(0), part(1));
    return plain;
  case UnitRule::truths:
    return plain;
  case UnitRule::plain:
    if (part(0).kind == Kind::known && !is_plain(part(0).unit))
      throw Mistake{term.column,
                    fmt::format("'{}' of {}: it takes a number without a unit", term.name, to_text(part(0).unit))};
    return part(0).kind == Kind::number ? part(0) : plain;
  case UnitRule::root:
    return {part(0).kind, to_the(part(0).unit, 0.5)};
  case UnitRule::product:
    return scaled([](const Unit &a, const Unit &b) { return a * b; });
  case UnitRule::quotient:
    return scaled([](const Unit &a, const Unit &b) { return a / b; });
  case UnitRule::power: {
    if (part(1).kind == Kind::known && !is_plain(part(1).unit))
      throw Mistake{term.column,
                    fmt::format("an exponent in {}: it takes a number without a unit", to_text(part(1).unit))};
    if (part(0).kind != Kind::known) return part(0).kind == Kind::number ? part(1) : part(0);
    if (const auto exponent = written(expression, term.parts[1])) return {Kind::known, to_the(part(0).unit, *exponent)};
    if (!is_plain(part(0).unit))
      throw Mistake{term.column, fmt::format("the exponent of {} is to be written as a number", to_text(part(0).unit))};
    return plain;
  }
  }
  return {};
}

} // namespace

Unit operator*(const Unit &a, const Unit &b) {
  Unit out = a;
  for (std::size_t k = 0; k < out.powers.size(); ++k) out.powers[k] += b.powers[k];
  out.ten += b.ten;
  return out;
}

Unit operator/(const Unit &a, const Unit &b) { return a * to_the(b, -1); }

Unit to_the(const Unit &a, double exponent) {
  Unit out = a;
  for (double &power : out.powers) power *= exponent;
  out.ten *= exponent;
  return out;
}

bool is_plain(const Unit &a) { return is_same(a, {}); }

bool is_same(const Unit &a, const Unit &b) {
  bool same = std::abs(a.ten - b.ten) < tiny;
  for (std::size_t k = 0; k < a.powers.size(); ++k) same = same && std::abs(a.powers[k] - b.powers[k]) < tiny;
  return same;
}

std::string to_text(const Unit &a) {
  static const std::vector<std::string> usual{"mV",   "ms",   "pA",   "nS",  "pF", "V",  "s", "nA", "uA",
                                              "A",    "uS",   "mS",   "S",   "nF", "uF", "F", "Hz", "kHz",
                                              "MOhm", "GOhm", "kOhm", "Ohm", "mM", "uM", "K", "um", "cm"};
  if (is_plain(a)) return "a number without a unit";
  std::vector<std::pair<std::string, Unit>> known;
  for (const auto &name : usual) known.emplace_back(name, *named(name));
  for (const auto &[name, unit] : known)
    if (is_same(a, unit)) return name;
  for (const auto &[name, unit] : known) {
    if (is_same(a, to_the(unit, -1))) return "1/" + name;
    if (is_same(a, to_the(unit, 2))) return name + "^2";
  }
  for (const auto &[above, unit] : known)
    for (const auto &[below, other] : known) {
      if (is_same(a, unit / other)) return above + "/" + below;
      if (is_same(a, unit * other)) return above + "*" + below;
    }
  static const std::array<const char *, 6> bases{"V", "A", "s", "m", "mol", "K"};
  std::string out = std::abs(a.ten) < tiny ? "" : fmt::format("10^{:g}", a.ten);
  for (std::size_t k = 0; k < bases.size(); ++k)
    if (std::abs(a.powers[k]) > tiny)
      out += fmt::format("{}{}{}", out.empty() ? "" : " ", bases[k],
                         std::abs(a.powers[k] - 1) < tiny ? "" : fmt::format("^{:g}", a.powers[k]));
  return out;
}

Unit unit_of(const std::string &text) {
  if (text.size() > 64) throw Mistake{1, "a unit of more than 64 characters"};
  return UnitParser(text).all();
}

Measure measure_of(const Expression &expression, const std::map<std::string, Measure> &names) {
  std::vector<Measure> all;
  for (const auto &term : expression.terms) {
    if (term.kind == Term::Kind::number)
      all.push_back({Measure::Kind::number, {}});
    else if (term.kind == Term::Kind::name)
      all.push_back(names.at(term.name));
    else
      all.push_back(measure_of_call(expression, term, all));
  }
  return all.back();
}

} // namespace engram::dynamics::equations
