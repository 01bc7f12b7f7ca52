// flatten() lists the instructions of a program.
#include "dynamics/equations/program.hpp"

#include <algorithm>

namespace engram::dynamics::equations {

namespace {

class Flattening {
public:
  Flattening(const Graph &graph, const std::vector<NodeIndex> &outputs, const Derived &derived)
      : g_(graph), outputs_(outputs), derived_(derived), slot_(graph.size(), 0), last_(graph.size(), 0) {}

  Program all() {
    needed();
    place_given();
    registers();
    for (const NodeIndex node : outputs_) out_.outputs.push_back(slot_[node]);
    for (const std::uint32_t slot : out_.outputs)
      out_.direct.push_back(slot >= out_.first_register() &&
                            std::count(out_.outputs.begin(), out_.outputs.end(), slot) == 1);
    return std::move(out_);
  }

private:
  bool is_given(NodeIndex k) const { return g_[k].op <= Op::leaf || derived_.contains(k); }

  // The nodes that outputs need, and the last that takes each as an argument.
  void needed() {
    std::vector<bool> wanted(g_.size(), false);
    for (const NodeIndex node : outputs_) wanted[node] = true;
    for (NodeIndex k = g_.size(); k-- > 0;) {
      if (!wanted[k]) continue;
      nodes_.push_back(k);
      if (is_given(k)) continue;
      for (std::size_t n = 0; n < arity(g_[k].op); ++n) {
        const NodeIndex argument = g_[k].arguments[n];
        wanted[argument] = true;
        last_[argument] = std::max(last_[argument], k);
      }
    }
    std::reverse(nodes_.begin(), nodes_.end());
    for (const NodeIndex node : outputs_) last_[node] = g_.size(); // kept to the end
  }

  void place_given() {
    std::uint32_t next = 0;
    for (const NodeIndex k : nodes_) {
      const auto derived = derived_.find(k);
      if (derived == derived_.end() && g_[k].op != Op::leaf) continue;
      out_.loads.push_back(derived != derived_.end() ? Leaf{Leaf::Kind::constant, derived->second} : g_[k].leaf);
      slot_[k] = next++;
    }
    for (const NodeIndex k : nodes_) {
      if (g_[k].op != Op::literal) continue;
      out_.single.insert(out_.single.end(), ENGRAM_BLOCK, static_cast<float>(g_[k].value));
      out_.twice.insert(out_.twice.end(), ENGRAM_BLOCK, g_[k].value);
      ++out_.literals;
      slot_[k] = next++;
    }
  }

  // A register is free again after the last instruction that reads it, and may be written to by that one.
  void registers() {
    std::vector<std::uint32_t> free;
    auto next = static_cast<std::uint32_t>(out_.first_register());
    for (const NodeIndex k : nodes_) {
      if (is_given(k)) continue;
      const auto &node = g_[k];
      std::array<std::uint32_t, 3> from{};
      for (std::size_t n = 0; n < arity(node.op); ++n) {
        const NodeIndex argument = node.arguments[n];
        from[n] = slot_[argument];
        const auto *end = node.arguments.begin() + n;
        if (!is_given(argument) && last_[argument] == k && std::find(node.arguments.begin(), end, argument) == end)
          free.push_back(from[n]);
      }
      if (free.empty()) free.push_back(next++);
      slot_[k] = free.back();
      free.pop_back();
      out_.code.push_back({node.op, node.order, slot_[k], from[0], from[1], from[2]});
    }
    out_.registers = next - out_.first_register();
  }

  const Graph &g_;
  const std::vector<NodeIndex> &outputs_;
  const Derived &derived_;
  std::vector<NodeIndex> nodes_; // in the order of the graph
  std::vector<std::uint32_t> slot_;
  std::vector<NodeIndex> last_;
  Program out_;
};

} // namespace

Program flatten(const Graph &graph, const std::vector<NodeIndex> &outputs, const Derived &derived) {
  return Flattening(graph, outputs, derived).all();
}

} // namespace engram::dynamics::equations
