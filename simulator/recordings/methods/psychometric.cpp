// psychometric says how often trials were answered rightly, and how fast, by the strength of the stimulus or another
// column of a table.
#include "measures/psychometric.hpp"
#include "input/nearest.hpp"
#include "measures/glm.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/gather.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace engram::recordings {

namespace {

const TrialColumn &required_column(const TrialTable &table, const std::string &name) {
  if (const auto *column = table.find(name)) return *column;
  std::vector<std::string> names;
  for (const auto &column : table.columns) names.push_back(column.name);
  throw measures::NotApplicable(input::unknown("column", name, names));
}

// Trials with the same values of some columns are one group. NaN: in none.
struct Groups {
  std::vector<std::string> names;
  arma::vec number; // by trial
};

Groups grouped(const TrialTable &table, const std::vector<std::string> &levels, bool absolute) {
  std::vector<const TrialColumn *> columns;
  for (const auto &name : levels) columns.push_back(&required_column(table, name));
  const auto tuple_of = [&](std::size_t k) {
    std::vector<double> out;
    for (const auto *column : columns) out.push_back(absolute ? std::abs(column->values[k]) : column->values[k]);
    return out;
  };
  const auto complete = [](const std::vector<double> &tuple) {
    return std::none_of(tuple.begin(), tuple.end(), [](double v) { return std::isnan(v); });
  };
  std::map<std::vector<double>, std::size_t> index;
  for (std::size_t k = 0; k < table.rows(); ++k)
    if (const auto tuple = tuple_of(k); complete(tuple)) index.emplace(tuple, 0);
  Groups out;
  for (auto &[tuple, place] : index) {
    place = out.names.size();
    std::string name;
    for (std::size_t c = 0; c < tuple.size(); ++c)
      name += (c == 0 ? "" : ", ") +
              (columns[c]->words.empty() ? name_of(tuple[c]) : columns[c]->words[static_cast<std::size_t>(tuple[c])]);
    out.names.push_back(name);
  }
  out.number.set_size(table.rows());
  for (std::size_t k = 0; k < table.rows(); ++k) {
    const auto tuple = tuple_of(k);
    out.number[k] = complete(tuple) ? static_cast<double>(index.at(tuple)) : absent;
  }
  return out;
}

// 1 where the choice (1 or 0) is that of the sign of the level; NaN at 0.
arma::vec right_choices(const arma::vec &choice, const arma::vec &level) {
  arma::vec out(choice.n_elem);
  for (arma::uword k = 0; k < out.n_elem; ++k)
    out[k] = std::isnan(choice[k]) || !(std::abs(level[k]) > 0) ? absent : (choice[k] == 1) == (level[k] > 0);
  return out;
}

// Of choices (1 or 0) by the signed level: ln odds = slope (level − bias).
void add_curve(const Area &area, const arma::vec &choice, const arma::vec &level, Comparison &found,
               std::vector<Result> &out) {
  const arma::uvec known = arma::find_finite(choice + level);
  const arma::mat x = arma::join_rows(arma::vec(known.n_elem, arma::fill::ones), arma::vec(level(known)));
  try {
    const auto fit = measures::fit_glm(x, choice(known), measures::Family::binomial);
    out.push_back(result_of("psychometric.slope", fit.coefficients[1]));
    out.push_back(result_of("psychometric.bias", -fit.coefficients[0] / fit.coefficients[1]));
  } catch (const measures::NotApplicable &lack) { // the shares are there without a curve
    found.notes.push_back("psychometric " + area.name + ": no logistic curve: " + lack.what());
  }
}

std::vector<Result> describe_choices(const Call &call, const Area &area) {
  if (!area.table) throw measures::NotApplicable(area.name + " is no table of trials ('columns' of a source)");
  const auto &table = *area.table;
  const auto levels = parts_of(call.settings.word("levels"));
  const auto correct = call.settings.word("correct"), choice = call.settings.word("choice"),
             time = call.settings.word("time");
  const auto groups = grouped(table, levels, !choice.empty());
  std::vector<std::string> columns{"trials"};
  std::vector<double> overall;
  std::vector<Result> out;
  std::vector<measures::Level> share, mean;
  if (!correct.empty() || !choice.empty()) {
    columns.insert(columns.end(), {"correct", "low", "high"});
    const arma::vec right = !correct.empty() ? required_column(table, correct).values
                                             : right_choices(required_column(table, choice).values,
                                                             required_column(table, levels[0]).values);
    const arma::vec known = right(arma::find_finite(right));
    if (arma::any(known != 0 && known != 1)) throw measures::NotApplicable("a choice is neither 0 nor 1");
    share = measures::by_level(groups.number, right);
    const arma::vec there = right(arma::find_finite(right + groups.number));
    out.push_back(result_of("psychometric.correct", there.is_empty() ? absent : arma::mean(there), there.n_elem));
  }
  if (!choice.empty())
    add_curve(area, required_column(table, choice).values, required_column(table, levels[0]).values, call.found, out);
  if (!time.empty()) {
    columns.insert(columns.end(), {"mean " + time, "its error"});
    const arma::vec &times = required_column(table, time).values;
    mean = measures::by_level(groups.number, times);
    const arma::vec there = times(arma::find_finite(times + groups.number));
    out.push_back(result_of("psychometric.time", there.is_empty() ? absent : arma::mean(there), there.n_elem));
  }
  TableMaker made("psychometric", area, levels.size() == 1 ? levels[0] : "levels", columns);
  for (std::size_t g = 0; g < groups.names.size(); ++g) {
    std::vector<double> row{static_cast<double>(arma::accu(groups.number == static_cast<double>(g)))};
    if (!share.empty()) {
      const auto n = share[g].count,
                 right = static_cast<std::size_t>(std::lround(share[g].mean * static_cast<double>(n)));
      const auto ci = measures::wilson_interval(n == 0 ? 0 : right, n, call.config.confidence);
      row.insert(row.end(), {share[g].mean, ci.low, ci.high});
    }
    if (!mean.empty()) row.insert(row.end(), {mean[g].mean, mean[g].standard_error});
    made.row(groups.names[g], row);
  }
  call.found.tables.push_back(made.made());
  for (auto &result : out) result.neurons = 0;
  return out;
}

std::vector<Conflict> conflicts_of_psychometric(const Settings &settings) {
  if (parts_of(settings.word("levels")).empty()) return {{"levels", "is missing: which column says the level?"}};
  if (!settings.given("correct") && !settings.given("choice") && !settings.given("time"))
    return {{"levels", "needs a column beside it: 'correct', 'choice' or 'time'"}};
  if (settings.given("correct") && settings.given("choice")) return {{"choice", "excludes 'correct'"}};
  return {};
}

} // namespace

MethodEntry psychometric_method() {
  return {
      .words = {.name = "psychometric",
                .help = "of a table of trials: share of right choices with Wilson's interval, a logistic curve of "
                        "choices, and mean reaction "
                        "time, by the level of the stimulus",
                .reference = "Wilson 1927",
                .interval = "Wilson's, of each level",
                .parameters = {text("levels", "column whose values are the levels, or several, as coherence+correct"),
                               text("correct", "column of 1 for a right and 0 for a wrong choice"),
                               text("choice", "column of choices, of which 1 is right where the first level is above "
                                              "0, and another below; levels count by their size"),
                               text("time", "column of reaction times")}},
      .place = 210,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_choices,
      .check = conflicts_of_psychometric};
}

} // namespace engram::recordings
