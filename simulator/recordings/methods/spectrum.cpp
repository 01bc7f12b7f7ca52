// At which frequencies the units of an area fire, and pairs of them together.
#include "measures/spectrum.hpp"
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/tables.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

constexpr std::size_t most_coherent = 20; // units, whose pairs are looked at

struct SpectrumBins {
  double width = 0;       // ms
  std::size_t length = 0; // of a segment
};

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

// The columns of `values` by frequency, up to the greatest that is shown.
Table by_frequency(const std::string &method, const Area &area, const std::vector<std::string> &columns,
                   const arma::vec &frequency, const arma::mat &values, double greatest) {
  TableMaker table(method, area, "frequency", columns);
  for (arma::uword k = 1; k < frequency.n_elem && frequency[k] <= greatest * (1 + 1e-9); ++k)
    table.row(fmt::format("{:g} Hz", frequency[k]), arma::conv_to<std::vector<double>>::from(values.row(k)));
  return table.made();
}

void add_coherence(const Call &call, const Area &area, const SpectrumBins &bins, const arma::vec &frequency,
                   std::vector<Result> &out) {
  const auto which = drawn_units(call.config, area, most_coherent, call.found.notes);
  const double greatest = call.settings.number("greatest");
  const arma::uvec shown = arma::find(frequency > 0 && frequency <= greatest * (1 + 1e-9));
  std::vector<std::string> names;
  arma::mat all(frequency.n_elem, 0), mean(which.size(), which.size(), arma::fill::value(absent));
  for (std::size_t i = 0; i < which.size(); ++i)
    for (std::size_t j = i + 1; j < which.size(); ++j) {
      if (call.progress.go_on && !call.progress.go_on()) return;
      const auto both = measures::common(observation_of(area, which[i]), observation_of(area, which[j]));
      const auto x = pieces_of(area.trains[which[i]], both, bins), y = pieces_of(area.trains[which[j]], both, bins);
      if (x.empty()) continue;
      const arma::vec coherence = measures::welch_coherence(x, y, bins.width, bins.length);
      all = arma::join_rows(all, coherence);
      names.push_back(area.units[which[i]] + " and " + area.units[which[j]]);
      const arma::vec some = coherence(shown);
      if (some.is_finite() && !some.is_empty()) mean(i, j) = mean(j, i) = arma::mean(some);
    }
  if (names.empty()) return;
  call.found.tables.push_back(by_frequency("spectrum.coherence", area, names, frequency, all, greatest));
  out.push_back(mean_over_pairs(call.config, "spectrum.coherence", mean));
}

std::vector<Result> describe_spectra(const Call &call, const Area &area) {
  require_spikes(area);
  SpectrumBins bins{call.settings.number("bin"), 0};
  const double samples = std::round(call.settings.number("segment") / bins.width);
  if (!(samples >= 4) || samples > 1e6)
    throw measures::NotApplicable("a segment has from 4 to a million bins: change 'segment' or 'bin'");
  bins.length = 2 * static_cast<std::size_t>(samples / 2);
  const double greatest = call.settings.number("greatest");
  const arma::vec frequency = measures::welch_frequencies(bins.width, bins.length);
  const arma::uvec shown = arma::find(frequency > 0 && frequency <= greatest * (1 + 1e-9));
  if (shown.is_empty()) throw measures::NotApplicable("no frequency of a segment is so low: make 'segment' longer");
  std::vector<std::string> names;
  std::size_t brief = 0;
  arma::mat power(frequency.n_elem, 0);
  std::vector<double> peaks;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    if (call.progress.go_on && !call.progress.go_on()) return {};
    const auto pieces = pieces_of(area.trains[u], observation_of(area, u), bins);
    if (pieces.empty()) {
      ++brief;
      continue;
    }
    const arma::vec of_unit = measures::welch_spectrum(pieces, bins.width, bins.length);
    power = arma::join_rows(power, of_unit);
    names.push_back(area.units[u]);
    const arma::vec some = of_unit(shown);
    peaks.push_back(some.max() > 0 ? frequency[shown[some.index_max()]] : absent);
  }
  if (names.empty()) throw measures::NotApplicable(area.name + " was never observed for as long as a segment lasts");
  if (brief > 0)
    call.found.notes.push_back(fmt::format("spectrum {}: {} of {} units were never observed for as long as a segment "
                                           "lasts, and are left out",
                                           area.name, brief, area.trains.size()));
  call.found.tables.push_back(by_frequency("spectrum", area, names, frequency, power, greatest));
  std::vector<Result> out{median_of(call.config, "spectrum.peak_hz", arma::vec(peaks))};
  if (area.trains.size() > 1) add_coherence(call, area, bins, frequency, out);
  return out;
}

} // namespace

MethodEntry spectrum_method() {
  return {.words = {.name = "spectrum",
                    .help = "power spectral density of the units' spikes (Hz² per Hz; 2 r of a Poisson process of rate "
                            "r), and coherence of pairs of units, by frequency; the frequency of the greatest power",
                    .reference = "Welch 1967",
                    .parameters = {positive("bin", "ms", 2, "in which spikes are counted"),
                                   positive("segment", "ms", 1000,
                                            "of which spectra are averaged; half of one is in "
                                            "the next"),
                                   positive("greatest", "Hz", 100, "frequency that is shown")}},
          .place = 107,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_spectra};
}

} // namespace engram::recordings
