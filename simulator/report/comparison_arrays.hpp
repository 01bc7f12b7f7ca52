// comparison_npz() writes what the figures and tables of a comparison show as arrays.
#pragma once

#include "recordings/comparison.hpp"

#include <string>

namespace engram::report {

/// The bytes of an npz archive. Of each area, "circuit NAME/…" or "recording NAME/…": `response` (conditions × neurons,
/// the mean over repeats and bins), `time_course` (bins × conditions × neurons, where there are bins) and `times_ms`,
/// `conditions`, `neurons`; `dissimilarities` (subjects × conditions × conditions) where they were given. Of each table
/// "table METHOD NAME/…": `values`, `rows`, `columns`. Of pairs, "matrix METHOD circuit NAME/…": `values`, and `units`,
/// `neurons` or `conditions`, which are its rows and its columns. "rate_maps NAME/…": `rate` (units × rows × columns,
/// Hz), `units`, `arena` (cm: x from and to, y from and to, side of a bin). "receptive_fields NAME/…": `field` (units ×
/// samples × values, row l is the sample l before the spike's), `units`. What is not known is NaN. A second area of a
/// name is "NAME (2)". "" where there is nothing. Errors: as data::npz_of().
std::string comparison_npz(const recordings::Comparison &comparison);

} // namespace engram::report
