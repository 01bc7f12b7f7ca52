// WeightedRdms compares RDMs whose pairs count with weights. This makes a bootstrap over conditions fast.
#pragma once

#include "measures/rsa.hpp"

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// Each pair of an RDM gets a weight: the product of how often its two conditions were drawn. Comparing so is the same
/// as comparing the RDMs of the drawn conditions, without the pairs of a condition with itself. Nothing has to be
/// sorted anew for each draw.
class WeightedRdms {
public:
  /// Whether a comparison is a product of two normalised RDMs: Pearson, Spearman and cosine.
  static bool can(RdmComparison how);

  /// `rdms`: pairs × RDMs, without NaN; `how` one that can().
  WeightedRdms(const arma::mat &rdms, RdmComparison how);

  std::size_t count() const { return rdms_.n_cols; }
  /// RDM k such that the similarity of two of them is the weighted sum of their products; NaN where it has no spread.
  arma::vec normalised(std::size_t k, const arma::vec &weights) const;

private:
  struct Order {
    std::vector<std::size_t> pairs; // the smallest first
    std::vector<std::size_t> ends;  // where each group of equal values ends
  };
  static Order order_of(const arma::vec &x);
  static arma::vec ranks(const Order &order, const arma::vec &weights);

  arma::mat rdms_;
  RdmComparison how_;
  std::vector<Order> orders_; // of ranked RDMs
};

} // namespace engram::measures
