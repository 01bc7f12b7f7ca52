#include "learning/open_rule.hpp"

#include "learning/open_library.hpp"
#include "learning/rule_table.hpp"

#include <vector>

namespace engram::learning {

OpenRule::OpenRule(const std::string &file) : OpenRule(open_library(file), file) {}

OpenRule::OpenRule(SharedObject object, const std::string &file) : object_(std::move(object)) {
  table_ = static_cast<const engram_rule *>(
      table_of_library(object_, ENGRAM_ENTRY_POINT, model::PluginKind::rule, "ENGRAM_RULE", file));
  check_table(table_, file);
  std::vector<const void *> own{table_,         table_->parameters, table_->signals,          table_->modulators,
                                table_->states, table_->state_late, table_->state_from_weight};
  for (std::size_t k = 0; k < table_->parameter_count; ++k) own.push_back(table_->parameters[k].choices);
  check_own(object_, ENGRAM_ENTRY_POINT, own, file);
}

} // namespace engram::learning
