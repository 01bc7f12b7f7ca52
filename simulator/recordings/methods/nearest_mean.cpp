// nearest_mean asks how well single trials tell their condition by the nearest mean, each left out of the mean of its
// own.
#include "measures/decoding.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <vector>

namespace engram::recordings {

namespace {

std::vector<Result> describe_nearest_mean(const Call &call, const Area &area) {
  const arma::cube repeats = over_time(responses_of(area));
  std::vector<arma::rowvec> rows;
  std::vector<arma::uword> labels;
  for (arma::uword c = 0; c < repeats.n_rows; ++c)
    for (arma::uword r = 0; r < repeats.n_slices; ++r) {
      const arma::rowvec trial = repeats.slice(r).row(c);
      if (!trial.is_finite()) continue; // no such repeat
      rows.push_back(trial);
      labels.push_back(c);
    }
  arma::mat trials(rows.size(), repeats.n_cols);
  for (std::size_t k = 0; k < rows.size(); ++k) trials.row(k) = rows[k];
  measures::DecodingOptions options;
  options.decoder = measures::Decoder::nearest_centroid;
  options.permutations = call.config.permutations;
  options.seed = call.config.seed;
  options.threads = call.progress.threads;
  std::vector<measures::Fold> folds(rows.size());
  for (arma::uword k = 0; k < rows.size(); ++k) {
    folds[k].held_out = {k};
    folds[k].training.set_size(rows.size() - 1);
    for (arma::uword i = 0; i + 1 < rows.size(); ++i) folds[k].training[i] = i < k ? i : i + 1;
  }
  const auto found = measures::decode(trials, arma::uvec(labels), folds, options);
  Result result = result_of("nearest_mean", found.accuracy, repeats.n_cols);
  result.p = call.config.permutations > 0 ? found.p : absent;
  const auto &names = responses_of(area).conditions;
  std::vector<std::string> columns{"trials", "right"};
  for (const auto c : found.labels) columns.push_back("taken for " + names[c]);
  TableMaker table("nearest_mean", area, "condition", columns);
  for (arma::uword l = 0; l < found.labels.n_elem; ++l) {
    const arma::rowvec of_label = arma::conv_to<arma::rowvec>::from(found.confusion.row(l));
    std::vector<double> row{arma::accu(of_label), of_label[l] / arma::accu(of_label)};
    row.insert(row.end(), of_label.begin(), of_label.end());
    table.row(names[found.labels[l]], row);
  }
  call.found.tables.push_back(table.made());
  return {result, result_of("nearest_mean.chance", found.chance, repeats.n_cols)};
}

} // namespace

MethodEntry nearest_mean_method() {
  return {.words = {.name = "nearest_mean",
                    .help = "share of trials whose nearest mean is that of their condition, each trial left out of it; "
                            "with the confusions",
                    .reference = "",
                    .parameters = {}},
          .place = 175,
          .by_name = true,
          .describe = describe_nearest_mean};
}

} // namespace engram::recordings
