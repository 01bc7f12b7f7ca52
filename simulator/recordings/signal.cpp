#include "recordings/signal.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace engram::recordings {

namespace {

constexpr std::size_t numbers_at_once = std::size_t(1) << 20; // numbers that are read

struct Shared {
  Stretch stretch;          // of the one signal
  std::size_t in_other = 0; // its first sample in the other
};

// Samples of both in one place: their times differ by no more than a hundredth of a step.
std::vector<Shared> shared_stretches(const Signal &one, const Signal &other) {
  std::vector<Shared> out;
  bool between = false;
  auto begin = other.stretches.begin();
  for (const auto &x : one.stretches) {
    const double stop = x.start + static_cast<double>(x.count) * one.step;
    while (begin != other.stretches.end() && begin->start + static_cast<double>(begin->count) * one.step <= x.start)
      ++begin;
    for (auto y_at = begin; y_at != other.stretches.end() && y_at->start < stop; ++y_at) {
      const auto &y = *y_at;
      const double offset = (x.start - y.start) / one.step, whole = std::round(offset);
      const double first = std::max(0.0, -whole), // of x
          last = std::min(static_cast<double>(x.count), static_cast<double>(y.count) - whole);
      if (last <= first) continue;
      if (std::abs(offset - whole) > 0.01) {
        between = true;
        continue;
      }
      const auto skipped = static_cast<std::size_t>(first), count = static_cast<std::size_t>(last - first);
      out.push_back(
          {{x.first + skipped, count, x.start + first * one.step}, y.first + static_cast<std::size_t>(first + whole)});
    }
  }
  if (out.empty())
    throw measures::NotApplicable(
        fmt::format("{} and {} were {}", one.name, other.name,
                    between ? "sampled at other times, between each other's samples" : "never sampled at one time"));
  return out;
}

// Trials that nobody knows the times of are taken to be those of the other, one by one. Their stretches follow each
// other as if on a clock, so that those of another start would be paired with their neighbours.
void require_like_trials(const Signal &one, const Signal &other) {
  if (one.clocked && other.clocked) return;
  const bool alike = one.clocked == other.clocked && one.stretches.size() == other.stretches.size() &&
                     one.stretches.front().count == other.stretches.front().count &&
                     one.stretches.front().start == other.stretches.front().start;
  if (!alike)
    throw measures::NotApplicable(
        fmt::format("{} and {} are not trials of one start, number and length, and no file says when each was",
                    one.name, other.name));
}

} // namespace

bool each_segment(const Signal &signal, std::size_t length, const std::function<bool(const arma::mat &segment)> &use) {
  const auto read = signal.open();
  const std::size_t block = std::max(length, numbers_at_once / std::max<std::size_t>(1, signal.channels));
  for (const auto &stretch : signal.stretches) {
    if (stretch.count < length) continue;
    arma::mat held;
    for (std::size_t done = 0; done < stretch.count;) {
      const std::size_t count = std::min(block, stretch.count - done);
      held = arma::join_cols(held, read(stretch.first + done, count));
      done += count;
      arma::uword place = 0;
      for (; place + length <= held.n_rows; place += length / 2)
        if (!use(held.rows(place, place + length - 1))) return false;
      if (place > 0) held.shed_rows(0, place - 1);
    }
  }
  return true;
}

std::size_t segments_of(const Signal &signal, std::size_t length) {
  std::size_t out = 0;
  for (const auto &stretch : signal.stretches)
    if (stretch.count >= length) out += (stretch.count - length) / (length / 2) + 1;
  return out;
}

void require_one_clock(const std::string &one, const std::string &file, const std::string &other,
                       const std::string &other_file) {
  if (file != other_file)
    throw measures::NotApplicable(fmt::format(
        "{} and {} are of two files, whose clocks are not known to be the same: coherence is of one file", one, other));
}

Signal together(const Signal &one, const Signal &other) {
  require_one_clock(one.name, one.file, other.name, other.file);
  if (!(std::abs(one.step - other.step) <= 1e-6 * one.step))
    throw measures::NotApplicable(
        fmt::format("{} has a sample every {:g} ms, and {} every {:g} ms", one.name, one.step, other.name, other.step));
  require_like_trials(one, other);
  Signal out = one;
  out.name = one.name + " and " + other.name;
  out.channels += other.channels;
  out.stretches.clear();
  const auto shared = shared_stretches(one, other);
  for (const auto &part : shared) out.stretches.push_back(part.stretch);
  out.open = [of_one = one.open, of_other = other.open, shared]() -> Signal::Read {
    return [here = of_one(), there = of_other(), shared](std::size_t first, std::size_t count) -> arma::mat {
      for (const auto &[stretch, in_other] : shared)
        if (first >= stretch.first && first + count <= stretch.first + stretch.count)
          return arma::join_rows(here(first, count), there(in_other + (first - stretch.first), count));
      throw std::logic_error("samples of no stretch");
    };
  };
  return out;
}

Signal with_spikes(const Signal &signal, const Area &area, std::vector<std::size_t> units) {
  require_one_clock(signal.name, signal.file, area.name, area.file);
  if (!signal.clocked)
    throw measures::NotApplicable(signal.name + " has trials, and nobody knows when each was: spikes cannot be counted "
                                                "beside its samples");
  Signal out = signal;
  out.name = signal.name + " and " + area.name;
  out.channels += units.size();
  std::vector<measures::Observation> watched;
  for (const std::size_t u : units) watched.push_back(observation_of(area, u));
  out.open = [open = signal.open, stretches = signal.stretches, step = signal.step, &area, units = std::move(units),
              watched = std::move(watched)]() -> Signal::Read {
    return [read = open(), stretches, step, &area, units, watched](std::size_t first, std::size_t count) -> arma::mat {
      const auto stretch = std::find_if(stretches.begin(), stretches.end(), [&](const Stretch &s) {
        return first >= s.first && first + count <= s.first + s.count;
      });
      if (stretch == stretches.end()) throw std::logic_error("samples of no stretch");
      const double start = stretch->start + static_cast<double>(first - stretch->first) * step,
                   stop = start + static_cast<double>(count) * step;
      arma::mat rates(count, units.size(), arma::fill::value(measures::unknown));
      for (std::size_t k = 0; k < units.size(); ++k) {
        auto window = std::partition_point(watched[k].begin(), watched[k].end(),
                                           [&](const measures::Window &w) { return w.stop <= start; });
        for (; window != watched[k].end() && window->start < stop; ++window) { // whole bins that were observed
          const double from = std::max(0.0, std::ceil((window->start - start) / step - 1e-3)),
                       to = std::min(static_cast<double>(count), std::floor((window->stop - start) / step + 1e-3));
          for (double b = from; b < to; ++b) rates(static_cast<arma::uword>(b), k) = 0;
        }
        const auto &train = area.trains[units[k]];
        for (auto spike = std::lower_bound(train.begin(), train.end(), start - 1e-3 * step);
             spike != train.end() && *spike < stop - 1e-3 * step; ++spike) {
          const double bin =
              std::clamp(std::floor((*spike - start) / step + 1e-3), 0.0, static_cast<double>(count) - 1);
          rates(static_cast<arma::uword>(bin), k) += 1000 / step; // NaN stays so
        }
      }
      return arma::join_rows(read(first, count), rates);
    };
  };
  return out;
}

} // namespace engram::recordings
