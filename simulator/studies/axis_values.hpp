// axis_values() makes the values of an axis from what a study's file says of them: a list, a range, or samples.
#pragma once

#include "input/document.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace engram::studies {

/// How the pointers with "sample" are sampled, all together.
struct Search {
  enum class Method { random, latin_hypercube };
  Method method = Method::random;
  std::size_t count = 0;
  std::uint64_t seed = 1;
};

/// An interval whose values are spread evenly, by their size or by their logarithm.
struct Interval {
  double from = 0, to = 1;
  bool log = false, whole = false;
};

/// `count` ≥ 2 values at equal steps or equal ratios, both ends among them. Rounded to 12 digits, so that 0.1 + 0.2 is
/// 0.3; of `whole` ones to whole numbers.
std::vector<double> spaced(const Interval &interval, std::size_t count);

/// One value for each of search.count samples. Random: independent. Latin hypercube (McKay, Beckman & Conover 1979,
/// Technometrics 21:239): one in each of `count` parts of equal probability, in a random order of its own. Value k of
/// `name` depends on nothing but the seed, the name, k and, of a hypercube, the count. A whole number has the
/// probability of the interval within 0.5 of it.
std::vector<double> sampled(const Interval &interval, const Search &search, const std::string &name);

/// The values of `given`: an array, or an object with one of "values", "range", "log_range", "sample" (of an interval,
/// or of values that are written out). What is wrong is added at `pointer`. `name`: of the axis.
std::vector<input::Json> axis_values(const input::Json &given, const Search &search, const std::string &name,
                                     const std::string &pointer, input::Problems &problems);

} // namespace engram::studies
