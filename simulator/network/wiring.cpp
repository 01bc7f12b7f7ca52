#include "network/wiring.hpp"

#include "numeric/parallel.hpp"

#include <algorithm>

namespace engram::network {

Wiring::Wiring(const WiringRequest &request)
    : posts(request.posts), pres(request.pres), seed(request.seed), key(request.key), own(request.own) {}

std::vector<bool> Wiring::connection_mask() const {
  std::vector<bool> out(posts * pres);
  const auto [begin, target] = rows(1);
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) out[target[k] + j * posts] = true;
  return out;
}

Rows RowWiring::rows(int threads) const {
  constexpr std::size_t tile_pres = 256; // presynaptic neurons in a tile of work
  const std::size_t tiles = (pres + tile_pres - 1) / tile_pres;
  std::vector<std::vector<std::uint32_t>> by_tile(tiles);
  Rows out;
  auto &begin = out.begin;
  begin.assign(pres + 1, 0);
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    for (std::size_t j = tile * tile_pres; j < std::min(pres, (tile + 1) * tile_pres); ++j) {
      const std::size_t before = by_tile[tile].size();
      append_targets(j, by_tile[tile]);
      if (!own.is_all_of(posts)) {
        auto &row = by_tile[tile];
        row.erase(std::remove_if(row.begin() + static_cast<std::ptrdiff_t>(before), row.end(),
                                 [&](std::uint32_t post) { return !own.holds(post); }),
                  row.end());
      }
      begin[j + 1] = by_tile[tile].size() - before;
    }
  });
  for (std::size_t j = 0; j < pres; ++j) begin[j + 1] += begin[j];
  out.target.resize(begin[pres]);
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    std::copy(by_tile[tile].begin(), by_tile[tile].end(),
              out.target.begin() + static_cast<std::ptrdiff_t>(begin[tile * tile_pres]));
    by_tile[tile] = {};
  });
  return out;
}

// Row by row: a list of all synapses would take more memory than the weights.
std::vector<bool> RowWiring::connection_mask() const {
  std::vector<bool> out(posts * pres);
  std::vector<std::uint32_t> row;
  for (std::size_t j = 0; j < pres; ++j) {
    row.clear();
    append_targets(j, row);
    for (const auto i : row) out[i + j * posts] = true;
  }
  return out;
}

} // namespace engram::network
