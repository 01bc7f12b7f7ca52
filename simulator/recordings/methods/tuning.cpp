// tuning says how neurons are tuned over conditions that are angles or quantities.
#include "measures/tuning.hpp"
#include "measures/not_applicable.hpp"
#include "measures/tuning_fit.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/unit_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>

namespace engram::recordings {

namespace {

constexpr double degree = std::numbers::pi / 180;

// Conditions whose names are numbers.
std::optional<arma::vec> numbers_of(const std::vector<std::string> &names) {
  arma::vec out(names.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    char *end = nullptr;
    out[c] = std::strtod(names[c].c_str(), &end);
    if (names[c].empty() || *end != '\0' || !std::isfinite(out[c])) return std::nullopt;
  }
  return out;
}

// Numbers in equal steps that go around half a turn, or a whole one, are degrees of orientation, or direction.
std::string plain_axis(const arma::vec &numbers) {
  const arma::vec sorted = arma::sort(numbers), steps = arma::diff(sorted);
  if (steps.min() <= 0 || steps.max() - steps.min() > 1e-6 * steps.max()) return "";
  const double around = steps[0] * static_cast<double>(numbers.n_elem);
  if (std::abs(around - 180) < 1e-3) return "orientation";
  return std::abs(around - 360) < 1e-3 ? "direction" : "";
}

// Of each neuron; the measures are of rates, so of a neuron that goes below 0 they are not known.
template <class F> arma::vec of_rates(const arma::mat &means, F &&measure) {
  arma::vec out(means.n_cols);
  for (std::size_t n = 0; n < means.n_cols; ++n)
    out[n] = means.col(n).min() < 0 ? absent : measure(arma::vec(means.col(n)));
  return out;
}

// exp(κ (cos(m d) − 1)) is a half at d = arccos(1 − ln 2 / κ) / m, degrees; NaN where it nowhere is. The error by the
// delta method.
numeric::Fitted half_width(const numeric::Fitted &concentration, double m) {
  const double kappa = concentration.value, u = 1 - std::numbers::ln2 / kappa;
  if (!(kappa > 0) || u < -1) return {absent, absent};
  const double slope = std::numbers::ln2 / (kappa * kappa) / std::sqrt(1 - u * u);
  return {std::acos(u) / m / degree, concentration.standard_error * slope / m / degree};
}

// Values of a curve over what the conditions span; around the circle for angles.
template <class F> void draw_curve(TuningFit &fit, F &&curve) {
  constexpr arma::uword points = 120;
  const bool around = fit.curve == "orientation" || fit.curve == "direction";
  const double low = fit.numbers.min(),
               high = around ? low + (fit.curve == "direction" ? 360 : 180) : fit.numbers.max();
  fit.at = fit.curve == "logarithmic" ? arma::vec(arma::exp2(arma::linspace(std::log2(low), std::log2(high), points)))
                                      : arma::vec(arma::linspace(low, high, points));
  fit.values = fit.at;
  fit.values.transform(curve);
}

TuningFit fit_of(const std::string &axis, const arma::vec &numbers, const arma::vec &response) {
  TuningFit out;
  out.curve = axis;
  out.numbers = numbers;
  out.responses = response;
  const auto take = [&](const auto &fit) {
    out.preferred = fit.preferred;
    out.baseline = fit.baseline;
    out.amplitude = fit.amplitude;
    out.r_squared = fit.quality.r_squared;
    out.rivals = fit.quality.rivals;
  };
  if (axis == "orientation") {
    const auto fit = measures::fit_orientation(numbers, response);
    take(fit);
    out.width = half_width(fit.concentration, 2);
    draw_curve(out, [&](double x) {
      return fit.baseline.value +
             fit.amplitude.value *
                 std::exp(fit.concentration.value * (std::cos(2 * degree * (x - fit.preferred.value)) - 1));
    });
  } else if (axis == "direction") {
    const auto fit = measures::fit_direction(numbers, response);
    take(fit);
    out.width = half_width(fit.concentration, 1);
    draw_curve(out, [&](double x) {
      const double c = std::cos(degree * (x - fit.preferred.value)), k = fit.concentration.value;
      return fit.baseline.value + fit.amplitude.value * std::exp(k * (c - 1)) +
             fit.opposite.value * std::exp(k * (-c - 1));
    });
  } else {
    const bool logarithmic = axis == "logarithmic";
    const auto fit =
        measures::fit_gaussian(numbers, response, logarithmic ? measures::Axis::logarithmic : measures::Axis::linear);
    take(fit);
    out.width = fit.width;
    draw_curve(out, [&](double x) {
      const double away = logarithmic ? std::log2(x / fit.preferred.value) : x - fit.preferred.value;
      return fit.baseline.value +
             fit.amplitude.value * std::exp(-away * away / (2 * fit.width.value * fit.width.value));
    });
  }
  return out;
}

// A neuron that is constant, or has fewer conditions than a curve has parameters, has no curve.
void fit_all(const Config &config, const std::string &axis, const arma::vec &numbers, const Area &area,
             const arma::mat &means, const arma::uvec &neurons, std::vector<Result> &out, Comparison &found) {
  const std::size_t parameters = axis == "direction" ? 5 : 4;
  if (means.n_rows < parameters) return;
  arma::vec width(means.n_cols, arma::fill::value(absent)), quality = width;
  int undecided = 0;
  for (std::size_t n = 0; n < means.n_cols; ++n) {
    const arma::vec response = means.col(n);
    if (response.max() - response.min() <= 1e-12 * std::abs(response.max())) continue;
    auto fit = fit_of(axis, numbers, response);
    fit.area = area.name;
    const arma::uword neuron = neurons[n];
    fit.neuron = neuron < area.responses->neurons.size() ? area.responses->neurons[neuron] : std::to_string(neuron + 1);
    width[n] = fit.width.value;
    quality[n] = fit.r_squared;
    undecided += fit.rivals > 0;
    found.fits.push_back(std::move(fit));
  }
  if (undecided > 0)
    found.notes.push_back(fmt::format("tuning {}: for {} of {} neurons another curve fits as well within noise, so its "
                                      "parameters are not decided",
                                      area.name, undecided, means.n_cols));
  out.push_back(median_of(config, "tuning.width", width));
  out.push_back(median_of(config, "tuning.fit_r2", quality));
}

// The numbers that the conditions are. Where all are but those without any ("nan", as of blank trials), these are left
// out.
std::optional<arma::vec> numbered(const Area &area, Means &used, std::vector<std::string> &notes) {
  if (area.conditions.empty()) return std::nullopt;
  std::vector<std::string> names, blank;
  std::vector<arma::uword> with;
  for (arma::uword k = 0; k < used.conditions.n_elem; ++k) {
    const std::string &name = area.conditions[used.conditions[k]];
    if (name == "nan" || name == "NaN" || name == "-nan" || name.empty()) {
      blank.push_back(name);
      continue;
    }
    names.push_back(name);
    with.push_back(k);
  }
  const auto numbers = numbers_of(names);
  if (!numbers || blank.empty()) return blank.empty() ? numbers : std::nullopt;
  const arma::uvec kept(with);
  notes.push_back(fmt::format("tuning {}: {} left out: its name is no number", area.name,
                              some_of(blank.size(), used.conditions.n_elem, "condition") + " is"));
  used.values = arma::mat(used.values.rows(kept));
  used.conditions = arma::uvec(used.conditions(kept));
  return numbers;
}

std::vector<Result> describe_tuning(const Call &call, const Area &area) {
  const auto &config = call.config;
  const std::string &given = call.settings.word("axis");
  auto used = complete_means(area, "tuning", call.found.notes);
  const auto numbers = numbered(area, used, call.found.notes);
  const arma::mat &means = used.values;
  if (means.n_rows < 3) throw measures::NotApplicable(area.name + " has fewer than three conditions");
  if (!given.empty() && !numbers)
    throw measures::NotApplicable("the conditions of " + area.name + " have no numbers for names");
  if (given == "logarithmic" && !(numbers->min() > 0))
    throw measures::NotApplicable("the conditions of " + area.name + " are not all above 0, as on a logarithmic axis");
  const std::string axis = !given.empty() ? given : numbers ? plain_axis(*numbers) : "";
  const bool angles = axis == "orientation" || axis == "direction";
  std::vector<Result> out;
  const arma::vec sparseness = of_rates(means, measures::sparseness);
  if (const std::size_t rates = arma::uvec(arma::find_finite(sparseness)).n_elem; rates > 0) {
    if (rates < means.n_cols)
      call.found.notes.push_back(fmt::format("tuning {}: {} left out of sparseness and selectivity: responses fall "
                                             "below 0, as no rate does, or are 0 throughout",
                                             area.name,
                                             some_of(means.n_cols - rates, means.n_cols, "neuron") +
                                                 (means.n_cols - rates == 1 ? " is" : " are")));
    out.push_back(median_of(config, "tuning.sparseness", sparseness));
    out.push_back(median_of(config, "tuning.rolls_tovee", of_rates(means, measures::rolls_tovee)));
  } else if (axis.empty()) {
    throw measures::NotApplicable(area.name +
                                  " has no neuron whose responses are all at least 0, as rates are, and not all 0");
  }
  const auto selectivity = [&](double period) {
    return of_rates(
        means, [&](const arma::vec &response) { return measures::vector_selectivity(*numbers, response, period); });
  };
  if (angles && !out.empty()) {
    out.push_back(median_of(config, "tuning.orientation", selectivity(180)));
    out.push_back(median_of(config, "tuning.circular_variance", 1 - selectivity(180)));
  }
  if (axis == "direction" && !out.empty()) out.push_back(median_of(config, "tuning.direction", selectivity(360)));
  if (!axis.empty()) fit_all(config, axis, *numbers, area, means, used.neurons, out, call.found);
  for (auto &result : out) result.conditions = means.n_rows;
  return out;
}

} // namespace

MethodEntry tuning_method() {
  return {
      .words =
          {.name = "tuning",
           .help =
               "sparseness of each neuron; of conditions that are angles or quantities, selectivity and the width of a "
               "fitted von Mises or Gaussian curve: the median",
           .reference = "Rolls & Tovee 1995; Mazurek et al. 2014; Swindale 1998",
           .interval = "bootstrap over neurons",
           .parameters = {word("axis", {"orientation", "direction", "linear", "logarithmic"}, "",
                               "what the numbers that name the conditions are: degrees of orientation or direction, or "
                               "a quantity, such as a frequency, with Gaussian tuning on a linear or logarithmic axis; "
                               "unless given, degrees where they go evenly around")}},
      .place = 180,
      .describe = describe_tuning};
}

} // namespace engram::recordings
