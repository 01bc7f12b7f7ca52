// A Program is a list of instructions that each do one operation for a block of neurons at once.
#pragma once

#include "dynamics/equations/graph.hpp"

#include <engram/dynamics.h>

#include <cstdint>
#include <map>
#include <type_traits>
#include <vector>

namespace engram::dynamics::equations {

/// slots[to] = op(slots[a], slots[b], slots[c]), neuron by neuron.
struct Instruction {
  Op op;
  int order; ///< as of Node
  std::uint32_t to, a, b, c;
};

/// A slot holds a number for each neuron of a block. First come those of the loads, then those of literals, then
/// registers, which are written to.
struct Program {
  std::vector<Leaf> loads;
  std::size_t literals = 0, registers = 0;
  std::vector<float> single; ///< the literals, each ENGRAM_BLOCK times
  std::vector<double> twice;
  std::vector<Instruction> code;
  std::vector<std::uint32_t> outputs; ///< slots
  std::vector<bool> direct;           ///< by output: its slot is a register that no other output has

  std::size_t slots() const { return loads.size() + literals + registers; }
  std::size_t first_register() const { return loads.size() + literals; }
  template <class T> const T *literal(std::size_t k) const {
    if constexpr (std::is_same_v<T, float>)
      return single.data() + k * ENGRAM_BLOCK;
    else
      return twice.data() + k * ENGRAM_BLOCK;
  }
};

/// The nodes that follow from constants alone and are not leaves, by their places among the constants.
using Derived = std::map<NodeIndex, std::size_t>;

/// The program that makes the outputs. Nodes of `derived` are loaded.
Program flatten(const Graph &graph, const std::vector<NodeIndex> &outputs, const Derived &derived);

/// Runs the instructions for `count` neurons, a multiple of `lanes`: no neuron is left to code that works on one alone,
/// whose last bits may differ. `slots`: where each slot is.
inline constexpr std::size_t lanes = 16;
template <class T> void execute(const Program &program, T *const *slots, std::size_t count);

} // namespace engram::dynamics::equations
