// The methods, by family: what compare() calls.
#pragma once

#include "comparison/compare.hpp"

namespace engram::comparison {

/// All regions against one area, by one method; adds results and contrasts. Errors: std::invalid_argument with what
/// the method lacks.
void similarity_of_dissimilarities(const Config &config, const Method &method, const Area &area,
                                   const std::vector<Area> &regions, Comparison &out, const Progress &progress);

/// cka, procrustes, svcca, psth: of two areas' mean responses. Intervals: of psth a bootstrap over conditions, of the
/// others a jackknife over them. In simulations of 20 to 200 conditions (tests/comparison/alignment.cpp) that of cka,
/// at 95 %, held the value of very many conditions in 94 to 95.5 %. Those of procrustes and svcca held it in 2 % at
/// most, as both are biased upwards for few conditions (by 0.05 and 0.12 still of 200): they held the mean of as many
/// conditions, in 96 % or more, so they say how much the value varies, not where it would go with more conditions.
Result alignment(const Config &config, const Method &method, const Area &region, const Area &area,
                 const Progress &progress);

/// ridge, pls: the area's neurons from the region's.
Result prediction(const Config &config, const Method &method, const Area &region, const Area &area,
                  const Progress &progress);

/// One-sided methods: one result for each quantity. `of_recording` says where the area's name goes. What is to be
/// drawn, and notes, are added to `found`.
std::vector<Result> description(const Config &config, const Method &method, const Area &area, bool of_recording,
                                Comparison &found, const Progress &progress);

} // namespace engram::comparison
