#include "data/image.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace engram::data {

namespace {

// The part of each of `from` pixels in a line that each of `to` points covers. The parts of a point add up to 1.
struct Cover {
  std::size_t first = 0;
  std::vector<double> share;
};

std::vector<Cover> covers(std::size_t from, std::size_t to) {
  std::vector<Cover> out(to);
  const double width = static_cast<double>(from) / static_cast<double>(to); // in pixels
  for (std::size_t k = 0; k < to; ++k) {
    const double low = static_cast<double>(k) * width, high = low + width;
    out[k].first = static_cast<std::size_t>(low);
    for (std::size_t p = out[k].first; p < from && static_cast<double>(p) < high; ++p) {
      const double inside = std::min(high, static_cast<double>(p + 1)) - std::max(low, static_cast<double>(p));
      out[k].share.push_back(std::max(0.0, inside) / width);
    }
  }
  return out;
}

} // namespace

Array luminance(const Array &pictures, std::size_t height, std::size_t width) {
  const auto &shape = pictures.shape;
  const bool coloured = shape.size() == 4;
  if (shape.size() < 3 || shape.size() > 4 || (coloured && shape[3] != 3) || pictures.size() == 0)
    throw DataError("pictures must be of shape K x rows x columns, or K x rows x columns x 3");
  const std::size_t rows = shape[1], columns = shape[2], channels = coloured ? 3 : 1;
  const double weight[3] = {coloured ? 0.299 : 1, 0.587, 0.114};
  const auto down = covers(rows, height), across = covers(columns, width);
  std::vector<double> out(shape[0] * height * width, 0.0), grey(rows * columns);
  for (std::size_t k = 0; k < shape[0]; ++k) {
    for (std::size_t p = 0; p < grey.size(); ++p) {
      grey[p] = 0;
      for (std::size_t c = 0; c < channels; ++c)
        grey[p] += weight[c] * pictures.at((k * grey.size() + p) * channels + c);
    }
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) {
        double &sum = out[(k * height + y) * width + x];
        for (std::size_t a = 0; a < down[y].share.size(); ++a)
          for (std::size_t b = 0; b < across[x].share.size(); ++b)
            sum += down[y].share[a] * across[x].share[b] * grey[(down[y].first + a) * columns + across[x].first + b];
      }
  }
  return {{shape[0], height * width}, std::move(out)};
}

} // namespace engram::data
