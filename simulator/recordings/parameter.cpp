#include "recordings/parameter.hpp"

#include "input/schema_words.hpp"

#include <cmath>
#include <cstdint>
#include <sstream>
#include <stdexcept>

namespace engram::recordings {

using input::Json;

Parameter word(const std::string &name, const std::vector<std::string> &words, const std::string &initial,
               const std::string &help) {
  return {.name = name, .unit = "", .help = help, .initial = initial, .words = words};
}

Parameter text(const std::string &name, const std::string &help) {
  return {.name = name, .unit = "", .help = help, .initial = std::string(), .words = {}};
}

std::vector<std::string> parts_of(const std::string &text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, '+');) out.push_back(part);
  return out;
}

std::vector<std::size_t> whole_numbers(const std::string &text) {
  std::vector<std::size_t> out;
  for (const auto &part : parts_of(text)) {
    if (part.empty() || part.size() > 9 || part.find_first_not_of("0123456789") != std::string::npos) return {};
    out.push_back(std::stoul(part));
  }
  return out;
}

Parameter number_from(const std::string &name, const std::string &unit, double minimum, double initial,
                      const std::string &help) {
  return {.name = name, .unit = unit, .help = help, .initial = initial, .words = {}, .minimum = minimum};
}

Parameter positive(const std::string &name, const std::string &unit, double initial, const std::string &help) {
  return {
      .name = name, .unit = unit, .help = help, .initial = initial, .words = {}, .minimum = 0, .above_minimum = true};
}

Parameter whole(const std::string &name, double minimum, double initial, const std::string &help) {
  return {.name = name,
          .unit = "",
          .help = help,
          .initial = initial,
          .words = {},
          .minimum = minimum,
          .maximum = 100000,
          .whole = true};
}

Parameter yes_or_no(const std::string &name, const std::string &help) {
  return {.name = name, .unit = "", .help = help, .initial = false, .words = {}};
}

Json schema_of(const Parameter &p) {
  const std::string help = p.unit.empty() ? p.help : p.help + " (" + p.unit + ")";
  if (std::holds_alternative<std::string>(p.initial) && p.words.empty()) {
    Json out = input::type_schema("string", help);
    out["minLength"] = 1;
    return out;
  }
  if (std::holds_alternative<std::string>(p.initial))
    return input::one_of_words(p.words, help, std::get<std::string>(p.initial));
  if (std::holds_alternative<bool>(p.initial)) {
    Json out = input::type_schema("boolean", help);
    out["default"] = std::get<bool>(p.initial);
    return out;
  }
  const auto number = [&](double x) { return p.whole ? Json(static_cast<std::int64_t>(x)) : Json(x); };
  Json out = input::type_schema(p.whole ? "integer" : "number", help);
  if (std::isfinite(p.minimum)) out[p.above_minimum ? "exclusiveMinimum" : "minimum"] = number(p.minimum);
  if (std::isfinite(p.maximum)) out["maximum"] = number(p.maximum);
  if (p.has_initial()) out["default"] = number(std::get<double>(p.initial));
  return out;
}

Value value_of(const Json &json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number()) return json.get<double>();
  return json.get<std::string>();
}

Settings::Settings(const std::vector<Parameter> &parameters, const std::map<std::string, Value> &given) {
  for (const auto &parameter : parameters) values_[parameter.name] = parameter.initial;
  for (const auto &[name, value] : given) {
    if (!values_.contains(name)) throw std::invalid_argument("the method has no parameter '" + name + "'");
    values_[name] = value;
    given_.insert(name);
  }
}

} // namespace engram::recordings
