#include "recordings/trial_trains.hpp"

#include <algorithm>

namespace engram::recordings {

TrialWindows trial_windows(const Area &area) {
  TrialWindows out;
  if (area.trials.empty()) {
    out.whole = true;
    out.windows = {{area.observed}};
    out.duration = area.observed.duration();
    return out;
  }
  out.windows.resize(area.condition_count);
  for (const auto &trial : area.trials) {
    out.windows[trial.condition].push_back(trial.window);
    out.duration = std::max(out.duration, trial.window.duration());
  }
  return out;
}

TrialTrains trains_by_trial(const Area &area, std::size_t unit, const TrialWindows &trials, double duration,
                            std::size_t most) {
  const auto observed = observation_of(area, unit);
  const auto &train = area.trains.at(unit);
  const measures::Window trial{0, duration};
  TrialTrains out;
  out.observed = {trial};
  if (trials.whole) out.observed = measures::common(measures::shifted(observed, -area.observed.start), {trial});
  for (const auto &condition : trials.windows) {
    out.trains.emplace_back();
    for (const auto &window : condition) {
      const double slack = measures::rounding_at(window.stop), stop = window.start + duration;
      if (out.trains.back().size() == most) break;
      if (!trials.whole && (window.stop < stop - slack || !measures::covers(observed, {window.start, stop}, slack)))
        continue;
      measures::SpikeTrain spikes;
      for (auto t = std::lower_bound(train.begin(), train.end(), window.start - slack);
           t != train.end() && *t <= stop + slack; ++t)
        spikes.push_back(std::clamp(*t - window.start, 0.0, duration));
      out.trains.back().push_back(std::move(spikes));
    }
  }
  return out;
}

bool has_more(const TrialWindows &trials, std::size_t most) {
  return std::any_of(trials.windows.begin(), trials.windows.end(),
                     [most](const auto &windows) { return windows.size() > most; });
}

} // namespace engram::recordings
