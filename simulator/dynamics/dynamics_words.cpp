// add_dynamics_words() adds the words of all entries of this folder to the vocabulary.
#include "dynamics/activation_entry.hpp"
#include "dynamics/circuit_dynamics.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/integrator_entry.hpp"
#include "dynamics/noise_entry.hpp"
#include "dynamics/receptor_entry.hpp"
#include "dynamics/short_term_entry.hpp"

namespace engram::dynamics {

void add_dynamics_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : dynamics_entries()) vocabulary.dynamics.push_back(entry.words);
  for (const auto &entry : activation_entries()) vocabulary.activations.push_back(entry.words);
  for (const auto &entry : noise_entries()) vocabulary.noises.push_back(entry.words);
  for (const auto &entry : receptor_entries()) vocabulary.receptors.push_back(entry.words);
  for (const auto &entry : short_term_entries()) vocabulary.short_term.push_back(entry.words);
  for (const auto &entry : integrator_entries()) vocabulary.integrators.push_back(entry.words);
}

} // namespace engram::dynamics
