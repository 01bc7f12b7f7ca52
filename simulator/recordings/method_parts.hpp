// These are the methods that compare() calls, one function for each family.
#pragma once

#include "recordings/comparison.hpp"

namespace engram::recordings {

/// An area or region of one name, by subject.
struct Population {
  std::string name;
  std::vector<const Area *> subjects;
};
/// Areas with a common name together, all others alone; in their order.
std::vector<Population> populations(const std::vector<Area> &areas);

/// All regions against one area, by one method; adds results and contrasts. The dissimilarities of the subjects of a
/// region are pooled; those of an area are compared one by one. Errors: measures::NotApplicable with what the method
/// lacks.
void similarity_of_dissimilarities(const Config &config, const Method &method, const Population &area,
                                   const std::vector<Population> &regions, Comparison &out, const Progress &progress);

/// cka, procrustes, svcca, psth: of two areas' mean responses. Intervals: of psth a bootstrap over conditions, of the
/// others a jackknife over them. In simulations of 20 to 200 conditions (tests/recordings/alignment.cpp) that of cka,
/// at 95 %, held the value of very many conditions in 94 to 95.5 %. Those of procrustes and svcca held it in 2 % at
/// most, as both are biased upwards for few conditions (by 0.05 and 0.12 still of 200): they held the mean of as many
/// conditions, in 96 % or more, so they say how much the value varies, not where it would go with more conditions.
Result alignment(const Config &config, const Method &method, const Area &region, const Area &area,
                 const Progress &progress);

/// ridge, pls: the area's neurons from the region's; one result, or one for each time bin of the area. Folds are of
/// conditions: the repeats of a condition are never on both sides of a fold. The same holds within the training
/// conditions, where ridge chooses its penalty.
std::vector<Result> prediction(const Config &config, const Method &method, const Area &region, const Area &area,
                               const Progress &progress);

/// "distances" and "synchrony" of the units of both sides, paired by pair_units(). For one unit and condition, the
/// distance is the mean over all pairs of a trial of one side and a trial of the other. The result is the mean over
/// conditions, and the median over units. Its ceiling is the distance of the area's own trials from each other, which a
/// model of the same variability reaches. The distances within each side are results as well. `p` comes from relabelled
/// conditions. Without conditions on both sides the whole recordings are compared. Errors: measures::NotApplicable with
/// what they lack.
std::vector<Result> trains(const Config &config, const Method &method, const Area &region, const Area &area,
                           Comparison &found, const Progress &progress);

/// "rate_maps" of both sides, in one arena: the correlation of the maps of each unit with that of its partner on the
/// other side (pair_units()), over the bins that both visited, median over units; where they cannot be paired, a note.
/// And the debiased CKA of the populations with those bins as conditions, which needs no partners. Errors:
/// measures::NotApplicable with what they lack.
std::vector<Result> maps(const Config &config, const Method &method, const Area &region, const Area &area,
                         Comparison &found, const Progress &progress);

/// One-sided methods: one result for each quantity. `of_recording` says where the area's name goes. What is to be
/// drawn, and notes, are added to `found`.
std::vector<Result> description(const Config &config, const Method &method, const Area &area, bool of_recording,
                                Comparison &found, const Progress &progress);

} // namespace engram::recordings
