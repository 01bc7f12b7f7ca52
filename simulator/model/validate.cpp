// In a file of its own: valijson is slow to compile.
#include "model/diagnose.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace engram::model {

std::string validate(const Json &schema, const Json &value) {
  const nlohmann::json plain_schema = schema, plain = value; // the adapter knows the unordered kind alone
  valijson::Schema compiled;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(plain_schema), compiled);
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(plain), &results)) return "";
  valijson::ValidationResults::Error error;
  std::string text = "does not fit the schema";
  while (results.popError(error)) {
    text += "; ";
    for (const auto &step : error.context) text += step;
    text += ": " + error.description;
  }
  return text;
}

} // namespace engram::model
