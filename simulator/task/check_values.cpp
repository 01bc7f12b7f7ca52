#include "task/check_values.hpp"

#include "input/input_error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <type_traits>

namespace engram::task {

void refuse_not_finite(const data::Array &array, const std::string &name, double scale, const model::Model &model,
                       bool missing) {
  const double largest = model.single ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const auto first = [&](const auto &values) {
    using Value = typename std::decay_t<decltype(values)>::value_type;
    // Whole numbers are finite: they are looked at where the largest of them would not be.
    if (std::is_integral_v<Value> &&
        std::abs(scale) * static_cast<double>(std::numeric_limits<Value>::max()) <= largest)
      return values.size();
    std::size_t k = 0;
    const auto good = [&](double x) { return std::abs(x) * std::abs(scale) <= largest || (missing && std::isnan(x)); };
    while (k < values.size() && good(static_cast<double>(values[k]))) ++k;
    return k;
  };
  const std::size_t at = std::visit(first, array.values);
  if (at == array.size()) return;
  const auto source = model.task.stimuli.arrays.find(name);
  const bool file = source != model.task.stimuli.arrays.end() && !source->second.file.empty();
  const std::size_t width = std::max<std::size_t>(1, array.row_size());
  const double value = array.at(at);
  const std::string what =
      fmt::format("row {}, column {} is {}, {}", at / width + 1, at % width + 1, value,
                  std::isfinite(value) ? "too large for the precision of the run" : "not a finite number");
  if (file) throw data::DataError(source->second.file + ": " + what);
  throw input::InputError({{model.file, 0, "/task/stimuli/" + name, what}});
}

bool may_be_missing(const std::string &name, const model::Model &model, const TaskEntries &entries) {
  using Kind = model::Target::Kind;
  bool used = false;
  for (const auto *term : model::terms_of(model)) {
    const auto &target = term->target;
    const bool mine = target.kind == Kind::array  ? target.array == name
                      : target.kind == Kind::task ? name == "targets" && target.array != "labels"
                                                  : false;
    if (!mine) continue;
    if (!objective_named(term->type, entries).masks || term->delivery == model::Objective::Delivery::clamp)
      return false;
    used = true;
  }
  for (const auto &phase : model.task.trial)
    for (const auto &shown : phase.stimuli)
      if (shown.array == name) return false;
  return used;
}

std::size_t count_missing(const data::Array &array) {
  return std::visit(
      [](const auto &values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        std::size_t count = 0;
        if constexpr (std::is_floating_point_v<Value>)
          for (const auto x : values) count += std::isnan(x);
        return count;
      },
      array.values);
}

bool has_negative(const data::Array &array) {
  return std::visit(
      [](const auto &values) { return std::any_of(values.begin(), values.end(), [](auto x) { return x < 0; }); },
      array.values);
}

} // namespace engram::task
