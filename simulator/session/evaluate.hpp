// evaluate() runs trials through a circuit that does not learn, and says how well it does.
#pragma once

#include "session/session.hpp"
#include "simulation/training.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace engram::session {

enum class Evaluated { held_out, training, test, all };

struct Evaluation {
  simulation::Epoch results; ///< those of held-out trials, whichever were evaluated; not `whole`: it was interrupted
  std::size_t trials = 0;
  std::string file;                    ///< where the run file lies; "" without one
  std::vector<std::string> unrecorded; ///< lines: what "record" asks for, and these trials do not give
  std::string note;                    ///< a line about a file that was found there, or about the place; may be empty
};

struct EvaluateOptions {
  Evaluated which = Evaluated::held_out;
  int threads = 0;                         ///< as threads_or_all() takes it
  std::string out;                         ///< run file of the trials; "": none
  bool force = false;                      ///< as Run::save_to()
  const std::atomic<bool> *stop = nullptr; ///< once it is true, it ends before its next step
};

/// With the weights of the session. The random numbers of a trial are those with which a run tests it. A run file holds
/// what the model's "record" asks for, the table of trials, and one point of the curve; no run goes on with it. Errors:
/// input::InputError where there is no such trial; record::WriteFailure; simulation::RunFailure and PluginFailure: the
/// trials before are then in `out`, or where a file has that name beside it, with ".failed" in the name.
Evaluation evaluate(Session &session, const EvaluateOptions &options);

} // namespace engram::session
