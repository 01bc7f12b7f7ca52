// rdms_of() gives the dissimilarities of an area's conditions.
#pragma once

#include "recordings/area.hpp"

#include <armadillo>
#include <string>
#include <vector>

namespace engram::recordings {

/// Dissimilarities of an area, C × C × subjects: those that are given, else of its responses. NaN where a pair has
/// none. Notes say which neurons are left out: crossnobis and mahalanobis cannot weigh one that never varies over
/// repeats. Errors: measures::NotApplicable where the area has no responses, or too few repeats.
arma::cube rdms_of(const Area &area, const std::string &kind, int threads, std::vector<std::string> &notes);

} // namespace engram::recordings
