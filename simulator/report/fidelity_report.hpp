// These functions write the measured bias and variance of rules as a table, as JSON and as figures.
#pragma once

#include "fidelity/rows.hpp"

#include <string>

namespace engram::report {

using fidelity::FidelityReport;
using fidelity::FidelityRow;

/// Trials whose updates, averaged, have a cosine of 0.9 with the gradient; NaN: no number of them.
double trials_to_cosine(const FidelityRow &row);
/// For reading in a terminal.
std::string fidelity_table(const FidelityReport &report);
/// "a sample costs, in forward passes of its circuit: …"
std::string fidelity_cost(const FidelityReport &report);
/// The contract of `engram fidelity --json`, one line. What is not known is null. All but `cost`, which is a ratio of
/// times, is the same for the same seed.
std::string fidelity_json(const FidelityReport &report);
/// The same for a file: a line for each result.
std::string fidelity_file(const FidelityReport &report);
/// Variance against bias of the whole circuit: a point with its intervals for each rule, and its way along learning.
std::string fidelity_figure(const FidelityReport &report);
/// The cosine of the mean update with the gradient along learning, one panel for each projection.
std::string cosine_figure(const FidelityReport &report);

} // namespace engram::report
