#include "record/run_head.hpp"

#include <cmath>

namespace engram::record {

namespace {
// What NWB asks of a session, as far as a simulation has it: there is no subject.
void write_general(hid_t file, const RunInfo &info, const std::string &session) {
  const hdf5::Handle general = hdf5::open_group(file, "/general");
  const auto text = [&](const char *name, const std::string &value) {
    if (!value.empty()) hdf5::write_text(general.get(), name, value);
  };
  const auto texts = [&](const char *name, const std::vector<std::string> &values) {
    if (!values.empty()) hdf5::write_texts(general.get(), name, values);
  };
  text("experiment_description", info.description.empty() ? session : info.description);
  std::vector<std::string> keywords{"simulation", "engram"};
  keywords.insert(keywords.end(), info.session.keywords.begin(), info.session.keywords.end());
  texts("keywords", keywords);
  texts("experimenter", info.session.experimenters);
  texts("related_publications", info.session.publications);
  text("institution", info.session.institution);
  text("lab", info.session.lab);
}
} // namespace

void write_head(hid_t file, const RunInfo &info, const nwb::Identity &identity) {
  const std::string name = info.model_name.empty() ? "unnamed" : info.model_name, session = "simulation of " + name;
  nwb::write_skeleton(
      file, {name + ", seed " + std::to_string(info.seed) + ", " + info.session_start, session, info.session_start},
      identity);
  write_general(file, info, session);
  const auto scratch = hdf5::open_group(file, "/scratch");
  nwb::add_scratch(scratch.get(), "model_json", info.model_json, "the model that was run, expanded", identity);
  nwb::add_scratch(scratch.get(), "model_name", name, "name of the model", identity);
  nwb::add_scratch(scratch.get(), "seed", static_cast<std::int64_t>(info.seed), "seed of all random numbers of the run",
                   identity);
  nwb::add_scratch(scratch.get(), "precision", info.precision, "floating-point precision of the run", identity);
  nwb::add_scratch(scratch.get(), "engram_version", info.version, "version of the simulator", identity);
  if (!info.files_read.empty())
    nwb::add_scratch(scratch.get(), "files_read", info.files_read, "files, data and plugins of the run", identity);
  if (!info.initial_weights.empty())
    nwb::add_scratch(scratch.get(), "initial_weights", info.initial_weights,
                     "run file whose weights the run began with", identity);
}

void write_end(hid_t scratch, const RunEnd &end, const std::vector<std::string> &terms, const nwb::Identity &identity) {
  if (end.kept_epoch > 0)
    nwb::add_scratch(scratch, "kept_epoch", static_cast<std::int64_t>(end.kept_epoch),
                     "the epoch after which the weights were as they are here: that with the best held-out trials",
                     identity);
  if (!end.stopped.empty())
    nwb::add_scratch(scratch, "stopped", end.stopped, "why learning ended before all epochs", identity);
  if (!end.test) return;
  const auto add = [&](const std::string &name, double value, const std::string &notes) {
    if (!std::isnan(value)) nwb::add_scratch(scratch, name, value, notes, identity);
  };
  add("test_loss", end.test->held_out_loss, "mean loss of the trials of the test");
  for (std::size_t k = 0; k < terms.size() && k < end.test->held_out_terms.size(); ++k)
    add("test_loss_" + terms[k], end.test->held_out_terms[k],
        "mean loss of the term '" + terms[k] + "' in the trials of the test, without its weight");
  add("test_accuracy", end.test->held_out_accuracy, "share of right choices in the trials of the test");
  add("test_reward", end.test->held_out_reward, "mean reward of the trials of the test");
}

} // namespace engram::record
