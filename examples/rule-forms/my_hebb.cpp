// The factored form. Δw_ij = min(r_i, ceiling) r_j: a product of the two rates that saturates.
#include <engram/rule.hpp>

struct MyHebb {
  static constexpr engram::About about{
      .name = "my_hebb", .summary = "product of rates that saturates", .reference = "Hebb 1949"};
  static constexpr engram_parameter parameters[] = {
      {"ceiling", "", 1, 0, 1e6, "postsynaptic rates above it count as this much", nullptr}};
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};

  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
  template <class T> static void post(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const T ceiling = static_cast<T>(side.parameter("ceiling"));
    side.factor(0).fill([&](size_t i, size_t b) { return rate(i, b) < ceiling ? rate(i, b) : ceiling; });
  }
};
ENGRAM_RULE(MyHebb)
