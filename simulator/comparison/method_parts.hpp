// The methods, by family: what compare() calls.
#pragma once

#include "comparison/compare.hpp"

namespace engram::comparison {

/// All regions against one area, by one method; adds results and contrasts. Errors: std::invalid_argument with what
/// the method lacks.
void similarity_of_dissimilarities(const Config &config, const Method &method, const Area &area,
                                   const std::vector<Area> &regions, Comparison &out, const Progress &progress);

/// cka, procrustes, svcca, psth: of two areas' mean responses.
Result alignment(const Config &config, const Method &method, const Area &region, const Area &area,
                 const Progress &progress);

/// ridge, pls: the area's neurons from the region's.
Result prediction(const Config &config, const Method &method, const Area &region, const Area &area,
                  const Progress &progress);

/// One-sided methods: one result for each quantity. `of_recording` says where the area's name goes.
std::vector<Result> description(const Config &config, const Method &method, const Area &area, bool of_recording,
                                const Progress &progress);

} // namespace engram::comparison
