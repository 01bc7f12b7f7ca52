// What the descriptions of one side share.
#pragma once

#include "comparison/compare.hpp"

namespace engram::comparison {

/// The median over neurons, with its bootstrap interval; neurons of which it is NaN are left out.
Result median_of(const Config &config, const std::string &method, const arma::vec &values);

/// Methods that take spikes: "spikes", "synchrony", "distances". Errors: std::invalid_argument where there are none.
std::vector<Result> spikes(const Config &config, const Area &area);
std::vector<Result> synchrony(const Area &area);
std::vector<Result> distances(const Config &config, const Method &method, const Area &area);

/// "receptive_field" and "rate_maps"; what they draw is added to `out`, with notes.
std::vector<Result> receptive_field(const Config &config, const Method &method, const Area &area, Comparison &out,
                                    const Progress &progress);
std::vector<Result> places(const Config &config, const Method &method, const Area &area, Comparison &out,
                           const Progress &progress);

} // namespace engram::comparison
