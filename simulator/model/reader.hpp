// These functions read the structs of a Model from a document that fits the schema, and check them by meaning.
#pragma once

#include "input/document.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <limits>

namespace engram::model {

/// The index of a name that does not exist. The problem has been reported, and checks skip it.
inline constexpr std::size_t unresolved = std::numeric_limits<std::size_t>::max();

/// Reads the document, which fits the schema; adds a problem for each name that means nothing.
Model read(const input::Json &document, const Vocabulary &vocabulary, input::Problems &problems);

Quantity read_quantity(const input::Json &value);
/// A name or {"type": …}: all parameters of the type, defaults filled in. Where nothing is given (null), the list's
/// default, or `fallback`.
Typed read_typed(const input::Json *value, const std::vector<Named> &entries);
Typed read_typed(const input::Json *value, const std::vector<Named> &entries, const std::string &fallback);
void read_architecture(const input::Json &architecture, const Vocabulary &vocabulary, Model &model,
                       input::Problems &problems);
void read_rules(const input::Json &rules, const Vocabulary &vocabulary, Model &model, input::Problems &problems);
void read_task(const input::Json &task, Model &model, input::Problems &problems);
/// "environment" of a task.
void read_environment(const input::Json &environment, const Vocabulary &vocabulary, Model &model,
                      input::Problems &problems);
void read_objective(const input::Json &document, const Vocabulary &vocabulary, Model &model, input::Problems &problems);
void read_record(const input::Json &record, const Vocabulary &vocabulary, Model &model, input::Problems &problems);

/// Index of a region by name, or `unresolved` after telling so.
std::size_t region_index(const Model &model, const std::string &name, const std::string &pointer,
                         input::Problems &problems);
/// The vocabulary's entry of a plugin by name or path; null when it is not there.
const RuleInfo *rule_info(const std::string &plugin, const Vocabulary &vocabulary);
/// The objective's modulators.
inline const std::vector<std::string> objective_modulators{"loss", "reward", "reward_prediction_error"};
/// REGION or REGION.SIGNAL. `region` is `unresolved` after telling that there is none.
End read_source(const std::string &text, const Model &model, const Vocabulary &vocabulary, const std::string &pointer,
                input::Problems &problems);
/// Is the end of the projection a receptor, so that it carries spikes?
bool carries_spikes(const Projection &projection, const Model &model);
/// Does a region of these dynamics have the signal?
bool offers(const Dynamics &dynamics, const std::string &signal);
std::vector<std::string> signal_names(const Dynamics &dynamics);
/// A state of a dynamics; null: there is none, or a signal has its name.
const State *state_named(const Dynamics &dynamics, const std::string &name);
std::vector<std::string> region_names(const Model &model);
std::vector<std::string> rule_names(const Model &model);

/// A kind of "feedback", by which projections are written that carry errors back.
struct FeedbackKind {
  std::string name, help, way;
  bool direct =
      false; ///< from the objective's region straight to each region; else along forward projections backwards
  std::string follows{}; ///< key of weights that follow those of the forward projection; "": they are drawn
  bool gain = false;     ///< the magnitudes have a gain
};
const std::vector<FeedbackKind> &feedback_kinds();
/// Writes the projections that "feedback" stands for into the document, and takes "feedback" out.
void write_feedback(input::Document &document, const Model &model, const Vocabulary &vocabulary,
                    input::Problems &problems);

// Checks by meaning. Each adds problems; ends that are `unresolved` are passed over.
/// All of them, in the order in which they are told. `memory_bytes` as in LoadOptions.
void check_all(const Model &model, const Vocabulary &vocabulary, std::uint64_t memory_bytes, input::Problems &problems);
void check_circuit(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_objective(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_spikes(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_step_order(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_gradient(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_learning(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_task(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_parts(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_environment(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
/// How many neurons a channel takes: "2 neurons", "1 to 3 neurons".
std::string neurons_of(const Channel &channel);
void check_times(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);
void check_memory(const Model &model, const Vocabulary &vocabulary, std::uint64_t limit, input::Problems &problems);

} // namespace engram::model
