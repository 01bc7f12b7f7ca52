// The units of what equations name, and whether an expression joins only what has the same unit. Numbers are taken as
// they are: nothing is converted, so that pA and nA do not go together.
#pragma once

#include "dynamics/equations/expression.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>

namespace engram::dynamics::equations {

/// A product of powers of V, A, s, m, mol and K, times a power of ten.
struct Unit {
  std::array<double, 6> powers{}; ///< of V, A, s, m, mol, K; √ makes halves
  double ten = 0;                 ///< mV: −3
};

Unit operator*(const Unit &a, const Unit &b);
Unit operator/(const Unit &a, const Unit &b);
Unit to_the(const Unit &a, double exponent);
bool is_same(const Unit &a, const Unit &b);
bool is_plain(const Unit &a); ///< a number without a unit, as it is
std::string to_text(const Unit &a);

/// "mV", "mV/ms", "nS*mV", "1/(mV ms)", "uA/cm^2", "1". Errors: Mistake.
Unit unit_of(const std::string &text);

/// What is known of the unit of an expression.
struct Measure {
  enum class Kind {
    number, ///< written as a number: as a factor it has no unit, as a term that of what it is added to
    unknown,
    known
  };
  Kind kind = Kind::unknown;
  Unit unit{};
};

/// The unit of an expression. `names`: of all names that it holds. Errors: Mistake, where units do not go together.
Measure measure_of(const Expression &expression, const std::map<std::string, Measure> &names);

} // namespace engram::dynamics::equations
