// These functions check the table that a rule hands over, before anything else reads it, and translate it into the
// model's words.
#pragma once

#include "model/vocabulary.hpp"

#include <engram/plugin.h>

#include <string>

namespace engram::learning {

/// Throws PluginError unless the table can be used as it stands. `file` begins the message. The versions are
/// compared first: of a table of another version nothing else is read.
void check_table(const engram_rule *table, const std::string &file);

/// A checked table as the vocabulary lists it.
model::RuleInfo rule_info_of(const engram_rule &table, const std::string &file);

} // namespace engram::learning
