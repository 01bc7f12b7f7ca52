// measure_fidelity() measures the fidelity of rules: each rule at each point of learning, against the exact gradient.
#pragma once

#include "fidelity/rows.hpp"
#include "session/open_model.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace engram::fidelity {

/// A point of learning.
struct LearningPoint {
  std::string name;    ///< "initial", "25%", "trained"
  double fraction = 0; ///< of the updates, in [0, 1]
};

struct FidelityOptions {
  std::string file; ///< MODEL, whose gradient is the first reference
  model::LoadOptions overrides;
  std::string reference = "backprop";     ///< the global rule that gives the gradient
  std::vector<std::string> rules, models; ///< as fidelity_plan() takes them
  std::vector<LearningPoint> points;      ///< ascending
  std::size_t samples = 1000;
  std::size_t trials = 0;        ///< in a sample; 0: a batch of MODEL
  std::size_t minibatch = 0;     ///< trials drawn for each sample, measured too; 0: not
  double precision = 0;          ///< half the width of the intervals at which it ends; 0: after all samples
  int threads = 0;               ///< as threads_or_all() takes it
  ranks::Ranks *ranks = nullptr; ///< that share the samples; all call measure_fidelity() with the same options
};

/// The sampling of a rule at a point, after some of its samples.
struct SamplingProgress {
  const std::string &where; ///< "RULE at POINT"
  const UpdateMoments &moments;
  std::size_t samples = 0; ///< asked for
  std::chrono::steady_clock::time_point began;
};

/// How a caller follows a measurement, and ends it. Each member may be empty.
struct FidelityWatch {
  const std::atomic<bool> *stop = nullptr; ///< once it is true, it ends with what was measured by then
  std::function<void(const std::vector<std::string> &)> lines; ///< what MODEL says and may not mean, what was assumed
  std::function<void()> begins;                                ///< all is opened and checked
  std::function<void(const std::string &who, double share)> learning;
  std::function<void(const SamplingProgress &)> sampling;
  std::function<void(const std::string &where, const Fidelity &)> measured;
};

struct MeasuredFidelity {
  FidelityReport report;    ///< what was measured
  bool interrupted = false; ///< by FidelityWatch::stop, before all was
};

/// Errors: input::InputError, learning::PluginError, data::DataError; simulation::RunFailure and learning::RuleFailure
/// of a measurement. A circuit that does not learn as far as a point is not measured there, and a note tells why.
MeasuredFidelity measure_fidelity(const FidelityOptions &options, const session::Folders &folders,
                                  const session::Listener &listener = {}, const FidelityWatch &watch = {});

} // namespace engram::fidelity
