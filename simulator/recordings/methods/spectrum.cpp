// At which frequencies the units of an area fire, or time series vary, and pairs of them together.
#include "measures/spectrum.hpp"
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_train.hpp"
#include "numeric/watch.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/signal.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace engram::recordings {

namespace {

constexpr std::size_t most_coherent = 20;                     // units, whose pairs are looked at
constexpr std::size_t most_of_segment = std::size_t(1) << 25; // numbers
constexpr double told_jitter = 0.01;                          // of steps

// A segment, and which of its frequencies are shown: above 0, up to the greatest.
struct SpectrumBins {
  double width = 0;       // ms, of a bin or from one sample to the next
  std::size_t length = 0; // of a segment
  arma::vec frequency;    // Hz: 0, and those that are shown
  arma::uword shown() const { return frequency.n_elem - 1; }
};

SpectrumBins bins_of(const Settings &settings, double width) {
  SpectrumBins out;
  out.width = width;
  const double samples = std::round(settings.number("segment") / width);
  if (!(samples >= 4) || samples > 1e6)
    throw measures::NotApplicable(fmt::format(
        "a segment has from 4 to a million bins or samples, and these last {:g} ms: change 'segment'", width));
  out.length = 2 * static_cast<std::size_t>(samples / 2);
  const arma::vec all = measures::welch_frequencies(width, out.length);
  out.frequency = all(arma::find(all <= settings.number("greatest") * (1 + 1e-9)));
  if (out.shown() == 0) throw measures::NotApplicable("no frequency of a segment is so low: make 'segment' longer");
  return out;
}

// Hz in bins of each window that holds a segment.
std::vector<arma::vec> pieces_of(const measures::SpikeTrain &train, const measures::Observation &observed,
                                 const SpectrumBins &bins) {
  std::vector<arma::vec> out;
  const auto parts = measures::by_window(train, observed);
  for (std::size_t w = 0; w < observed.size(); ++w) {
    if (observed[w].duration() < static_cast<double>(bins.length) * bins.width * (1 - 1e-9)) continue;
    const auto counts = measures::binned_counts(parts[w], observed[w], bins.width);
    arma::vec rate(counts.size());
    for (std::size_t k = 0; k < counts.size(); ++k) rate[k] = 1000 * static_cast<double>(counts[k]) / bins.width;
    out.push_back(std::move(rate));
  }
  return out;
}

// The columns of `values` by the frequencies that are shown; row 0 is of 0 Hz.
Table by_frequency(const std::string &method, const std::string &area, const std::vector<std::string> &columns,
                   const SpectrumBins &bins, const arma::mat &values) {
  Area named;
  named.name = area;
  TableMaker table(method, named, "frequency", columns);
  for (arma::uword k = 1; k <= bins.shown(); ++k)
    table.row(fmt::format("{:g} Hz", bins.frequency[k]), arma::conv_to<std::vector<double>>::from(values.row(k)));
  return table.made();
}

// NaN where it is not known at each frequency that is shown.
double mean_shown(const arma::vec &coherence) {
  const arma::vec some = coherence.tail(coherence.n_elem - 1);
  return some.is_finite() ? arma::mean(some) : absent;
}

double peak_of(const arma::vec &power, const SpectrumBins &bins) {
  const arma::vec some = power.tail(bins.shown());
  return some.is_finite() && some.max() > 0 ? bins.frequency[some.index_max() + 1] : absent;
}

// Coherence of one unit and another, while both were observed; empty where that was never as long as a segment.
arma::vec coherence_of_units(const Area &one, std::size_t i, const Area &other, std::size_t j,
                             const SpectrumBins &bins) {
  const auto both = measures::common(observation_of(one, i), observation_of(other, j));
  const auto x = pieces_of(one.trains[i], both, bins), y = pieces_of(other.trains[j], both, bins);
  if (x.empty()) return {};
  return measures::welch_coherence(x, y, bins.width, bins.length).head(bins.frequency.n_elem);
}

void add_coherence(const Call &call, const Area &area, const SpectrumBins &bins, std::vector<Result> &out) {
  const auto which = drawn_units(call.config, area, most_coherent, call.found.notes);
  std::vector<std::string> names;
  arma::mat all(bins.frequency.n_elem, 0), mean(which.size(), which.size(), arma::fill::value(absent));
  for (std::size_t i = 0; i < which.size(); ++i)
    for (std::size_t j = i + 1; j < which.size(); ++j) {
      if (call.progress.go_on && !call.progress.go_on()) return;
      const arma::vec coherence = coherence_of_units(area, which[i], area, which[j], bins);
      if (coherence.is_empty()) continue;
      all = arma::join_rows(all, coherence);
      names.push_back(area.units[which[i]] + " and " + area.units[which[j]]);
      mean(i, j) = mean(j, i) = mean_shown(coherence);
    }
  if (names.empty()) return;
  call.found.tables.push_back(by_frequency("spectrum.coherence", area.name, names, bins, all));
  out.push_back(mean_over_pairs(call.config, "spectrum.coherence", mean));
}

// An array of responses is a time series to who knows how often it was sampled.
void require_sampled(const Area &area) {
  if (area.trains.empty() && area.responses)
    throw measures::NotApplicable(area.name +
                                  " has no spikes, and no sampling rate is known of its responses: 'series' "
                                  "in a comparison file, or --rate, says it of an array");
  require_spikes(area);
}

std::vector<Result> describe_units(const Call &call, const Area &area) {
  require_sampled(area);
  const SpectrumBins bins = bins_of(call.settings, call.settings.number("bin"));
  std::vector<std::string> names;
  std::size_t brief = 0;
  arma::mat power(bins.frequency.n_elem, 0);
  std::vector<double> peaks;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    if (call.progress.go_on && !call.progress.go_on()) return {};
    const auto pieces = pieces_of(area.trains[u], observation_of(area, u), bins);
    if (pieces.empty()) {
      ++brief;
      continue;
    }
    const arma::vec of_unit = measures::welch_spectrum(pieces, bins.width, bins.length).head(bins.frequency.n_elem);
    power = arma::join_rows(power, of_unit);
    names.push_back(area.units[u]);
    peaks.push_back(peak_of(of_unit, bins));
  }
  if (names.empty()) throw measures::NotApplicable(area.name + " was never observed for as long as a segment lasts");
  if (brief > 0)
    call.found.notes.push_back(fmt::format("spectrum {}: {} of {} units were never observed for as long as a segment "
                                           "lasts, and are left out",
                                           area.name, brief, area.trains.size()));
  call.found.tables.push_back(by_frequency("spectrum", area.name, names, bins, power));
  std::vector<Result> out{median_of(call.config, "spectrum.peak_hz", arma::vec(peaks))};
  if (area.trains.size() > 1) add_coherence(call, area, bins, out);
  return out;
}

// The segments of a time series, of those channels whose pairs are looked at and of all others. Nothing where it was
// interrupted.
std::optional<measures::CrossSpectra> summed(const Call &call, const Signal &signal, const SpectrumBins &bins,
                                             const measures::CrossSpectra::Pairs &pairs) {
  const std::size_t count = segments_of(signal, bins.length);
  if (count == 0)
    throw measures::NotApplicable(signal.name + " was never sampled at equal steps for as long as a segment lasts");
  if (signal.channels > most_of_segment / bins.length)
    throw measures::NotApplicable(fmt::format("{} channels have more than {} numbers in a segment: make it shorter",
                                              signal.channels, most_of_segment));
  measures::CrossSpectra sums(bins.width, bins.length, bins.frequency.n_elem, signal.channels, pairs);
  const numeric::WatchedLoop loop(count);
  std::size_t done = 0;
  const bool whole = each_segment(signal, bins.length, [&](const arma::mat &segment) {
    loop.done(done++);
    if (call.progress.go_on && !call.progress.go_on()) return false;
    sums.add(segment);
    return true;
  });
  if (!whole) return std::nullopt;
  return sums;
}

void tell_signal(const Signal &signal, const SpectrumBins &bins, const arma::vec &segments,
                 std::vector<std::string> &notes) {
  const std::string unit = signal.unit.empty()     ? "the square of the series' unit, which the file does not say,"
                           : signal.unit == "n.a." ? "of numbers without a unit," // as NWB writes it
                                                   : "(" + signal.unit + ")²";
  notes.push_back(fmt::format("spectrum {}: of segments of {} samples at {:g} Hz, {:.0f} of them; power is {} per Hz",
                              signal.name, bins.length, 1000 / bins.width, segments.max(), unit));
  if (signal.jitter > told_jitter)
    notes.push_back(fmt::format("spectrum {}: its times differ by up to {:.0f} % of a step from equal steps, which are "
                                "taken",
                                signal.name, 100 * signal.jitter));
  const arma::uvec fewer = arma::find(segments < segments.max());
  if (!fewer.is_empty())
    notes.push_back(fmt::format("spectrum {}: {} of {} channels have no value in some segments, which are left out of "
                                "them",
                                signal.name, fewer.n_elem, segments.n_elem));
}

// Of a time series, as drawn_units().
std::vector<std::size_t> drawn_channels(const Call &call, const Area &area) {
  const std::size_t count = area.signal->channels;
  auto which = drawn(call.config, count, most_coherent);
  if (which.size() < count)
    call.found.notes.push_back(fmt::format("spectrum {}: pairs are those of {} of {} channels, drawn by the seed",
                                           area.name, which.size(), count));
  return which;
}

std::vector<Result> describe_signal(const Call &call, const Area &area) {
  const Signal &signal = *area.signal;
  if (signal.stretches.empty() || signal.channels == 0)
    throw measures::NotApplicable(area.name + " has no samples, or the file does not say when they were taken");
  const SpectrumBins bins = bins_of(call.settings, signal.step);
  const auto which = drawn_channels(call, area);
  measures::CrossSpectra::Pairs pairs;
  std::vector<std::string> names, pair_names;
  for (std::size_t c = 0; c < signal.channels; ++c) names.push_back(std::to_string(c + 1));
  for (std::size_t i = 0; i < which.size(); ++i)
    for (std::size_t j = i + 1; j < which.size(); ++j) {
      pairs.emplace_back(which[i], which[j]);
      pair_names.push_back(names[which[i]] + " and " + names[which[j]]);
    }
  const auto sums = summed(call, signal, bins, pairs);
  if (!sums) return {};
  tell_signal(signal, bins, sums->segments(), call.found.notes);
  const arma::mat power = sums->power(), coherence = sums->coherence();
  call.found.tables.push_back(by_frequency("spectrum", area.name, names, bins, power));
  arma::vec peaks(signal.channels);
  for (std::size_t c = 0; c < signal.channels; ++c) peaks[c] = peak_of(power.col(c), bins);
  std::vector<Result> out{median_of(call.config, "spectrum.peak_hz", peaks)};
  if (pairs.empty()) return out;
  call.found.tables.push_back(by_frequency("spectrum.coherence", area.name, pair_names, bins, coherence));
  arma::mat mean(which.size(), which.size(), arma::fill::value(absent));
  for (std::size_t i = 0, p = 0; i < which.size(); ++i)
    for (std::size_t j = i + 1; j < which.size(); ++j, ++p) mean(i, j) = mean(j, i) = mean_shown(coherence.col(p));
  out.push_back(mean_over_pairs(call.config, "spectrum.coherence", mean));
  return out;
}

std::vector<Result> describe_spectra(const Call &call, const Area &area) {
  return area.signal ? describe_signal(call, area) : describe_units(call, area);
}

// The units, or the channels, of a side whose pairs with the other side are looked at.
struct CoherentSide {
  const Area &area;
  std::vector<std::size_t> which;
  std::string name(std::size_t k) const {
    return area.name + " " + (area.signal ? std::to_string(which[k] + 1) : area.units[which[k]]);
  }
};

CoherentSide side_of(const Call &call, const Area &area) {
  if (area.signal) return {area, drawn_channels(call, area)};
  require_sampled(area);
  return {area, drawn_units(call.config, area, most_coherent, call.found.notes)};
}

// Frequencies × pairs, those of the first unit of the one side first; no rows where it was interrupted.
arma::mat coherences(const Call &call, const CoherentSide &one, const CoherentSide &other, SpectrumBins &bins) {
  const auto &x = one.area.signal, &y = other.area.signal;
  if (!x && !y) {
    bins = bins_of(call.settings, call.settings.number("bin"));
    require_one_clock(one.area.name, one.area.file, other.area.name, other.area.file);
    arma::mat out(bins.frequency.n_elem, 0);
    for (const std::size_t i : one.which)
      for (const std::size_t j : other.which) {
        if (call.progress.go_on && !call.progress.go_on()) return {};
        const arma::vec found = coherence_of_units(one.area, i, other.area, j, bins);
        out = arma::join_rows(out, found.is_empty() ? arma::vec(out.n_rows, arma::fill::value(absent)) : found);
      }
    return out;
  }
  const Signal &base = x ? *x : *y;
  const Signal both = x && y ? together(*x, *y) : with_spikes(base, (x ? other : one).area, (x ? other : one).which);
  bins = bins_of(call.settings, base.step);
  // Channels of `both`: those of the series, then those of the other series or the units that were drawn.
  const auto channel_of = [&](const CoherentSide &side, std::size_t k) {
    if (!side.area.signal) return base.channels + k;
    return (&side == &other && x ? base.channels : 0) + side.which[k];
  };
  measures::CrossSpectra::Pairs pairs;
  for (std::size_t i = 0; i < one.which.size(); ++i)
    for (std::size_t j = 0; j < other.which.size(); ++j) pairs.emplace_back(channel_of(one, i), channel_of(other, j));
  const auto sums = summed(call, both, bins, pairs);
  if (!sums) return {};
  call.found.notes.push_back(fmt::format("spectrum {}: coherence of segments of {} samples at {:g} Hz, {:.0f} of them",
                                         both.name, bins.length, 1000 / bins.width, sums->segments().max()));
  return sums->coherence();
}

std::vector<Result> compare_spectra(const Call &call, const Area &region, const Area &area) {
  const CoherentSide one = side_of(call, region), other = side_of(call, area);
  SpectrumBins bins;
  const arma::mat found = coherences(call, one, other, bins);
  if (found.is_empty()) return {};
  std::vector<std::string> names;
  std::vector<double> means;
  for (std::size_t i = 0; i < one.which.size(); ++i)
    for (std::size_t j = 0; j < other.which.size(); ++j) {
      const double mean = mean_shown(found.col(names.size()));
      names.push_back(one.name(i) + " and " + other.name(j));
      if (std::isfinite(mean)) means.push_back(mean);
    }
  if (means.empty())
    throw measures::NotApplicable(region.name + " and " + area.name +
                                  " were never observed together for as long as a segment lasts, or have no power");
  call.found.tables.push_back(
      by_frequency("spectrum.coherence", region.name + " and " + area.name, names, bins, found));
  Result result = result_of("spectrum.coherence", arma::mean(arma::vec(means)), other.which.size());
  result.region = region.name;
  result.area = area.name;
  return {result};
}

} // namespace

MethodEntry spectrum_method() {
  return {
      .words = {.name = "spectrum",
                .help =
                    "power spectral density of the units' spikes (Hz² per Hz; 2 r of a Poisson process of rate r) "
                    "or of the channels of a time series, and coherence of their pairs, by frequency; the frequency "
                    "of the greatest power; of two sides from one file, coherence from one side to the other",
                .reference = "Welch 1967",
                .parameters = {positive("bin", "ms", 2, "in which spikes are counted; a time series has its own"),
                               positive("segment", "ms", 1000,
                                        "of which spectra are averaged; half of one is in "
                                        "the next"),
                               positive("greatest", "Hz", 100, "frequency that is shown")}},
      .place = 107,
      .takes = Takes::signals,
      .by_name = true,
      .describe = describe_spectra,
      .compare = compare_spectra};
}

} // namespace engram::recordings
