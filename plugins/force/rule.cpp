// Δw = e P r, P ← P − P r rᵀ P / (1 + rᵀ P r): recursive least squares in each step, e = φ'(u) ⊙ a the error of the
// postsynaptic neuron (target less rate). P, an estimate of the inverse correlation of the presynaptic rates, begins
// as the identity over α. It is shared by all synapses onto a neuron: the rule is not local. What is kept is α P,
// which begins as the identity whatever α is, and moves by
//   α P ← α P − (α P) r rᵀ (α P) / (α + rᵀ (α P) r).
#include <engram/rule.hpp>

struct Force {
  static constexpr engram::About about{
      .name = "force",
      .summary = "recursive least squares: each step takes away most of the error of the readout at once",
      .reference = "Sussillo & Abbott 2009, Neuron 63:544-557",
      .moment = ENGRAM_EACH_STEP,
      .delivery = ENGRAM_DELIVERY_VECTOR,
      .local = false,
  };
  static constexpr engram_parameter parameters[] = {
      {"alpha", "", 1, 1e-9, 1e9, "P begins as the identity over alpha: a smaller alpha learns faster", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "product", "", 0, 1, "alpha P r"},
      {ENGRAM_PRE_PAIRS, "inverse_correlation", "", 1, 0, "alpha P"},
  };

  template <class T> static void pre(engram::Side<T> &side) {
    if (!side.now().plastic) return; // what is not used to learn is not counted
    const auto r = side.signal("rate");
    const auto alpha_p = side.pairs("inverse_correlation");
    const auto k = side.state("product");
    const T alpha = static_cast<T>(side.parameter("alpha"));
    const size_t n = side.neurons(), trials = side.trials();
    const auto multiply = [&](size_t b) { // k = α P r; P is symmetric, so that columns may stand for rows
      for (size_t i = 0; i < n; ++i) k(i, b) = 0;
      for (size_t j = 0; j < n; ++j) {
        const T rj = r(j, b);
        for (size_t i = 0; i < n; ++i) k(i, b) += alpha_p(i, j) * rj;
      }
    };
    for (size_t b = 0; b < trials; ++b) {
      multiply(b);
      T rpr = 0;
      for (size_t i = 0; i < n; ++i) rpr += r(i, b) * k(i, b);
      const T scale = 1 / (alpha + rpr);
      for (size_t j = 0; j < n; ++j) {
        const T kj = scale * k(j, b);
        for (size_t i = 0; i < n; ++i) alpha_p(i, j) -= k(i, b) * kj;
      }
      for (size_t i = 0; i < n; ++i) k(i, b) *= alpha * scale; // with the new P
    }
    for (size_t b = 0; b + 1 < trials; ++b) multiply(b); // later trials have moved P since
    // The trials of a batch are so many observations of the same weights; the host divides by their number.
    const T per_alpha = static_cast<T>(trials) / alpha;
    side.factor(0).fill([&](size_t i, size_t b) { return per_alpha * k(i, b); });
  }
  template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("error"); }
};

ENGRAM_RULE(Force)
