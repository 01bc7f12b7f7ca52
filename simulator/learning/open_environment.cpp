#include "learning/open_environment.hpp"

#include "dynamics/plugin_dynamics.hpp"
#include "learning/open_library.hpp"
#include "learning/table_check.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace engram::learning {

namespace {

// Reads a table and complains about the first thing that is wrong.
class EnvironmentCheck : TableCheck {
public:
  EnvironmentCheck(const engram_environment &table, const std::string &file) : TableCheck(file), table_(table) {}

  void all() const {
    text(table_.name, "the name", ENGRAM_MAX_NAME);
    require(is_name(table_.name), "'{}' is no name: letters, digits, '_' and '-' make one", table_.name);
    text(table_.summary, "the summary");
    text(table_.reference, "the reference");
    require(table_.chooses <= 1, "chooses is {}, not 0 or 1", table_.chooses);
    parameters(table_.parameters, table_.parameter_count);
    for (std::size_t k = 0; k < table_.parameter_count; ++k) {
      const std::string name = table_.parameters[k].name;
      for (const std::string taken : {"type", "trials", "sees", "shows", "prediction"})
        require(name != taken, "a parameter named '{}' would hide that key of a model file", taken);
      if (table_.in_steps == nullptr) continue;
      require(table_.in_steps[k] <= 1, "in_steps of parameter '{}' is {}, not 0 or 1", name, table_.in_steps[k]);
      require(table_.in_steps[k] == 0 || (table_.parameters[k].choices == nullptr && table_.parameters[k].minimum >= 0),
              "parameter '{}' is counted in steps, and may be negative or a word", name);
    }
    require(table_.sees_count > 0, "an environment that sees nothing of a circuit answers to nothing");
    channels(table_.sees, table_.sees_count, "channels that it sees");
    channels(table_.shows, table_.shows_count, "channels that it shows");
    channels(table_.targets, table_.targets_count, "targets");
    columns();
    require(table_.state_count <= ENGRAM_MAX_TRIAL_NUMBERS, "{} numbers of a trial are more than {}",
            table_.state_count, ENGRAM_MAX_TRIAL_NUMBERS);
    require(table_.course_count <= ENGRAM_MAX_TRIAL_NUMBERS, "{} numbers of a course are more than {}",
            table_.course_count, ENGRAM_MAX_TRIAL_NUMBERS);
    require(table_.callbacks.begin != nullptr, "there is no callback begin");
    require(table_.callbacks.step != nullptr, "there is no callback step");
    require(table_.course_count == 0 || table_.callbacks.next != nullptr,
            "there is no callback next, and it has a course of events");
  }

private:
  void channels(const engram_channel *all, std::size_t count, const char *what) const {
    array(all, count, ENGRAM_MAX_CHANNELS, what);
    std::set<std::string> names;
    for (std::size_t k = 0; k < count; ++k) {
      entry_name(all[k].name, "channel", k, names);
      text(all[k].help, fmt::format("the help of channel '{}'", all[k].name));
      require(all[k].optional <= 1, "channel '{}' is optional {}, not 0 or 1", all[k].name, all[k].optional);
      require(all[k].most == 0 || all[k].fewest <= all[k].most, "channel '{}' takes {} to {} neurons, which are none",
              all[k].name, all[k].fewest, all[k].most);
    }
  }
  void columns() const {
    array(table_.columns, table_.column_count, ENGRAM_MAX_COLUMNS, "columns");
    std::set<std::string> names;
    bool label = false, choice = table_.chooses != 0;
    for (std::size_t k = 0; k < table_.column_count; ++k) {
      const auto &column = table_.columns[k];
      entry_name(column.name, "column", k, names);
      require(is_name(column.name), "'{}' is no name of a column: letters, digits, '_' and '-' make one", column.name);
      const std::string name = column.name;
      for (const std::string taken :
           {"id", "start_time", "stop_time", "trial", "epoch", "reward", "correct", "held_out", "test"})
        require(name != taken, "a column named '{}' stands in the table of trials already", taken);
      text(column.help, "the help of column '" + name + "'");
      const int kind = column.kind;
      require(kind >= ENGRAM_COLUMN_NUMBER && kind <= ENGRAM_COLUMN_TRUTH, "column '{}' is of kind {}, which is none",
              name, kind);
      require((name != "choice" && name != "label") || kind == ENGRAM_COLUMN_INTEGER,
              "column '{}' holds integers in every table of trials", name);
      label = label || name == "label";
      choice = choice || name == "choice";
    }
    require(!label || choice,
            "its column 'label' is the right choice, and there is no choice: no column 'choice', and `chooses` is 0");
  }

  const engram_environment &table_;
};

std::vector<model::Channel> channels_of(const engram_channel *all, std::size_t count) {
  std::vector<model::Channel> out;
  for (std::size_t k = 0; k < count; ++k)
    out.push_back({all[k].name, all[k].help, all[k].fewest == 0 ? 1 : all[k].fewest,
                   all[k].most == 0 ? std::numeric_limits<std::size_t>::max() : all[k].most, all[k].optional != 0});
  return out;
}

} // namespace

engram_environment check_table(const engram_environment *table, const std::string &file) {
  if (table == nullptr) throw PluginError(file + ": " ENGRAM_ENVIRONMENT_ENTRY_POINT " returned NULL");
  const auto whole = whole_table(
      *table,
      {{1, offsetof(engram_environment, targets)}, {ENGRAM_ENVIRONMENT_ABI_VERSION, sizeof(engram_environment)}},
      "environment.h", file);
  EnvironmentCheck(whole, file).all();
  return whole;
}

task::EnvironmentInfo environment_info_of(const engram_environment &table, const std::string &file) {
  using Kind = model::Column::Kind;
  static_assert(ENGRAM_COLUMN_NUMBER == static_cast<int>(Kind::number) &&
                ENGRAM_COLUMN_INTEGER == static_cast<int>(Kind::integer) &&
                ENGRAM_COLUMN_TRUTH == static_cast<int>(Kind::truth));
  task::EnvironmentInfo info;
  info.file = file;
  auto &words = info.words;
  words.name = table.name;
  words.help = table.summary;
  words.reference = table.reference;
  words.chooses = table.chooses != 0;
  for (std::size_t k = 0; k < table.parameter_count; ++k) {
    words.parameters.push_back(dynamics::parameter_of(table.parameters[k]));
    words.parameters.back().in_steps = table.in_steps != nullptr && table.in_steps[k] != 0;
  }
  words.sees = channels_of(table.sees, table.sees_count);
  words.shows = channels_of(table.shows, table.shows_count);
  words.targets = channels_of(table.targets, table.targets_count);
  for (auto *channels : {&words.shows, &words.targets})
    for (auto &channel : *channels) channel.optional = true;
  for (std::size_t k = 0; k < table.column_count; ++k)
    words.columns.push_back({table.columns[k].name, table.columns[k].help, static_cast<Kind>(table.columns[k].kind)});
  info.states = table.state_count;
  info.course = table.course_count;
  return info;
}

OpenEnvironment::OpenEnvironment(const std::string &file) : OpenEnvironment(open_library(file), file) {}

OpenEnvironment::OpenEnvironment(SharedObject object, const std::string &file) : object_(std::move(object)) {
  const auto *given = static_cast<const engram_environment *>(table_of_library(
      object_, ENGRAM_ENVIRONMENT_ENTRY_POINT, model::PluginKind::environment, "ENGRAM_ENVIRONMENT", file));
  table_ = std::make_unique<const engram_environment>(check_table(given, file));
  std::vector<const void *> own{given,         table_->parameters, table_->in_steps, table_->sees,
                                table_->shows, table_->columns,    table_->targets};
  for (std::size_t k = 0; k < table_->parameter_count; ++k) own.push_back(table_->parameters[k].choices);
  check_own(object_, ENGRAM_ENVIRONMENT_ENTRY_POINT, own, file);
}

} // namespace engram::learning
