// A mistake in a neuron that the compiler can see is refused there: else a line of the author's would count for
// nothing.
#include "catch.hpp"
#include "command.hpp"

#include <cstdlib>
#include <fstream>

namespace {

const std::string sound = R"cpp(#include <engram/dynamics.hpp>
struct Cell {
  static constexpr engram::Neuron about{.name = "cell", .summary = "a cell", .reference = "none"/*MORE*/};
  static constexpr engram_variable states[] = {engram::state("v", "mV", 0, "the potential")};
  static constexpr engram_parameter parameters[] = {engram::parameter("tau", "ms", 10, 1, 100, "time constant"),
                                                    engram::parameter("held", "ms", 2, 0, 100, "for which it is held")};
  template <class T> struct State { T v; };
  template <class T> struct Constants { T tau, held; };
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) { slope.v = (in.soma - x.v) / p.tau; }
  static auto threshold(const auto &, const auto &) { return 20; }
  static void reset(auto &x, const auto &) { x.v = 0; }
  /*MEMBER*/
};
ENGRAM_DYNAMICS(Cell)
)cpp";

std::string with(const std::string &place, const std::string &text) {
  std::string out = sound;
  return out.replace(out.find(place), place.size(), text);
}

// What the compiler says; "" where it takes the text.
std::string complaint(const std::string &text) {
  const command::Folder folder;
  folder.write("cell.cpp", text);
  const auto said = (folder.path / "said").string();
  const int status = std::system(("c++ -std=gnu++20 -fsyntax-only -I '" ENGRAM_SOURCE_DIR "/simulator/plugin' '" +
                                  (folder.path / "cell.cpp").string() + "' >'" + said + "' 2>&1")
                                     .c_str());
  std::ifstream in(said);
  const std::string words{std::istreambuf_iterator<char>(in), {}};
  return status == 0 ? "" : words + " ";
}

} // namespace

TEST_CASE("mistakes in a neuron that would count for nothing do not compile", "[package][slow]") {
  REQUIRE(complaint(sound).empty());
  CHECK(complaint(with("/*MORE*/", R"(, .refractory = "held")")).empty());
  CHECK_THAT(complaint(with("/*MORE*/", R"(, .refractory = "helt")")),
             ContainsSubstring("about.refractory names a parameter that there is not"));
  CHECK_THAT(complaint(with("in.soma - x.v", "in.soma + in.apical - x.v")),
             ContainsSubstring("CurrentIntoTheSomaAlone") && ContainsSubstring("apical"));
  CHECK_THAT(complaint(with("/*MEMBER*/", "static void prepare(auto &p) { p.held = 1; }")),
             ContainsSubstring("prepare(auto &p) sets members of Constants beyond the parameters, and there are none"));
  CHECK_THAT(complaint(with("/*MEMBER*/", "static auto rate(const auto &x, const auto &) { return x.v; }")),
             ContainsSubstring("a neuron has one of rate(x, p), about.activation and threshold(x, p)"));
}
