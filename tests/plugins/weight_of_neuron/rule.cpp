// The plugin finder must refuse this table: a state of a neuron says that it begins as a weight.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("weight_of_neuron");
  static const engram_state states[] = {{ENGRAM_PRE, "x", "", 0, 1, "for a test"}};
  static const uint32_t from[] = {1};
  table.rule.states = states;
  table.rule.state_count = 1;
  table.rule.state_from_weight = from;
  return &table.rule;
}
