// These tests load mutated model files.
#include "catch.hpp"
#include "model/load.hpp"
#include "small_vocabulary.hpp"

#include <random>

using namespace engram;
using namespace engram::model;

TEST_CASE("mutated model files never do more than fail", "[model]") {
  const auto vocabulary = small_vocabulary();
  const std::string valid = digits_model;
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::string bytes = "{}[]\",:0123456789-.eE\\/~ntu\n\x80\xff";
  std::size_t refused = 0;
  for (int run = 0; run < 2000; ++run) {
    std::string text = valid;
    for (std::size_t k = 1 + below(3); k > 0; --k) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
      case 0:
        text[at] = bytes[below(bytes.size())];
        break;
      case 1:
        text.erase(at, 1 + below(20));
        break;
      case 2:
        text.insert(at, 1, bytes[below(bytes.size())]);
        break;
      default:
        text.insert(at, text.substr(below(text.size()), below(40)));
      }
    }
    try {
      load_text(text, "m.json", vocabulary);
    } catch (const input::InputError &error) {
      ++refused;
      REQUIRE(!error.problems().empty());
    }
  }
  CHECK(refused > 1000);
}
