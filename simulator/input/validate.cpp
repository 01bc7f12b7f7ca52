// This has a file of its own because valijson is slow to compile.
#include "input/diagnose.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <cmath>
#include <cstdint>

namespace engram::input {

namespace {

/// "<root>", "[circuits]", "[0]" as a JSON pointer.
std::string pointer_of(const std::vector<std::string> &context) {
  std::string pointer;
  for (const std::string &step : context)
    if (step.size() > 2 && step.front() == '[') pointer = below(pointer, step.substr(1, step.size() - 2));
  return pointer;
}

// 4.0 is an integer in draft-07, and valijson takes 4 alone for one. Larger ones, which int64 may not hold, are beyond
// every bound of ours.
void make_whole(nlohmann::json &value) {
  if (value.is_structured())
    for (auto &item : value) make_whole(item);
  if (!value.is_number_float()) return;
  const double x = value.get<double>();
  if (std::floor(x) == x && std::abs(x) < 9.2e18) value = static_cast<std::int64_t>(x);
}

} // namespace

std::string validate(const Json &schema, const Json &value, std::string *pointer) {
  const nlohmann::json plain_schema = schema; // the adapter knows the unordered kind alone
  nlohmann::json plain = value;
  make_whole(plain);
  valijson::Schema compiled;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(plain_schema), compiled);
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(plain), &results)) return "";
  // Each level tells that the one within it does not fit: the innermost says why.
  valijson::ValidationResults::Error error;
  std::vector<std::string> context;
  std::string why;
  while (results.popError(error))
    if (why.empty() || error.context.size() > context.size()) {
      context = error.context;
      why = error.description;
    }
  if (pointer != nullptr) *pointer = pointer_of(context);
  return "does not fit the schema: " + shown(why);
}

} // namespace engram::input
