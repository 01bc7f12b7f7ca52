// receptive_field is the stimulus that precedes the spikes of each unit.
#include "recordings/method_entry.hpp"
#include "recordings/receptive_fields.hpp"
#include "recordings/unit_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

template <class F> arma::vec of_fields(const std::vector<ReceptiveField> &units, F &&what) {
  arma::vec out(units.size());
  std::transform(units.begin(), units.end(), out.begin(), what);
  return out;
}

std::vector<Result> describe_fields(const Call &call, const Area &area) {
  auto &out = call.found;
  auto fields =
      receptive_fields(area, {call.settings.number("before"), call.config.seed, call.progress.go_on}, out.notes);
  if (fields.units.size() < area.trains.size()) return {}; // it was interrupted
  std::vector<Result> results;
  const auto add = [&](const std::string &name, auto &&what) {
    const arma::vec values = of_fields(fields.units, what);
    if (arma::find_finite(values).is_empty()) return; // nothing to say, as where there are no pictures
    results.push_back(median_of(call.config, "receptive_field." + name, values));
  };
  const auto of_gabor = [](numeric::Fitted measures::Gabor::*what) {
    return [what](const ReceptiveField &unit) { return unit.gabor ? ((*unit.gabor).*what).value : absent; };
  };
  add("peak", [](const ReceptiveField &unit) { return std::abs(unit.peak); });
  add("lag_ms", [](const ReceptiveField &unit) { return unit.lag; });
  add("separability", [](const ReceptiveField &unit) { return unit.separability; });
  add("axes", [](const ReceptiveField &unit) { return unit.axes; });
  add("gabor_r2", [](const ReceptiveField &unit) { return unit.gabor ? unit.gabor->quality.r_squared : absent; });
  add("gabor_frequency", of_gabor(&measures::Gabor::frequency));
  add("gabor_sigma_x", of_gabor(&measures::Gabor::sigma_x));
  add("gabor_sigma_y", of_gabor(&measures::Gabor::sigma_y));
  const auto undecided = std::count_if(fields.units.begin(), fields.units.end(), [](const ReceptiveField &unit) {
    return unit.gabor && unit.gabor->quality.rivals > 0;
  });
  if (undecided > 0)
    out.notes.push_back(fmt::format("receptive_field {}: for {} of {} units another Gabor function fits as well within "
                                    "noise, so its parameters are not decided",
                                    area.name, undecided, fields.units.size()));
  out.fields.push_back(std::move(fields));
  return results;
}

} // namespace

MethodEntry receptive_field_method() {
  return {.words = {.name = "receptive_field",
                    .help = "spike-triggered average and covariance of the stimulus, Gabor fit of pictures: the median",
                    .reference = "Schwartz et al. 2006; Jones & Palmer 1987",
                    .interval = "bootstrap over units",
                    .parameters = {positive(
                        "before", "ms", 0,
                        "of the stimulus before a spike; 250, but no more than 200 samples, unless given")}},
          .place = 110,
          .takes = Takes::spikes,
          .describe = describe_fields};
}

} // namespace engram::recordings
