#include "measures/place_fields.hpp"

#include <algorithm>
#include <stdexcept>

namespace engram::measures {

namespace {

PlaceField field_of_bins(const arma::mat &rate, const std::vector<arma::uword> &members) {
  PlaceField out;
  out.bins = members.size();
  double sum = 0;
  for (const arma::uword k : members) {
    const auto row = static_cast<double>(k % rate.n_rows), column = static_cast<double>(k / rate.n_rows);
    sum += rate(k);
    out.row += rate(k) * row;
    out.column += rate(k) * column;
    if (rate(k) > out.peak) {
      out.peak = rate(k);
      out.peak_row = row;
      out.peak_column = column;
    }
  }
  out.row /= sum;
  out.column /= sum;
  return out;
}

} // namespace

std::vector<PlaceField> place_fields(const arma::mat &rate, double share, std::size_t least_bins) {
  if (!(share > 0 && share <= 1)) throw std::invalid_argument("the share of the peak lies in (0, 1]");
  const arma::uvec known = arma::find_finite(rate);
  std::vector<PlaceField> out;
  if (known.is_empty() || !(arma::max(rate.elem(known)) > 0)) return out;
  const double least = share * arma::max(rate.elem(known));
  arma::umat seen(arma::size(rate), arma::fill::zeros);
  std::vector<arma::uword> members;
  const auto visit = [&](arma::uword k) {
    if (seen(k) || !(rate(k) >= least)) return;
    seen(k) = 1;
    members.push_back(k);
  };
  for (arma::uword first = 0; first < rate.n_elem; ++first) {
    members.clear();
    visit(first);
    for (std::size_t k = 0; k < members.size(); ++k) { // grows meanwhile
      const arma::uword at = members[k], row = at % rate.n_rows, column = at / rate.n_rows;
      if (row > 0) visit(at - 1);
      if (row + 1 < rate.n_rows) visit(at + 1);
      if (column > 0) visit(at - rate.n_rows);
      if (column + 1 < rate.n_cols) visit(at + rate.n_rows);
    }
    if (!members.empty() && members.size() >= least_bins) out.push_back(field_of_bins(rate, members));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto &a, const auto &b) { return a.peak > b.peak; });
  return out;
}

} // namespace engram::measures
