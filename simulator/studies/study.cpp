#include "studies/study.hpp"

#include "studies/setting.hpp"

#include <algorithm>

namespace engram::studies {

std::size_t Study::combinations() const {
  std::size_t out = 1;
  for (const auto &group : groups) out *= group.count;
  return out;
}

std::string Axis::text(std::size_t value) const { return as_word(values.at(value)); }

std::string name_of(Measure measure, char between) {
  static const char *const names[measure_count] = {"training loss", "training accuracy", "training reward",
                                                   "held_out loss", "held_out accuracy", "held_out reward"};
  std::string out = names[static_cast<std::size_t>(measure)];
  std::replace(out.begin(), out.end(), ' ', between);
  return out;
}

} // namespace engram::studies
