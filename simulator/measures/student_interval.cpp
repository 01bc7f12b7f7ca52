#include "measures/student_interval.hpp"

#include "measures/unknown.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>
#include <stdexcept>

namespace engram::measures {

StudentMean student_mean(const arma::vec &values, double level) {
  if (!(level > 0 && level < 1)) throw std::invalid_argument("the level of an interval lies between 0 and 1");
  StudentMean out{{unknown, {unknown, unknown}}, unknown};
  if (values.is_empty() || values.has_nan()) return out;
  out.mean.value = arma::mean(values);
  if (values.n_elem < 2) return out;
  const auto n = static_cast<double>(values.n_elem);
  out.deviation = arma::stddev(values);
  const double t = boost::math::quantile(boost::math::students_t(n - 1), (1 + level) / 2);
  const double half = t * out.deviation / std::sqrt(n);
  out.mean.ci = {out.mean.value - half, out.mean.value + half};
  return out;
}

} // namespace engram::measures
