#include "network/signals.hpp"

namespace engram::network {

std::optional<Signal> signal_named(std::string_view name) {
  for (std::size_t k = 0; k < signal_count; ++k)
    if (signal_names[k] == name) return static_cast<Signal>(k);
  return std::nullopt;
}

std::optional<Compartment> compartment_named(std::string_view name) {
  if (name == "soma") return Compartment::soma;
  if (name == "apical") return Compartment::apical;
  return std::nullopt;
}

} // namespace engram::network
