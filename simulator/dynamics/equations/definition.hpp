// A Definition is what a model file says of neurons whose equations it writes out.
#pragma once

#include "dynamics/equations/expression.hpp"
#include "dynamics/equations/units.hpp"
#include "input/document.hpp"
#include "model/model.hpp"
#include "model/parameters.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engram::dynamics::equations {

/// An expression, and where it stands in the file.
struct Text {
  Expression expression;
  std::string pointer; ///< below the pointer of the dynamics: "/states/v"
};

struct DefinedState {
  std::string name, unit, help;
  Text slope; ///< per ms
  double initial = 0;
  std::string from;    ///< the parameter that it begins at; "": at `initial`
  bool begins = false; ///< does the file say where?
};

struct DefinedParameter {
  std::string name, unit, help;
  model::Quantity value;
  std::string pointer; ///< as of Text
};

/// A name for an expression.
struct DefinedName {
  std::string name;
  Text text;
};

struct Definition {
  std::vector<DefinedState> states;
  std::vector<DefinedParameter> parameters;
  std::vector<DefinedName> names; ///< each after those that it holds
  std::optional<Text> rate, potential, threshold;
  std::vector<std::pair<std::size_t, Text>> reset; ///< by state; all are made of the states before the spike
  bool activation = false;                         ///< the rate is an activation of the first state
  bool settles = false;                            ///< every constant current leads to one state
  bool reads_soma = false, reads_apical = false;
  std::optional<model::Quantity> refractory; ///< ms
  bool spikes() const { return threshold.has_value(); }
};

/// What engram lets a file say of all neurons that spike, beside their equations: how long they are held, the slope of
/// their spikes, their trace.
std::vector<model::Parameter> spiking_parameters();

/// The keys beside "type" and these parameters, as JSON Schemas.
input::Json keys();

/// Reads and checks what stands at `pointer` and fits keys(). Nothing after problems were added.
std::optional<Definition> read_definition(const input::Json &value, const std::string &pointer,
                                          input::Problems &problems);

/// The current into the soma, by both of its names; that into the apical compartment; π.
inline constexpr const char *soma_names[] = {"I", "soma"};
inline constexpr const char *apical_name = "apical", *circle_name = "pi";

/// Adds a problem for each name that means nothing where it stands, and for units that do not go together; puts
/// definition.names in order.
void check_definition(Definition &definition, const std::string &pointer, input::Problems &problems);

} // namespace engram::dynamics::equations
