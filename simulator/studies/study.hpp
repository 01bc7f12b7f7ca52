// A Study is a plan of many runs: models, what is varied in them, and seeds. It is read from a JSON file.
#pragma once

#include "input/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engram::studies {

/// What varies from run to run: one column of the tables.
struct Axis {
  enum class Kind { model, rule, pointer };
  Kind kind = Kind::pointer;
  std::string name;                          ///< of the column: "model", "rule" (of several "rule NAME"), or a pointer
  std::string place;                         ///< pointer to it in the study's file
  std::string rule{};                        ///< of Kind::rule: its name in /learning/rules; "": the model's only one
  std::vector<input::Json> values;           ///< labels of models, names of plugins, or what stands at the pointer
  std::string text(std::size_t value) const; ///< as the tables show it: words bare, all else as JSON
};

/// Axes that move together; all have `count` values.
struct AxisGroup {
  std::vector<std::size_t> axes; ///< numbers in Study::axes
  std::size_t count = 0;
};

struct StudyModel {
  std::string label, file; ///< file: absolute
  std::string place;       ///< pointer to it in the study's file
};

/// A result of a run by which runs are compared.
enum class Measure {
  training_loss,
  training_accuracy,
  training_reward,
  held_out_loss,
  held_out_accuracy,
  held_out_reward
};
inline constexpr std::size_t measure_count = 6;
/// "held_out_loss"; with a blank, as "held_out loss", in a study's file.
std::string name_of(Measure measure, char between = '_');
/// Is a smaller value better?
inline bool is_loss(Measure measure) { return measure == Measure::training_loss || measure == Measure::held_out_loss; }

/// By what the best combination is chosen.
struct Criterion {
  std::optional<Measure> by;  ///< none: the first that all runs have, of held-out accuracy, loss, reward, training …
  bool at_best_epoch = false; ///< the value at its best epoch; else after the last one
};

struct Study {
  std::string file, name;
  input::Json document; ///< the file as it was parsed
  input::Places places; ///< where its values stand
  std::vector<StudyModel> models;
  std::vector<std::string> settings;     ///< of all runs, as --set takes them
  std::vector<Axis> axes;                ///< in the order of the tables' columns
  std::vector<AxisGroup> groups;         ///< crossed with each other; the last moves fastest
  std::vector<std::uint64_t> seeds;      ///< of each combination; empty: one run with the model's own
  int threads = 1;                       ///< of a run
  std::optional<std::string> checkpoint; ///< of --checkpoint
  Criterion best;

  std::size_t combinations() const;
  std::size_t runs() const { return combinations() * (seeds.empty() ? 1 : seeds.size()); }
};

inline constexpr std::size_t most_runs = 100'000; ///< in a study

/// The JSON Schema (draft-07) of the file.
input::Json study_schema();

/// File names in it count from its folder. Errors: input::InputError with file, line and pointer.
Study read_study(const std::string &path);
/// The same from text; `path` names it in messages and resolves relative paths.
Study read_study_text(const std::string &text, const std::string &path);

} // namespace engram::studies
