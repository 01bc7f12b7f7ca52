// A trial of this environment hangs on those before it: it counts them in a global.
#include <engram/environment.hpp>

struct BrokenEnvironment {
  static constexpr engram::Environment about{
      .name = "broken_environment", .summary = "broken, for a test", .reference = "none"};
  static constexpr engram_channel sees[] = {engram::channel("action", "anything")};
  static inline int begun = 0;
  static void begin(auto &) { ++begun; }
  static void step(auto &trial) {
    trial.pay(begun);
    trial.end();
  }
};
ENGRAM_ENVIRONMENT(BrokenEnvironment)
