#include "cli/run_results.hpp"

#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

#include <fmt/format.h>

#include <cmath>

namespace engram::cli {

nlohmann::ordered_json or_null(double value) {
  return std::isnan(value) ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
}

Results training_of(const simulation::Epoch &epoch) {
  return {epoch.train_loss, epoch.train_accuracy, epoch.train_reward, epoch.train_terms};
}

Results held_out_of(const simulation::Epoch &epoch) {
  return {epoch.held_out_loss, epoch.held_out_accuracy, epoch.held_out_reward, epoch.held_out_terms};
}

nlohmann::ordered_json results_json(const Results &results, const model::Model &model) {
  nlohmann::ordered_json j{{"loss", or_null(results.loss)}, {"accuracy", or_null(results.accuracy)}};
  if (model.task.environment.given()) j["reward"] = or_null(results.reward);
  const auto terms = model::terms_of(model);
  for (std::size_t k = 0; terms.size() > 1 && k < terms.size(); ++k)
    j["terms"][terms[k]->name] = k < results.terms.size() ? or_null(results.terms[k]) : nlohmann::ordered_json(nullptr);
  return j;
}

std::string results_line(const char *what, const Results &results, std::size_t trials) {
  if (std::isnan(results.loss) && std::isnan(results.reward)) return "";
  std::string line = fmt::format("  {:<10}", what);
  if (!std::isnan(results.loss)) line += fmt::format(" loss {:<9}", loss_text(results.loss));
  if (!std::isnan(results.reward)) line += fmt::format(" reward {:<7}", loss_text(results.reward));
  if (!std::isnan(results.accuracy)) line += fmt::format(" accuracy {:<8}", percent_text(results.accuracy));
  return line + fmt::format(" ({} trials)\n", trials);
}

void tell_taken(const std::string &file, const record::Taken &taken, bool quiet) {
  if (!record::is_whole(taken))
    print_lines({record::warning_of(file, taken)});
  else if (!quiet)
    say(fmt::format("engram: the weights of all projections are those of {}", file));
}

} // namespace engram::cli
