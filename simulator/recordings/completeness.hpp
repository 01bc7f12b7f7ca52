// Responses that were not observed are NaN. These functions find what is complete, and tell what is left out.
#pragma once

#include "recordings/area.hpp"

#include <armadillo>

#include <string>
#include <vector>

namespace engram::recordings {

/// Rows and columns, ascending.
struct Kept {
  arma::uvec rows, columns;
};

/// A part of the matrix without NaN. As long as one is left, the row or column of which the greatest share is NaN goes;
/// of equals a column, and the first.
Kept complete_part(const arma::mat &values);

/// Mean responses of the conditions and neurons of an area that are kept.
struct Means {
  arma::mat values;               ///< C × N
  arma::uvec conditions, neurons; ///< which of all these are
};
/// A note says what is left out of `method`. Errors: measures::NotApplicable where nothing is complete.
Means complete_means(const Area &area, const std::string &method, std::vector<std::string> &notes);

/// The same of two areas, with the same conditions.
struct MeanPair {
  Means region, area;
};
/// `region_means`, `area_means`: all conditions × neurons.
MeanPair complete_means(const Area &region, const arma::mat &region_means, const Area &area,
                        const arma::mat &area_means, const std::string &method, std::vector<std::string> &notes);

/// Single trials in which no neuron is missing, with the condition of each.
struct SingleTrials {
  arma::mat responses; ///< trials × neurons; the first repeat of all conditions first
  arma::uvec condition;
};
/// Of repeats, C × N × R. Trials and neurons are left out as in complete_part(), and conditions of which fewer than two
/// trials remain. Notes say so.
SingleTrials complete_trials(const arma::cube &repeats, const std::string &area, const std::string &method,
                             std::vector<std::string> &notes);

/// Says of responses by how much the repeats of their conditions differ, and how many neurons lack some. Nothing where
/// all is there.
void tell_missing(const Area &area, std::vector<std::string> &notes);

/// C × N × R, the mean over bins, with NaN for what is missing. Errors: measures::NotApplicable where no neuron has two
/// repeats of two conditions.
arma::cube repeats_of(const Area &area);

/// Says how many of the neurons have no value.
void tell_without_value(const std::string &subject, const arma::vec &values, std::vector<std::string> &notes);

/// "3 of 12 neurons".
std::string some_of(std::size_t some, std::size_t all, const std::string &what);

} // namespace engram::recordings
