#include "measures/receptive_field.hpp"

#include "measures/interval.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"
#include "numeric/parallel.hpp"
#include "numeric/random.hpp"
#include "numeric/threads.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

// Samples with spikes and a whole history, and how many spikes each.
struct Triggers {
  arma::uvec sample;
  arma::vec weight;
};

void require_stimulus(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags) {
  if (stimulus.is_empty()) throw NotApplicable("a stimulus without samples or pixels");
  if (spikes.n_elem != stimulus.n_rows) throw std::invalid_argument("not as many spike counts as stimulus samples");
  if (!stimulus.is_finite() || !spikes.is_finite())
    throw NotApplicable("a stimulus or spike count is not a finite number");
  if (spikes.min() < 0) throw NotApplicable("a spike count is negative");
  if (lags == 0) throw std::invalid_argument("no lags");
  if (lags > stimulus.n_rows) throw NotApplicable("more lags than there are samples of the stimulus");
}

Triggers triggers(const arma::vec &spikes, std::size_t lags) {
  Triggers out;
  out.sample = arma::find(spikes.tail(spikes.n_elem - lags + 1) > 0) + (lags - 1);
  out.weight = spikes.elem(out.sample);
  return out;
}

// The stimuli before these samples: one row of L P values for each.
arma::mat histories(const arma::mat &stimulus, const arma::uvec &samples, std::size_t lags) {
  arma::mat out(samples.n_elem, lags * stimulus.n_cols);
  for (std::size_t lag = 0; lag < lags; ++lag)
    out.cols(lag * stimulus.n_cols, (lag + 1) * stimulus.n_cols - 1) = stimulus.rows(samples - lag);
  return out;
}

// Covariance about the weighted mean, with Σ w − 1 below.
arma::mat covariance(arma::mat rows, const arma::vec &weight) {
  const double total = arma::accu(weight);
  const arma::rowvec average = weight.t() * rows / total;
  rows.each_row() -= average;
  rows.each_col() %= arma::sqrt(weight);
  return rows.t() * rows / (total - 1);
}

// Of all samples with a whole history. Block (l, k) needs the stimulus at two lags, whose rows are those of one matrix
// shifted: no matrix of all histories is made.
arma::mat prior_covariance(const arma::mat &stimulus, std::size_t lags) {
  const arma::uword pixels = stimulus.n_cols, count = stimulus.n_rows - lags + 1;
  arma::mat out(lags * pixels, lags * pixels);
  const arma::mat centred = stimulus.each_row() - arma::mean(stimulus, 0);
  const auto at = [&](std::size_t lag) { return centred.rows(lags - 1 - lag, lags - 2 - lag + count); };
  const auto n = static_cast<double>(count);
  for (std::size_t l = 0; l < lags; ++l)
    for (std::size_t k = 0; k <= l; ++k) {
      const arma::mat first = at(l), second = at(k);
      const arma::mat block = (first.t() * second - arma::sum(first, 0).t() * arma::sum(second, 0) / n) / (n - 1);
      out.submat(l * pixels, k * pixels, arma::size(block)) = block;
      if (k < l) out.submat(k * pixels, l * pixels, arma::size(pixels, pixels)) = block.t();
    }
  return out;
}

// Orthonormal columns that span what is orthogonal to these.
arma::mat complement(const std::vector<arma::vec> &axes, arma::uword size) {
  if (axes.empty()) return arma::eye(size, size);
  arma::mat columns(size, axes.size());
  for (std::size_t k = 0; k < axes.size(); ++k) columns.col(k) = axes[k];
  arma::mat q, r;
  arma::qr(q, r, columns);
  return q.tail_cols(size - axes.size());
}

struct Extremes {
  double low = 0, high = 0;
};

// The results of spikes that are shifted in time.
class Surrogates {
public:
  Surrogates(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags, const arma::mat &prior,
             const CovarianceOptions &options)
      : stimulus_(stimulus), spikes_(spikes), lags_(lags), prior_(prior), options_(options) {
    const auto total = static_cast<std::size_t>(spikes.n_elem);
    const numeric::Random random{options.seed, numeric::Purpose::resample, numeric::name_key("spike shift")};
    const std::size_t choices = total - 2 * lags + 1; // shifts of lags … total − lags
    for (std::size_t k = 0; k < options.surrogates; ++k)
      shifts_.push_back(
          lags + std::min(choices - 1, static_cast<std::size_t>(random.uniform(k) * static_cast<double>(choices))));
  }

  /// Quantiles of the extreme eigenvalues within a subspace (orthonormal columns).
  Extremes extremes(const arma::mat &subspace) const {
    std::vector<double> low(shifts_.size()), high(shifts_.size());
    numeric::for_tiles(numeric::available_threads(), shifts_.size(), [&](std::size_t k) {
      const auto found = triggers(arma::shift(spikes_, static_cast<arma::sword>(shifts_[k])), lags_);
      arma::vec value(1, arma::fill::value(unknown));
      if (arma::accu(found.weight) > 1) {
        const arma::mat change = covariance(histories(stimulus_, found.sample, lags_), found.weight) - prior_;
        if (!arma::eig_sym(value, arma::symmatu(subspace.t() * change * subspace))) value = {unknown};
      }
      low[k] = value.front();
      high[k] = value.back();
    });
    // A shift that left no spikes with a whole history says nothing.
    std::erase_if(low, [](double v) { return std::isnan(v); });
    std::erase_if(high, [](double v) { return std::isnan(v); });
    if (low.empty()) throw NotApplicable("no surrogate has two spikes");
    return {quantile(arma::vec(low), options_.level / 2), quantile(arma::vec(high), 1 - options_.level / 2)};
  }

private:
  const arma::mat &stimulus_;
  const arma::vec &spikes_;
  std::size_t lags_;
  const arma::mat &prior_;
  const CovarianceOptions &options_;
  std::vector<std::size_t> shifts_;
};

} // namespace

arma::vec spikes_by_sample(const SpikeTrain &train, std::size_t samples, double start, double step) {
  require_sorted(train);
  if (!(step > 0)) throw NotApplicable("the step of a stimulus is not positive");
  arma::vec out(samples, arma::fill::zeros);
  for (const double t : train) {
    const double place = std::floor((t - start) / step + 1e-9);
    if (place >= 0 && place < static_cast<double>(samples)) out(static_cast<arma::uword>(place)) += 1;
  }
  return out;
}

SpikeTriggeredAverage spike_triggered_average(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags) {
  require_stimulus(stimulus, spikes, lags);
  const auto found = triggers(spikes, lags);
  SpikeTriggeredAverage out;
  out.mean = arma::mean(stimulus, 0);
  out.spikes = arma::accu(found.weight);
  out.average.set_size(lags, stimulus.n_cols);
  out.average.fill(unknown);
  if (found.sample.is_empty()) return out;
  const arma::rowvec weight = found.weight.t() / out.spikes;
  for (std::size_t lag = 0; lag < lags; ++lag) out.average.row(lag) = weight * stimulus.rows(found.sample - lag);
  return out;
}

bool average_is_significant(const arma::mat &stimulus, const arma::vec &spikes, std::size_t lags, std::uint64_t seed) {
  require_stimulus(stimulus, spikes, lags);
  if (2 * lags > stimulus.n_rows) throw NotApplicable("a stimulus too short to shift spikes against it");
  const auto length = [&](const arma::vec &counts) {
    const auto found = spike_triggered_average(stimulus, counts, lags);
    return arma::norm(arma::mat(found.average.each_row() - found.mean), "fro");
  };
  constexpr std::size_t shifts = 199;
  const numeric::Random random{seed, numeric::Purpose::resample, numeric::name_key("average")};
  const double choices = static_cast<double>(spikes.n_elem - 2 * lags + 1), actual = length(spikes);
  std::size_t as_long = 0;
  for (std::size_t k = 0; k < shifts; ++k) {
    const auto shift = lags + static_cast<std::size_t>(random.uniform(k) * choices);
    as_long += length(arma::shift(spikes, static_cast<arma::sword>(shift))) >= actual;
  }
  return actual > 0 && static_cast<double>(1 + as_long) <= 0.01 * (1 + shifts);
}

Separability separability(const arma::mat &field) {
  if (field.is_empty()) throw NotApplicable("the separability of an empty field");
  arma::mat u, v;
  arma::vec s;
  if (!arma::svd_econ(u, s, v, field)) throw NotApplicable("a field holds values that are not finite");
  Separability out;
  const double squares = arma::dot(s, s);
  out.index = squares > 0 ? s(0) * s(0) / squares : unknown;
  const double sign = u(arma::abs(u.col(0)).index_max(), 0) < 0 ? -1 : 1;
  out.time = sign * std::sqrt(s(0)) * u.col(0);
  out.space = sign * std::sqrt(s(0)) * v.col(0);
  return out;
}

SpikeTriggeredCovariance spike_triggered_covariance(const arma::mat &stimulus, const arma::vec &spikes,
                                                    std::size_t lags, const CovarianceOptions &options) {
  require_stimulus(stimulus, spikes, lags);
  if (2 * lags > stimulus.n_rows) throw NotApplicable("a stimulus too short to shift spikes against it");
  if (options.surrogates == 0) throw std::invalid_argument("significance without surrogates");
  if (!(options.level > 0 && options.level < 1)) throw std::invalid_argument("a level of significance not in (0, 1)");
  const auto found = triggers(spikes, lags);
  SpikeTriggeredCovariance out;
  out.spikes = arma::accu(found.weight);
  if (!(out.spikes > 1)) throw NotApplicable("the covariance of fewer than two spikes");
  const arma::mat prior = prior_covariance(stimulus, lags), rows = histories(stimulus, found.sample, lags);
  const arma::mat change = covariance(rows, found.weight) - prior;
  const arma::uword size = change.n_rows;

  std::vector<arma::vec> removed;
  if (options.remove_average) {
    const arma::rowvec average = arma::vectorise(arma::repmat(arma::mean(stimulus, 0), lags, 1), 1);
    const arma::vec axis = (found.weight.t() * rows / out.spikes - average).t();
    if (arma::norm(axis) > 0) removed.push_back(arma::normalise(axis));
  }
  arma::mat basis = complement(removed, size);
  arma::vec value;
  arma::mat vector;
  arma::eig_sym(value, vector, arma::symmatu(basis.t() * change * basis));
  out.eigenvalue = arma::reverse(value);
  out.eigenvector = basis * arma::fliplr(vector);

  const Surrogates surrogates(stimulus, spikes, lags, prior, options);
  std::vector<arma::uword> significant;
  arma::uword first = 0, last = out.eigenvalue.n_elem; // those not removed yet: [first, last)
  while (first < last) {
    const auto chance = surrogates.extremes(basis);
    out.low = chance.low;
    out.high = chance.high;
    const double over = out.eigenvalue(first) - chance.high, under = chance.low - out.eigenvalue(last - 1);
    if (std::max(over, under) <= 0) break;
    significant.push_back(over >= under ? first++ : --last);
    removed.push_back(out.eigenvector.col(significant.back()));
    if (first < last) basis = complement(removed, size);
  }
  out.significant = arma::uvec(significant);
  return out;
}

} // namespace engram::measures
