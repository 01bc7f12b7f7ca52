// plain_table() gives the sound table with two callbacks that are one plain C function, for plugins that break what
// rule.hpp keeps.
#pragma once

#include "sound_table.hpp"

inline const engram_rule *plain_table(const char *name, engram_factors factor) {
  static SoundTable sound(name);
  sound.rule.parameter_count = 0;
  for (auto &calls : sound.rule.callbacks) calls.pre_factors = calls.post_factors = factor;
  return &sound.rule;
}
