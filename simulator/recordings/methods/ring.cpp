// ring says how a bump of activity on a ring of neurons follows the animal's heading.
#include "measures/interval.hpp"
#include "measures/not_applicable.hpp"
#include "measures/ring_activity.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <vector>

namespace engram::recordings {

namespace {

// Frames whose times the heading spans, and the heading at the first of its samples that is not before each.
struct RingFrames {
  arma::mat activity; // frames × neurons
  arma::vec heading;  // radians
  arma::vec time;     // ms
};

RingFrames frames_of(const Responses &responses, const Position &position) {
  const auto &time = position.path.time;
  RingFrames out;
  std::vector<arma::rowvec> rows;
  std::vector<double> heading, times;
  for (std::size_t t = 0; t < responses.values.size(); ++t) {
    const double at = responses.times[t];
    if (!(at >= time.front() && at <= time.back())) continue;
    const auto next = std::lower_bound(time.begin(), time.end(), at);
    rows.push_back(over_repeats(responses.values[t]).row(0));
    heading.push_back(position.direction[static_cast<arma::uword>(next - time.begin())] * std::numbers::pi / 180);
    times.push_back(at);
  }
  out.activity.set_size(rows.size(), responses.neuron_count());
  for (std::size_t k = 0; k < rows.size(); ++k) out.activity.row(k) = rows[k];
  out.heading = arma::vec(heading);
  out.time = arma::vec(times);
  return out;
}

std::vector<Result> describe_ring(const Call &call, const Area &area) {
  const auto &responses = responses_of(area);
  if (responses.condition_count() != 1 || responses.times.size() != responses.values.size())
    throw measures::NotApplicable(area.name + " is no activity in time: it has conditions, or its bins have no times");
  if (!area.covariates.position) throw measures::NotApplicable(area.name + " has no heading");
  const Position &position = area.covariates.position(call.found.notes);
  if (position.direction.is_empty()) throw measures::NotApplicable(area.name + " has no heading ('direction')");
  const auto frames = frames_of(responses, position);
  if (frames.time.n_elem < 3) throw measures::NotApplicable("fewer than three frames have a heading");
  const auto width = call.settings.count("width");
  arma::mat activity = frames.activity;
  if (const double share = std::min(1.0, call.settings.number("baseline")); share > 0) {
    for (const arma::uword n : arma::uvec(arma::find(measures::base_fluorescence(activity, share) < 0)))
      call.found.notes.push_back(fmt::format("ring: {}: the smallest fluorescence of neuron {} is below 0, which turns "
                                             "the sign of its relative fluorescence",
                                             area.name, neuron_name(responses, n)));
    activity = measures::relative_fluorescence(activity, share);
  }
  const auto ring = measures::ring_vector(measures::moving_average(activity, width));
  const arma::vec heading = measures::moving_average(measures::unwrapped(frames.heading), width);
  const auto found = measures::following(ring.phase, heading);
  return {result_of("ring.frames", static_cast<double>(heading.n_elem), responses.neuron_count()),
          result_of("ring.interval_ms", measures::median(arma::diff(frames.time)), responses.neuron_count()),
          result_of("ring.turns", found.turns, responses.neuron_count()),
          result_of("ring.slope", found.slope, responses.neuron_count()),
          result_of("ring.r", found.r, responses.neuron_count()),
          result_of("ring.vector_length", measures::median(ring.length), responses.neuron_count()),
          result_of("ring.r_of_steps", found.r_of_steps, responses.neuron_count())};
}

} // namespace

MethodEntry ring_method() {
  return {
      .words = {.name = "ring",
                .help = "activity of neurons around a ring: length of its mean vector, and how its phase follows the "
                        "heading (slope, correlation, correlation of the steps)",
                .reference = "Seelig & Jayaraman 2015",
                .parameters =
                    {number_from(
                         "baseline", "", 0, 0,
                         "share of a neuron's smallest values whose mean is F0 of F / F0 - 1; 0: values as they are"),
                     whole("width", 1, 1, "frames that are averaged")}},
      .place = 130,
      .by_name = true,
      .describe = describe_ring};
}

} // namespace engram::recordings
