#include "measures/model_performance.hpp"

#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"

#include <limits>
#include <stdexcept>
#include <string>

namespace engram::measures {

arma::rowvec model_performance(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how) {
  arma::mat m = models, s = subjects;
  share_missing_pairs(m, s);
  return arma::mean(model_similarities(m, s, how), 1).t();
}

arma::mat model_similarities(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how) {
  conditions_of(models, subjects);
  arma::mat out(models.n_cols, subjects.n_cols);
  for (std::size_t s = 0; s < subjects.n_cols; ++s)
    for (std::size_t m = 0; m < models.n_cols; ++m) out.at(m, s) = rdm_similarity(models.col(m), subjects.col(s), how);
  return out;
}

std::size_t conditions_of(const arma::mat &models, const arma::mat &subjects) {
  if (models.n_cols == 0 || subjects.n_cols == 0)
    throw NotApplicable("RSA: at least one model and one subject are needed");
  if (models.n_rows != subjects.n_rows)
    throw std::invalid_argument("RSA: models of " + std::to_string(models.n_rows) + " pairs, subjects of " +
                                std::to_string(subjects.n_rows));
  return conditions_of(models.n_rows);
}

void share_missing_pairs(arma::mat &models, arma::mat &subjects) {
  conditions_of(models, subjects);
  for (std::size_t k = 0; k < models.n_rows; ++k)
    if (models.row(k).has_nan() || subjects.row(k).has_nan()) {
      models.row(k).fill(std::numeric_limits<double>::quiet_NaN());
      subjects.row(k).fill(std::numeric_limits<double>::quiet_NaN());
    }
}

} // namespace engram::measures
