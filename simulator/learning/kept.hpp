// Kept lists what learning remembers from batch to batch beside the weights, so that it can be saved and taken up
// again: states of rules, moments of optimizers, expectations of reward.
#pragma once

#include "data/array.hpp"
#include "numeric/matrix.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace engram::learning {

/// Where one part of the memory lies, and how large it is once it holds anything.
struct Kept {
  std::string name; ///< "PROJECTION/RULE/PLACE/STATE" and the like, of its own within a simulator
  std::variant<numeric::Matrix<float> *, numeric::Matrix<double> *, std::vector<float> *, std::vector<double> *,
               double *>
      at;
  std::size_t rows = 1, columns = 1; ///< of a std::vector: its length, and 1
};

/// A copy of one part. No value: there was nothing yet.
struct Saved {
  std::string name;
  std::size_t rows = 0, columns = 0;
  std::variant<std::vector<float>, std::vector<double>> values; ///< column by column
};

std::vector<Saved> save(const std::vector<Kept> &kept);

/// Puts each part back where it was, whatever the order. Nothing is changed where one does not fit. Errors:
/// data::DataError, one line that begins with `source`, where a name is missing or is not kept, or a shape differs.
void restore(const std::vector<Kept> &kept, const std::vector<Saved> &saved, const std::string &source);

} // namespace engram::learning
