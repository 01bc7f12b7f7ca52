// A Wiring says which neurons of two regions are joined. A pattern of "connect" makes it, once for each projection.
#pragma once

#include "model/model.hpp"
#include "network/pair_list.hpp"
#include "network/split.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::network {

/// What a wiring is made for.
struct WiringRequest {
  const model::Typed &connect; ///< the pattern's parameters
  std::size_t posts = 0;       ///< N_post
  std::size_t pres = 0;        ///< N_pre
  bool same_region = false;    ///< are source and target one region?
  std::uint64_t seed = 0;      ///< with `key`: of what is drawn
  std::uint32_t key = 0;
  Range own{}; ///< postsynaptic neurons whose synapses are asked for
};

/// Every random number follows from (seed, key, neuron), and none from the order in which rows are asked for.
class Wiring {
public:
  explicit Wiring(const WiringRequest &request);
  virtual ~Wiring() = default;
  Wiring(const Wiring &) = delete;
  Wiring &operator=(const Wiring &) = delete;

  /// The neurons to which each presynaptic neuron projects, of `own` alone.
  virtual Rows rows(int threads) const = 0;
  /// 1 where synapses are: N_post × N_pre, column by column.
  virtual std::vector<bool> connection_mask() const;
  /// Synapses onto a neuron, by which the gain of drawn weights is divided. Where neurons differ: as the pattern says.
  virtual double fan_in() const = 0;
  /// The number by which a synapse's weight is drawn. Synapses with one number have one weight.
  virtual std::uint64_t weight_index(std::size_t post, std::size_t pre) const {
    return std::uint64_t{pre} * posts + post;
  }
  /// Are all pairs joined?
  virtual bool is_complete() const { return false; }
  /// Is neuron i joined to neuron i alone?
  virtual bool is_one_to_one() const { return false; }
  /// Do synapses with one weight_index() keep one weight as they learn?
  virtual bool shares_weights() const { return false; }
  /// The synapses where a file lists them; else null.
  virtual const PairList *pair_list() const { return nullptr; }

  const std::size_t posts, pres;
  const std::uint64_t seed;
  const std::uint32_t key;
  const Range own;
};

/// A wiring whose rows do not depend on each other.
class RowWiring : public Wiring {
public:
  using Wiring::Wiring;
  /// Appends the neurons to which `pre` projects, ascending.
  virtual void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const = 0;
  Rows rows(int threads) const final;
  std::vector<bool> connection_mask() const final;
};

} // namespace engram::network
