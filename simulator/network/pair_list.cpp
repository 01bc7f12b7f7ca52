#include "network/pair_list.hpp"

#include "input/input_error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace engram::network {

double PairList::weight_of(std::size_t post, std::size_t pre) const {
  const auto first = target.begin() + static_cast<std::ptrdiff_t>(begin[pre]);
  const auto last = target.begin() + static_cast<std::ptrdiff_t>(begin[pre + 1]);
  return weight[static_cast<std::size_t>(std::lower_bound(first, last, post) - target.begin())];
}

PairList pair_list(const Pairs &pairs, std::size_t posts, std::size_t pres) {
  if (pairs.columns != 2 && pairs.columns != 3)
    throw input::InputError(fmt::format(
        "{}: {} columns, not presynaptic neuron, postsynaptic neuron and perhaps weight", pairs.file, pairs.columns));
  const std::size_t count = pairs.values.size() / pairs.columns;
  const auto neuron = [&](std::size_t row, std::size_t column, std::size_t size, const char *side) {
    const double value = pairs.values[row * pairs.columns + column];
    if (!(value >= 0 && value < static_cast<double>(size)) || value != std::floor(value))
      throw input::InputError(fmt::format("{}: row {} says {:g}, and the {} neurons are 0 to {}", pairs.file, row + 1,
                                          value, side, size - 1));
    return static_cast<std::uint32_t>(value);
  };
  std::vector<std::uint64_t> place(count); // presynaptic neuron above, postsynaptic below
  for (std::size_t row = 0; row < count; ++row)
    place[row] = std::uint64_t{neuron(row, 0, pres, "presynaptic")} << 32 | neuron(row, 1, posts, "postsynaptic");
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return place[a] != place[b] ? place[a] < place[b] : a < b; });
  PairList out;
  out.begin.assign(pres + 1, 0);
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t at = place[order[k]];
    const auto pre = static_cast<std::size_t>(at >> 32);
    const auto post = static_cast<std::uint32_t>(at);
    if (k > 0 && place[order[k - 1]] == at)
      throw input::InputError(
          fmt::format("{}: rows {} and {} both join {} to {}", pairs.file, order[k - 1] + 1, order[k] + 1, pre, post));
    ++out.begin[pre + 1];
    out.target.push_back(post);
    if (pairs.columns == 3) out.weight.push_back(pairs.values[order[k] * 3 + 2]);
  }
  for (std::size_t j = 0; j < pres; ++j) out.begin[j + 1] += out.begin[j];
  return out;
}

} // namespace engram::network
