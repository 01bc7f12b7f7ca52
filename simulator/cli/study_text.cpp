#include "cli/study_text.hpp"

#include "cli/run_results.hpp"
#include "data/printable.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace engram::cli {
namespace {

using studies::StudyResult;
using studies::StudyWork;

constexpr std::size_t most_rows = 20;

// What the run has of each axis.
std::vector<std::string> varied_cells(const StudyWork &work, std::size_t run) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < work.study().axes.size(); ++k)
    out.push_back(data::printable(work.study().axes[k].text(work.plan()[run].values[k])));
  return out;
}

std::vector<std::string> varied_names(const StudyWork &work) {
  std::vector<std::string> out;
  for (const auto &axis : work.study().axes) out.push_back(axis.name);
  return out;
}

// Combinations as they are shown: all in their order, or of many the best.
std::vector<std::size_t> shown_combinations(const studies::StudySummary &summary) {
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < summary.combinations.size(); ++c) out.push_back(c);
  if (out.size() <= most_rows || !summary.by) {
    out.resize(std::min(out.size(), most_rows));
    return out;
  }
  const auto value = [&](std::size_t c) { // smaller is better; what has none is last
    const double mean = summary.compared(c).mean.value;
    return std::isnan(mean) ? INFINITY : is_loss(*summary.by) ? mean : -mean;
  };
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  out.resize(most_rows);
  return out;
}

std::string compared_name(const studies::StudySummary &summary) {
  return name_of(*summary.by, ' ') + (summary.at_best_epoch ? " at the best epoch" : "");
}

std::string interval_text(const measures::StudentMean &mean) {
  return report::shown(mean.mean.value, mean.mean.ci.low, mean.mean.ci.high);
}

std::string combination_text(const StudyWork &work, std::size_t first) {
  const auto names = varied_names(work), cells = varied_cells(work, first);
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < names.size(); ++k) parts.push_back(names[k] + " = " + cells[k]);
  return parts.empty() ? "the model as it is" : fmt::format("{}", fmt::join(parts, ", "));
}

nlohmann::ordered_json varied_json(const StudyWork &work, std::size_t run) {
  auto out = nlohmann::ordered_json::object();
  for (std::size_t k = 0; k < work.study().axes.size(); ++k)
    out[work.study().axes[k].name] = work.study().axes[k].values[work.plan()[run].values[k]];
  return out;
}

} // namespace

std::string planned_text(const StudyWork &work) {
  report::TextTable table;
  auto head = varied_names(work);
  head.insert(head.begin(), "run");
  head.emplace_back("seed");
  table.row(head);
  for (std::size_t k = 0; k < work.plan().size(); ++k) {
    auto cells = varied_cells(work, k);
    cells.insert(cells.begin(), std::to_string(work.plan()[k].number));
    cells.push_back(work.plan()[k].seed ? std::to_string(*work.plan()[k].seed) : "the model's");
    table.row(cells);
  }
  return table.text();
}

std::string study_text(const StudyWork &work, const StudyResult &result) {
  const auto &summary = result.summary;
  std::string out = fmt::format("{}: {} of {} runs complete\n", data::printable_line(work.study().name),
                                result.complete, result.runs);
  if (summary.by) {
    report::TextTable table;
    auto head = varied_names(work);
    head.insert(head.begin(), "");
    const bool seeds = work.study().seeds.size() > 1;
    head.emplace_back("runs");
    head.push_back(compared_name(summary) + (seeds ? ": mean [95 % interval of Student's t over the seeds]" : ""));
    table.row(head);
    for (const auto c : shown_combinations(summary)) {
      auto cells = varied_cells(work, summary.combinations[c].first);
      cells.insert(cells.begin(), "");
      cells.push_back(fmt::format("{}/{}", summary.combinations[c].complete, summary.combinations[c].runs));
      cells.push_back(interval_text(summary.compared(c)));
      table.row(cells);
    }
    out += table.text();
    if (summary.combinations.size() > most_rows)
      out += fmt::format("  … and {} more in summary.csv\n", summary.combinations.size() - most_rows);
  }
  if (summary.best)
    out += fmt::format("best {}by {}: {}, {}{}\n", result.complete < result.runs ? "so far " : "",
                       compared_name(summary), interval_text(summary.compared(*summary.best)),
                       combination_text(work, summary.combinations[*summary.best].first),
                       summary.as_good == 0   ? ""
                       : summary.as_good == 1 ? " (another one is as good)"
                                              : fmt::format(" ({} others are as good)", summary.as_good));
  else
    out += fmt::format("no best combination: {}\n", summary.no_best);
  const auto &folder = work.folder();
  return out + fmt::format("written: {} {} {}\n", folder.file("results.csv"), folder.file("results.h5"),
                           folder.file("summary.csv"));
}

nlohmann::ordered_json study_json(const StudyWork &work, const StudyResult &result) {
  const auto &summary = result.summary;
  nlohmann::ordered_json out{{"study", work.study().name}, {"out", work.folder().path()},
                             {"runs", result.runs},        {"complete", result.complete},
                             {"failed", result.failed},    {"interrupted", result.interrupted}};
  out["by"] = summary.by ? nlohmann::ordered_json(name_of(*summary.by, ' ')) : nlohmann::ordered_json(nullptr);
  out["at"] = summary.at_best_epoch ? "best_epoch" : "end";
  out["best"] = summary.best ? nlohmann::ordered_json(*summary.best) : nlohmann::ordered_json(nullptr);
  out["as_good"] = summary.as_good;
  out["combinations"] = nlohmann::ordered_json::array();
  for (std::size_t c = 0; c < summary.combinations.size(); ++c) {
    const auto &one = summary.combinations[c];
    nlohmann::ordered_json row{
        {"varied", varied_json(work, one.first)}, {"runs", one.runs}, {"complete", one.complete}};
    if (summary.by) {
      const auto &mean = summary.compared(c);
      row["mean"] = or_null(mean.mean.value);
      row["sd"] = or_null(mean.deviation);
      row["interval"] = {or_null(mean.mean.ci.low), or_null(mean.mean.ci.high)};
    }
    out["combinations"].push_back(std::move(row));
  }
  return out;
}

std::string study_keys() {
  const auto schema = studies::study_schema();
  std::string out = "The keys of a study's file:\n";
  for (const auto &[key, value] : schema.at("properties").items()) {
    out += fmt::format("  {:<12} {}\n", key, value.at("description").get<std::string>());
    if (!value.contains("properties")) continue;
    for (const auto &[inner, words] : value.at("properties").items())
      out += fmt::format("    {:<10} {}\n", inner, words.at("description").get<std::string>());
  }
  out += "The values of a pointer in \"vary\":";
  for (const auto &[form, meaning] :
       {std::pair{R"([1, 2, 4])", "written out"},
        {R"({"range": {"from": 0, "to": 1, "count": 5}})", "at equal steps"},
        {R"({"log_range": {"from": 0.01, "to": 1, "count": 3}})", "at equal ratios"},
        {R"({"sample": {"from": 0.01, "to": 1, "scale": "log"}})", "drawn, as \"search\" says"},
        {R"({"sample": {"values": ["tanh", "relu"]}})", "the same, of these"}})
    out += fmt::format("\n  {:<54} {}", form, meaning);
  return out;
}

} // namespace engram::cli
