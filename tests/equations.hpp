// These functions make neurons of equations for tests, from the text of their "dynamics".
#pragma once

#include "dynamics/equations/compile.hpp"
#include "input/document.hpp"
#include "neurons.hpp"

#include <memory>
#include <string>

namespace equations {

using namespace engram;

inline const model::Dynamics &words() {
  for (const auto &entry : dynamics::dynamics_entries())
    if (entry.words.name == "equations") return entry.words;
  throw std::runtime_error("no equations");
}

/// The compiled neurons of a "dynamics". Errors: input::InputError.
inline std::shared_ptr<const dynamics::equations::Compiled> compiled(const std::string &text) {
  const auto document = input::parse(text, "m.json");
  input::Problems problems(document.places);
  auto definition = dynamics::equations::read_definition(document.value, "", problems);
  problems.raise();
  return dynamics::equations::compile(std::move(*definition));
}

/// Gives a region these equations.
inline void give(model::Region &region, const std::string &text) {
  const auto document = input::parse(R"({ "dynamics": )" + text + R"(, "initial": 0 })", "m.json");
  input::Problems problems(document.places);
  region.own = words().define(document.value, "", problems);
  problems.raise();
  region.dynamics = {"equations", region.own->parameters, ""};
}

/// A model of one region `cell`.
inline std::string model_of(const std::string &dynamics, const std::string &more = R"("size": 3)",
                            const std::string &time = R"("step": 0.1)", int duration = 20) {
  return R"({ "time": { )" + time + R"( }, "architecture": { "regions": { "cell": { "dynamics": )" + dynamics + ", " +
         more + R"( } } }, "task": { "trial": [ { "phase": "run", "duration": )" + std::to_string(duration) +
         R"( } ] } })";
}

} // namespace equations
