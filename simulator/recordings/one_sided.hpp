// These methods take one side alone. The functions that they share are here too.
#pragma once

#include "recordings/comparison.hpp"

namespace engram::recordings {

/// The median over neurons, with its bootstrap interval; neurons of which it is NaN are left out.
Result median_of(const Config &config, const std::string &method, const arma::vec &values);

/// The mean over pairs of units of a symmetric matrix, with its bootstrap interval over units.
Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs);
/// C × N. Errors: measures::NotApplicable where a neuron has no response to some condition.
arma::mat means_of(const Area &area);

/// "tuning"; curves are added to `found`. Errors: measures::NotApplicable with what the conditions lack.
std::vector<Result> tuning(const Config &config, const Method &method, const Area &area, Comparison &found);

/// Methods that take spikes: "spikes"; "synchrony" and "distances" of the pairs of no more than most_units units, with
/// a note where these are drawn. Errors: measures::NotApplicable where there are none.
std::vector<Result> spikes(const Config &config, const Area &area);
std::vector<Result> pairs_of_units(const Config &config, const Method &method, const Area &area, Comparison &found,
                                   const Progress &progress);

/// "receptive_field" and "rate_maps"; what they draw is added to `out`, with notes.
std::vector<Result> receptive_field(const Config &config, const Method &method, const Area &area, Comparison &out,
                                    const Progress &progress);
std::vector<Result> places(const Config &config, const Method &method, const Area &area, Comparison &out,
                           const Progress &progress);

} // namespace engram::recordings
