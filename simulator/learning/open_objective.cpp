#include "learning/open_objective.hpp"

#include "dynamics/plugin_dynamics.hpp"
#include "learning/open_library.hpp"
#include "learning/table_check.hpp"

#include <cstddef>
#include <vector>

namespace engram::learning {

namespace {

// Reads a table and complains about the first thing that is wrong.
class ObjectiveCheck : TableCheck {
public:
  ObjectiveCheck(const engram_objective &table, const std::string &file) : TableCheck(file), table_(table) {}

  void all() const {
    text(table_.name, "the name", ENGRAM_MAX_NAME);
    require(is_name(table_.name), "'{}' is no name: letters, digits, '_' and '-' make one", table_.name);
    text(table_.summary, "the summary");
    text(table_.reference, "the reference");
    const int target = table_.target; // an enumeration that another program filled in may hold any number
    require(target >= ENGRAM_TARGET_GIVEN && target <= ENGRAM_TARGET_BEFORE, "its target is {}, which names none",
            target);
    require(table_.masks <= 1 && table_.counts <= 1 && table_.across_trials <= 1,
            "masks, counts and across_trials are {}, {} and {}, not 0 or 1", table_.masks, table_.counts,
            table_.across_trials);
    const int over = table_.over;
    require(over >= ENGRAM_OVER_STEP && over <= ENGRAM_OVER_COURSE, "it looks over {}, which names nothing", over);
    const bool of_trial = over != ENGRAM_OVER_STEP;
    require(
        !of_trial || target == ENGRAM_TARGET_NOTHING || target == ENGRAM_TARGET_LABELS || target == ENGRAM_TARGET_ARRAY,
        "it looks at the trial as a whole, and so is compared with nothing, with labels or with an array, no signal");
    parameters(table_.parameters, table_.parameter_count);
    for (std::size_t k = 0; k < table_.parameter_count; ++k)
      for (const std::string taken : {"type", "name", "region", "signal", "target", "weight", "phases", "delay",
                                      "delivery", "strength", "prediction"})
        require(table_.parameters[k].name != taken, "a parameter named '{}' would hide that key of a model file",
                taken);
    for (const int precision : {ENGRAM_SINGLE, ENGRAM_DOUBLE}) {
      const auto &calls = table_.callbacks[precision];
      const char *word = precision == ENGRAM_SINGLE ? "single" : "double";
      require(calls.loss != nullptr, "in {} precision there is no callback loss", word);
      require(calls.gradient != nullptr, "in {} precision there is no callback gradient", word);
      require(of_trial || calls.hessian_product != nullptr, "in {} precision there is no callback hessian_product",
              word);
    }
  }

private:
  const engram_objective &table_;
};

} // namespace

engram_objective check_table(const engram_objective *table, const std::string &file) {
  if (table == nullptr) throw PluginError(file + ": " ENGRAM_OBJECTIVE_ENTRY_POINT " returned NULL");
  const auto whole = whole_table(
      *table, {{1, offsetof(engram_objective, over)}, {ENGRAM_OBJECTIVE_ABI_VERSION, sizeof(engram_objective)}},
      "objective.h", file);
  ObjectiveCheck(whole, file).all();
  return whole;
}

task::ObjectiveInfo objective_info_of(const engram_objective &table, const std::string &file) {
  using model::Compared;
  // The values of objective.h stand in the order of those of model::Compared.
  static_assert(ENGRAM_TARGET_GIVEN == static_cast<int>(Compared::given) &&
                ENGRAM_TARGET_ARRAY == static_cast<int>(Compared::array) &&
                ENGRAM_TARGET_NOTHING == static_cast<int>(Compared::nothing) &&
                ENGRAM_TARGET_SIGNAL == static_cast<int>(Compared::signal) &&
                ENGRAM_TARGET_LATER == static_cast<int>(Compared::later) &&
                ENGRAM_TARGET_LABELS == static_cast<int>(Compared::classes) &&
                ENGRAM_TARGET_BEFORE == static_cast<int>(Compared::before));
  task::ObjectiveInfo info;
  info.file = file;
  info.words.name = table.name;
  info.words.help = table.summary;
  info.words.reference = table.reference;
  info.words.compared = static_cast<Compared>(table.target);
  for (std::size_t k = 0; k < table.parameter_count; ++k)
    info.words.parameters.push_back(dynamics::parameter_of(table.parameters[k]));
  info.masks = table.masks != 0;
  info.counts = table.counts != 0;
  info.across_trials = table.across_trials != 0;
  info.over = table.over;
  task::tell_over(info);
  return info;
}

OpenObjective::OpenObjective(const std::string &file) : OpenObjective(open_library(file), file) {}

OpenObjective::OpenObjective(SharedObject object, const std::string &file) : object_(std::move(object)) {
  const auto *given = static_cast<const engram_objective *>(
      table_of_library(object_, ENGRAM_OBJECTIVE_ENTRY_POINT, model::PluginKind::objective, "ENGRAM_OBJECTIVE", file));
  table_ = std::make_unique<const engram_objective>(check_table(given, file));
  std::vector<const void *> own{given, table_->parameters};
  for (std::size_t k = 0; k < table_->parameter_count; ++k) own.push_back(table_->parameters[k].choices);
  check_own(object_, ENGRAM_OBJECTIVE_ENTRY_POINT, own, file);
}

} // namespace engram::learning
