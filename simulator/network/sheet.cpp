#include "network/sheet.hpp"

#include <cmath>

namespace engram::network {

Place place_on_sheet(std::size_t k, std::size_t neurons) {
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(neurons))));
  const std::size_t rows = (neurons + columns - 1) / columns;
  return {(static_cast<double>(k % columns) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(k / columns) + 0.5) / static_cast<double>(rows)};
}

} // namespace engram::network
