// pictures are statistics of natural pictures and movies that were shown.
#include "measures/image_statistics.hpp"
#include "measures/not_applicable.hpp"
#include "measures/summary.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

// R × C × as many as samples first … first + count − 1.
arma::cube pictures_of(const Stimulus &stimulus, std::size_t first, std::size_t count) {
  arma::cube out(stimulus.height, stimulus.width, count);
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t i = 0; i < stimulus.height; ++i)
      for (std::size_t j = 0; j < stimulus.width; ++j)
        out(i, j, k) = stimulus.values(first + k, i * stimulus.width + j);
  return out;
}

// The slope of the spectrum of each picture, or of some that lie beside each other together.
void add_slopes(const Call &call, const Area &area, const Stimulus &stimulus, std::vector<Result> &out) {
  const auto range = whole_numbers(call.settings.word("frequencies"));
  const auto together = call.settings.count("together");
  const std::size_t count = stimulus.values.n_rows / together;
  if (count == 0) throw measures::NotApplicable("there are fewer pictures than are taken together");
  TableMaker table("pictures", area, together == 1 ? "picture" : fmt::format("{} pictures", together),
                   {"slope of power", "excess kurtosis of differences"});
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const arma::cube some = pictures_of(stimulus, k * together, together);
    const arma::vec power = measures::power_by_frequency(some);
    if (range[0] >= range[1] || range[1] >= power.n_elem)
      throw measures::NotApplicable(fmt::format("frequencies go from one to a higher one below {}", power.n_elem));
    const double slope = measures::spectral_slope(power, range[0], range[1]);
    table.row(std::to_string(k + 1), {slope, measures::summarize_differences(some).excess_kurtosis});
    sum += slope;
  }
  call.found.tables.push_back(table.made());
  out.push_back(result_of("pictures.slope", sum / static_cast<double>(count)));
}

void add_movie(const Call &call, const Area &area, const Stimulus &stimulus, const std::vector<std::size_t> &lags,
               std::vector<Result> &out) {
  const arma::vec r = measures::pixel_autocorrelation(stimulus.values, lags);
  std::vector<std::string> columns;
  for (const std::size_t lag : lags) columns.push_back(fmt::format("{} frames", lag));
  TableMaker table("pictures.autocorrelation", area, "movie", columns);
  table.row(stimulus.name, arma::conv_to<std::vector<double>>::from(r));
  call.found.tables.push_back(table.made());
  const double threshold = call.settings.number("cut");
  if (threshold > 0)
    out.push_back(
        result_of("pictures.cuts", static_cast<double>(measures::scene_cuts(stimulus.values, threshold).size())));
}

std::vector<Result> describe_pictures(const Call &call, const Area &area) {
  if (!area.covariates.stimulus) throw measures::NotApplicable(area.name + " has no stimulus");
  const Stimulus &stimulus = area.covariates.stimulus(call.found.notes);
  if (stimulus.height == 0) throw measures::NotApplicable(stimulus.name + " has no pictures");
  const auto all = measures::summarize(arma::vectorise(stimulus.values));
  std::vector<Result> out{
      result_of("pictures.mean", all.mean), result_of("pictures.deviation", all.deviation),
      result_of("pictures.difference_kurtosis",
                measures::summarize_differences(pictures_of(stimulus, 0, stimulus.values.n_rows)).excess_kurtosis)};
  if (call.settings.given("frequencies")) add_slopes(call, area, stimulus, out);
  const auto lags = whole_numbers(call.settings.word("lags"));
  if (!lags.empty()) add_movie(call, area, stimulus, lags, out);
  return out;
}

std::vector<Conflict> conflicts_of_pictures(const Settings &settings) {
  std::vector<Conflict> out;
  if (settings.given("frequencies")) {
    const auto range = whole_numbers(settings.word("frequencies"));
    if (range.size() != 2 || range[0] == 0 || range[0] >= range[1])
      out.push_back({"frequencies", "is a whole number from 1, and a higher one, as 4+64"});
  }
  if (settings.given("lags") && whole_numbers(settings.word("lags")).empty())
    out.push_back({"lags", "is whole numbers, as 1+2+5"});
  return out;
}

} // namespace

MethodEntry pictures_method() {
  return {.words = {.name = "pictures",
                    .help = "of the pictures of a stimulus: mean, slope of the power spectrum, kurtosis of differences "
                            "of neighbouring pixels, and of a movie the autocorrelation of pixels and the cuts",
                    .reference = "Field 1987",
                    .parameters =
                        {text("frequencies",
                              "cycles a picture, as 4+64, between which the slope of the power spectrum is fitted"),
                         whole("together", 1, 1, "pictures beside each other that share a spectrum"),
                         text("lags", "frames of a movie, as 1+2+5, at which its pixels' autocorrelation is taken"),
                         positive("cut", "", 0, "mean change of the pixels of a movie, above which a scene begins")}},
          .place = 220,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_pictures,
          .check = conflicts_of_pictures};
}

} // namespace engram::recordings
