// UpdateMoments turns samples of a rule's update into the rule's bias and variance against the gradient, with
// intervals.
#pragma once

#include "measures/interval.hpp"
#include "numeric/matrix.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace engram::fidelity {

/// With 95 % intervals. NaN where the samples do not say.
using measures::Estimate;
using measures::Interval;

/// With g the reference's direction (−∂L/∂w), ĝ a sample of the rule's update (per unit rate, before the optimiser) and
/// m = E ĝ its mean:
struct Fidelity {
  std::size_t samples = 0;
  Estimate cosine;         ///< mean of ⟨ĝ, g⟩ / (‖ĝ‖ ‖g‖): of one sample
  Estimate cosine_of_mean; ///< ⟨m, g⟩ / (‖m‖ ‖g‖)
  Estimate scale;          ///< s = ⟨m, g⟩ / ‖m‖², which takes the mean nearest to the gradient
  Estimate bias;           ///< ‖s m − g‖ / ‖g‖, the sine of the angle between m and g
  Estimate variance;       ///< s² tr Cov(ĝ) / ‖g‖²
  /// Samples whose mean has a cosine of 0.9 with g, in expectation; NaN when no number of them does.
  double samples_to_cosine = 0;
};

/// So many equal samples are taken for a rule that draws nothing.
inline constexpr std::size_t enough_to_be_deterministic = 16;

/// A sample of an update: one matrix for each part (a projection's weights).
template <class T> struct UpdateSample {
  std::vector<numeric::Matrix<T>> parts;
  std::vector<double> along, square; ///< by part: ⟨ĝ, g⟩, ‖ĝ‖²; from project()
};

/// Takes samples one after another, and keeps two vectors of the size of the weights and some numbers for each sample.
///
/// ‖m‖² is estimated without bias by the mean of ⟨ĝ_s, ĝ_t⟩ over all pairs, which is 2 / (n (n − 1)) Σ_t ⟨Σ_{s<t} ĝ_s,
/// ĝ_t⟩; the square of the mean, ‖Σ ĝ‖² / n², would hold tr Cov / n too much. It is a U-statistic of order two, with
/// the variance 4 mᵀΣm / n + 2 tr Σ² / n² (Hoeffding 1948, Ann Math Stat 19:293, section 5). Its first part comes from
/// the samples' products with the running mean, its second from products of differences of samples, E⟨ĝ₁ − ĝ₂, ĝ₃ −
/// ĝ₄⟩² = 4 tr Σ². Bias is given an interval as a ratio is (Fieller 1954, J R Stat Soc B 16:175), variance and scale by
/// the delta method on their logarithms.
class UpdateMoments {
public:
  /// The reference by part.
  explicit UpdateMoments(std::vector<arma::vec> reference);

  /// Fills `along` and `square`; may be called by many threads at once.
  template <class T> void project(UpdateSample<T> &sample) const;
  /// Takes a sample that was projected.
  template <class T> void add(const UpdateSample<T> &sample);

  std::size_t samples() const { return samples_; }
  /// ‖g‖² of all parts.
  double reference_square() const { return arma::accu(reference_squares_); }
  /// Have all samples been the same, and are there enough to say that the rule draws nothing?
  bool deterministic() const;
  /// Mean of the samples, of a part.
  arma::vec mean(std::size_t part) const { return sum_[part] / static_cast<double>(samples_); }
  /// Of one part.
  Fidelity part(std::size_t part) const;
  /// Of all parts as one vector.
  Fidelity whole() const;

private:
  struct Series { // by sample
    std::vector<double> along, square;
    std::vector<double> onto_mean;   // ⟨mean of the samples before, ĝ⟩; the first is 0
    std::vector<double> differences; // ⟨ĝ₁ − ĝ₂, ĝ₃ − ĝ₄⟩ of each four
  };
  Fidelity estimate(const Series &series, std::size_t first, std::size_t last) const; // of the parts [first, last)
  double residual_square(double scale, std::size_t first, std::size_t last) const;

  std::vector<arma::vec> reference_, sum_, difference_;
  arma::vec reference_squares_; // by part
  std::vector<Series> series_;
  std::size_t samples_ = 0;
};

} // namespace engram::fidelity
