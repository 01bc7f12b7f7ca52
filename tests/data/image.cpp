// These tests turn pictures into stimuli.
#include "data/image.hpp"
#include "catch.hpp"

#include <numeric>

using namespace engram;

TEST_CASE("luminance weighs the colours and keeps the mean of a picture", "[data]") {
  // One picture of 7 × 5 pixels, on grids that do not divide it.
  data::Array pictures{{1, 7, 5, 3}, std::vector<std::uint8_t>(7 * 5 * 3)};
  auto &values = std::get<std::vector<std::uint8_t>>(pictures.values);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<std::uint8_t>((k * 37) % 251);
  double mean = 0; // of 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)
  for (std::size_t p = 0; p < 35; ++p)
    mean += (0.299 * values[3 * p] + 0.587 * values[3 * p + 1] + 0.114 * values[3 * p + 2]) / 35;
  for (const auto &[height, width] : {std::pair{7, 5}, {3, 2}, {1, 1}, {10, 8}}) {
    INFO(height << " × " << width);
    const auto grid = data::luminance(pictures, static_cast<std::size_t>(height), static_cast<std::size_t>(width));
    REQUIRE(grid.shape == std::vector<std::size_t>{1, static_cast<std::size_t>(height * width)});
    double sum = 0;
    for (std::size_t k = 0; k < grid.size(); ++k) sum += grid.at(k);
    CHECK(sum / static_cast<double>(grid.size()) == Approx(mean).epsilon(1e-12));
  }
  CHECK(data::luminance(pictures, 7, 5).at(1) == Approx(0.299 * values[3] + 0.587 * values[4] + 0.114 * values[5]));
}

TEST_CASE("a half pixel counts half", "[data]") {
  const data::Array picture{{1, 1, 3}, std::vector<double>{1, 2, 4}};
  const auto two = data::luminance(picture, 1, 2);
  CHECK(two.at(0) == Approx((1 + 0.5 * 2) / 1.5));
  CHECK(two.at(1) == Approx((0.5 * 2 + 4) / 1.5));
}

TEST_CASE("what is no picture is refused", "[data]") {
  CHECK_THROWS_AS(data::luminance({{2, 4}, std::vector<double>(8)}, 1, 1), data::DataError);
  CHECK_THROWS_AS(data::luminance({{1, 2, 2, 4}, std::vector<double>(16)}, 1, 1), data::DataError);
  CHECK_THROWS_AS(data::luminance({{0, 2, 2}, std::vector<double>()}, 1, 1), data::DataError);
}
