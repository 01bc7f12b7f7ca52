// Neurons are not to covary: ½ Σ_{i≠j} C_ij², C the covariance over the steps and trials of a batch.
#include "task/objective_entry.hpp"

namespace engram::task {

namespace {

// Of the batch as a whole: each of its trials has the same loss. With M samples x_k and their mean m,
//   C = Σ_k x_k x_kᵀ / M − m mᵀ,   ∂L/∂x_ik = (2 / M) Σ_{j≠i} C_ij (x_jk − m_j).
template <class T> struct Decorrelation {
  static void gather(const Objective &, const Matrix<T> &signal, const Matrix<T> &, Gathered<T> &gathered) {
    gathered.sum += signal;
    if (gathered.square.is_empty()) gathered.square.zeros(signal.n_rows, signal.n_rows);
    gathered.square += signal * signal.t();
  }
  struct Covariance {
    numeric::Vector<T> mean;
    Matrix<T> between; // N × N, with 0 on the diagonal
    T samples;
  };
  static Covariance covariance(const Gathered<T> &gathered) {
    Covariance c;
    c.samples = static_cast<T>(gathered.steps * gathered.sum.n_cols);
    c.mean = arma::sum(gathered.sum, 1) / c.samples;
    c.between = gathered.square / c.samples - c.mean * c.mean.t();
    c.between.diag().zeros();
    return c;
  }
  static void loss(const Objective &, const Gathered<T> &gathered, Matrix<T> &out) {
    out += arma::accu(arma::square(covariance(gathered).between)) / 2;
  }
  static void add_gradient(const Objective &, Gathered<T> &gathered, std::size_t, const Matrix<T> &signal, T scale,
                           Matrix<T> &out) {
    const auto c = covariance(gathered);
    const Matrix<T> centred = signal.each_col() - c.mean;
    out += (scale * 2 * static_cast<T>(signal.n_cols) / c.samples) * (c.between * centred);
  }
};

} // namespace

ObjectiveEntry decorrelation_objective() {
  return {.words = {.name = "decorrelation",
                    .help = "half of the sum of the squared covariances between the neurons, over the steps and trials "
                            "of a batch",
                    .reference = "Cogswell, Ahmed, Girshick, Zitnick & Batra 2016, ICLR, arXiv:1511.06068, eq. 1",
                    .parameters = {},
                    .compared = model::Compared::nothing,
                    .of_trial = [](const std::map<std::string, model::Quantity> &) { return true; }},
          .place = 80,
          .of_trial = trial_functions<Decorrelation>()};
}

} // namespace engram::task
