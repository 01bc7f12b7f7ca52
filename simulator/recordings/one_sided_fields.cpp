// These methods describe the receptive fields and rate maps of one side in numbers.
#include "recordings/one_sided.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

template <class Unit, class F> arma::vec of_units(const std::vector<Unit> &units, F &&what) {
  arma::vec out(units.size());
  std::transform(units.begin(), units.end(), out.begin(), what);
  return out;
}

} // namespace

std::vector<Result> receptive_field(const Config &config, const Method &method, const Area &area, Comparison &out,
                                    const Progress &progress) {
  auto fields = receptive_fields(area, {method.before, config.seed, progress.go_on}, out.notes);
  if (fields.units.size() < area.trains.size()) return {}; // it was interrupted
  std::vector<Result> results;
  const auto add = [&](const std::string &name, auto &&what) {
    const arma::vec values = of_units(fields.units, what);
    if (arma::find_finite(values).is_empty()) return; // nothing to say, as where there are no pictures
    results.push_back(median_of(config, "receptive_field." + name, values));
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

std::vector<Result> places(const Config &config, const Method &method, const Area &area, Comparison &out,
                           const Progress &progress) {
  auto maps = rate_maps(area, method.bin, method.smoothing, progress.go_on, out.notes);
  if (maps.units.size() < area.trains.size()) return {}; // it was interrupted
  const auto median = [&](const std::string &name, auto &&what) {
    return median_of(config, "rate_maps." + name, of_units(maps.units, what));
  };
  std::vector<Result> results{
      median("bits_per_spike", [](const UnitMap &unit) { return unit.bits_per_spike; }),
      median("grid_score", [](const UnitMap &unit) { return unit.grid.score; }),
      // Six peaks are found in other maps too; they say something of a grid alone.
      median("grid_spacing_cm",
             [&](const UnitMap &unit) { return unit.grid.score > 0 ? unit.grid.spacing * maps.arena.bin : absent; }),
      median("border_score", [](const UnitMap &unit) { return unit.border; })};
  out.maps.push_back(std::move(maps));
  return results;
}

} // namespace engram::recordings
