// These tests check which neurons a pattern connects, and that an entry of the list is all that a pattern needs.
#include "network/patterns.hpp"
#include "catch.hpp"
#include "circuits.hpp"
#include "input/document.hpp"
#include "spiking.hpp"

#include <set>
#include <stdexcept>

using namespace engram;
using circuits::Circuit;

TEST_CASE("a topographic projection joins what lies within its radius, and no rule changes that", "[network]") {
  Circuit c;
  const auto sheet = c.input(36), target = c.fixed("target", 9, "linear"); // 6 × 6 onto 3 × 3
  c.learn("r", "hebb", 0.1);
  c.rules.back() = circuits::rule("hebb");
  const auto p = c.connect(sheet, target, "r");
  c.model.projections[p].connect = circuits::typed("topographic", {{"radius", 0.12}});
  c.phase(1, false, true);
  c.data(5);
  auto network = c.build<double>();
  const auto joined = [&](std::size_t i, std::size_t j) {
    const double dx = (static_cast<double>(j % 6) + 0.5) / 6 - (static_cast<double>(i % 3) + 0.5) / 3;
    const double dy = (static_cast<double>(j / 6) + 0.5) / 6 - (static_cast<double>(i / 3) + 0.5) / 3;
    return dx * dx + dy * dy <= 0.12 * 0.12;
  };
  // Each neuron of the target stands over four of the sheet, a twelfth of its width to each side: 0.118 away.
  const auto check = [&](const arma::mat &w) {
    for (std::size_t i = 0; i < 9; ++i) {
      std::size_t synapses = 0;
      for (std::size_t j = 0; j < 36; ++j) {
        CHECK((w(i, j) != 0) == joined(i, j));
        synapses += joined(i, j);
      }
      CHECK(synapses == 4);
    }
  };
  check(network.dense[p].weights);
  CHECK(network::wire(c.model.projections[p], 9, 36, 1, {}, network::pattern_entries())->fan_in() == 4);
  const arma::mat before = network.dense[p].weights;
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  CHECK(arma::abs(network.dense[p].weights - before).max() > 0);
  check(network.dense[p].weights);
}

namespace {

// Two maps of 6 × 6, onto three of (6 + 2 − 3) / 2 + 1 = 3 × 3, by kernels of 3 × 3 at every second place.
std::size_t convolve(Circuit &c, std::size_t from, std::size_t to, bool shared) {
  const auto p = c.connect(from, to, "rule");
  c.model.projections[p].connect = circuits::typed(
      "convolution",
      {{"kernel", 3}, {"stride", 2}, {"padding", 1}, {"channels", 2}, {"maps", 3}, {"shared", shared ? 1 : 0}});
  return p;
}

Circuit convolving(bool shared, const std::string &rule = "backprop") {
  Circuit c;
  const auto sheet = c.input(72), maps = c.fixed("maps", 27, "linear");
  convolve(c, sheet, maps, shared);
  c.learn("rule", rule, 0.1);
  c.objective("mse", maps);
  c.phase(1, 1, true);
  c.data(4);
  return c;
}

} // namespace

TEST_CASE("a shared convolution is the convolution of its maps with its kernels", "[network]") {
  auto c = convolving(true);
  auto network = c.build<double>();
  const arma::mat &w = network.dense[0].weights;
  // A kernel is read off where it lies on the map as a whole: onto neuron (1, 1), from (1, 1) to (3, 3).
  arma::cube kernel(3, 3, 6);
  for (std::size_t map = 0; map < 3; ++map)
    for (std::size_t channel = 0; channel < 2; ++channel)
      for (std::size_t y = 0; y < 3; ++y)
        for (std::size_t x = 0; x < 3; ++x)
          kernel(y, x, map * 2 + channel) = w(map * 9 + 4, channel * 36 + (1 + y) * 6 + 1 + x);
  CHECK(arma::mat(arma::unique(w)).n_elem == 3 * 2 * 9 + 1); // and 0
  // Armadillo's conv2 turns its kernel around, and moves by 1.
  const arma::mat shown = circuits::inputs(c), made = w * shown;
  for (std::size_t map = 0; map < 3; ++map) {
    arma::mat sum(8, 8, arma::fill::zeros);
    for (std::size_t channel = 0; channel < 2; ++channel) {
      const arma::mat sheet = arma::reshape(shown.col(0).rows(channel * 36, channel * 36 + 35), 6, 6).t();
      const arma::mat turned = arma::fliplr(arma::flipud(kernel.slice(map * 2 + channel)));
      sum += arma::conv2(sheet, turned); // rows and columns 1 to 6 of 0 to 7 are those with a padding of 1
    }
    for (std::size_t y = 0; y < 3; ++y)
      for (std::size_t x = 0; x < 3; ++x)
        CHECK(made(map * 9 + y * 3 + x, 0) == Approx(sum(1 + 2 * y, 1 + 2 * x)).epsilon(1e-12));
  }
}

TEST_CASE("what a shared convolution learns is the gradient of its kernels, and they stay shared", "[network]") {
  auto c = convolving(true);
  auto network = c.build<double>();
  const auto group = network.dense[0].sharing->group;
  const arma::mat before = network.dense[0].weights;
  const auto loss = [&](std::uint32_t of, double by) { // of the kernel's weight moved at all its places
    auto moved = network;
    for (std::size_t k = 0; k < group.size(); ++k)
      if (group[k] == of) moved.dense[0].weights[k] += by;
    simulation::Simulator<double> simulator(c.model, moved, c.trials, c.rules, {}, 1);
    return circuits::mean<double>(simulator.run(c.all(false)));
  };
  auto learning = network;
  simulation::Simulator<double> simulator(c.model, learning, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  const arma::mat change = (learning.dense[0].weights - before) / 0.1;
  for (std::size_t k = 0; k < group.size(); ++k) {
    if (group[k] == network::Sharing::none) {
      CHECK(change[k] == 0);
    } else if (k % 7 == 0) {
      CHECK(change[k] == Approx(-(loss(group[k], 1e-5) - loss(group[k], -1e-5)) / 2e-5).epsilon(1e-6));
    }
  }
  CHECK(arma::mat(arma::unique(learning.dense[0].weights)).n_elem == 3 * 2 * 9 + 1);
}

TEST_CASE("a convolution that is not shared joins the same neurons, with weights of their own", "[network]") {
  auto c = convolving(false), shared = convolving(true);
  auto network = c.build<double>();
  const arma::mat own = network.dense[0].weights, kernels = shared.build<double>().dense[0].weights;
  CHECK(arma::all(arma::vectorise((own != 0) == (kernels != 0))));
  CHECK(arma::mat(arma::unique(own)).n_elem == static_cast<arma::uword>(arma::accu(own != 0)) + 1);
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  const arma::mat after = network.dense[0].weights;
  CHECK(arma::all(arma::vectorise((after != 0) == (own != 0))));
}

TEST_CASE("listed pairs are the synapses, whatever their order", "[network]") {
  const network::Pairs file{"wiring.csv", 3, {2, 0, 0.5, /**/ 0, 1, -1, /**/ 2, 3, 2, /**/ 0, 0, 4}};
  const auto pairs = network::pair_list(file, 4, 3);
  CHECK(pairs.begin == std::vector<std::uint64_t>{0, 2, 2, 4});
  CHECK(pairs.target == std::vector<std::uint32_t>{0, 1, 0, 3});
  CHECK(pairs.weight_of(3, 2) == 2);
  CHECK(pairs.weight_of(0, 0) == 4);
  Circuit c;
  const auto p = c.connect(c.input(3), c.fixed("target", 4, "linear"));
  c.model.projections[p].connect = circuits::typed("pairs");
  c.model.projections[p].weights.kind = model::Weights::Kind::listed;
  c.model.projections[p].weights.a = 10;
  const auto network = network::build<double>(c.model, {{}, {}, [&](const auto &) { return file; }});
  arma::mat expected(4, 3, arma::fill::zeros);
  expected(0, 2) = 5, expected(1, 0) = -10, expected(3, 2) = 20, expected(0, 0) = 40;
  CHECK(arma::approx_equal(network.dense[p].weights, expected, "absdiff", 0));
}

TEST_CASE("a file of pairs is read once for each projection that it wires, copies too", "[network]") {
  const network::Pairs file{"wiring.csv", 2, {0, 1, /**/ 2, 0}};
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  const auto copy = c.connect(in, out), forward = c.connect(in, out, "", 1);
  c.model.projections[copy].weights.kind = model::Weights::Kind::copy_of;
  c.model.projections[copy].weights.other = forward;
  c.model.projections[copy].weights.a = -2;
  for (auto &p : c.model.projections) p.connect = circuits::typed("pairs");
  std::size_t times = 0;
  const network::Readers read{{}, {}, [&](const auto &) {
                                ++times;
                                return file;
                              }};
  const auto network = network::build<double>(c.model, read);
  CHECK(times == 2);
  CHECK(arma::accu(network.dense[forward].weights != 0) == 2);
  CHECK(arma::approx_equal(network.dense[copy].weights, -2 * network.dense[forward].weights, "absdiff", 0));
}

namespace {

// A connection with the default parameters of a pattern, as read from a model file.
model::Typed with_defaults(const network::Pattern &pattern) {
  model::Typed connect{pattern.words.name, {}, ""};
  for (const auto &p : pattern.words.parameters)
    if (!p.file) connect.parameters[p.name] = model::Quantity::of(p.initial);
  return connect;
}

// Neurons of one region are joined like the squares of a board that have one colour.
class Board final : public network::RowWiring {
public:
  explicit Board(const network::WiringRequest &request)
      : RowWiring(request), odd_(request.connect.number("colour") != 0) {}
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    for (std::size_t i = 0; i < posts; ++i)
      if (((i + pre) % 2 == 1) == odd_) out.push_back(static_cast<std::uint32_t>(i));
  }
  double fan_in() const override { return static_cast<double>(pres) / 2; }

private:
  const bool odd_;
};

void check_board(const model::Projection &projection, const model::Model &model, input::Problems &problems) {
  if (model.regions[projection.from.region].size % 2 != 0)
    problems.add(projection.pointer + "/connect", "half of an odd number of neurons is none");
}

network::Pattern board() {
  model::Parameter colour;
  colour.name = "colour";
  colour.help = "of the squares that are joined";
  colour.choices = {"white", "black"};
  return {.words = {.name = "board",
                    .help = "every second neuron",
                    .reference = "",
                    .parameters = {colour},
                    .check = check_board},
          .wire = network::make_wiring<Board>};
}

std::string on_a_board(const std::string &connect, int size) {
  return R"({ "architecture": { "regions": {
      "source": { "size": )" +
         std::to_string(size) + R"(, "dynamics": { "type": "poisson", "rate": 5 } },
      "rate": { "size": 4, "dynamics": "static" },
      "cell": { "size": 4, "dynamics": "lif", "receptors": { "r": "delta" } } },
    "projections": [ { "name": "dense", "from": "source", "to": "rate", "connect": )" +
         connect + R"( }, { "name": "sparse", "from": "source", "to": "cell.r", "connect": )" + connect + R"( } ] },
    "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })";
}

} // namespace

TEST_CASE("a pattern is one entry: words, check and wiring of one that is not in the list do all that others do",
          "[network]") {
  auto words = spiking::vocabulary();
  words.patterns.push_back(board().words);
  const std::vector<network::Pattern> list{board()};
  const auto model = model::load_text(on_a_board(R"({ "type": "board", "colour": "black" })", 6), "m.json", words);
  const auto network = network::build<double>(model, {}, list);
  const auto &connectivity = *network.sparse[0].synapses.connectivity;
  std::set<std::pair<std::size_t, std::size_t>> sparse;
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t k = connectivity.first(j, 0); k < connectivity.last(j, 0); ++k)
      sparse.emplace(connectivity.target[k], j);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 6; ++j) {
      CAPTURE(i, j);
      CHECK((network.dense[0].weights(i, j) != 0) == ((i + j) % 2 == 1));
      CHECK(sparse.contains({i, j}) == ((i + j) % 2 == 1));
    }
  try {
    model::load_text(on_a_board(R"("board")", 5), "m.json", words);
    FAIL("its check is not asked");
  } catch (const input::InputError &error) {
    CHECK_THAT(error.what(), ContainsSubstring("/architecture/projections/0/connect: half of an odd number"));
  }
  CHECK_THROWS_AS(model::load_text(on_a_board(R"({ "type": "board", "colour": "red" })", 6), "m.json", words),
                  input::InputError);
}

TEST_CASE("a pattern that is not in the list is a fault of the program, and no other takes its place", "[network]") {
  Circuit c;
  c.model.projections[c.connect(c.input(3), c.fixed("out", 3))].connect = circuits::typed("one_to_on");
  CHECK_THROWS_AS(c.build<double>(), Broken);
}

TEST_CASE("each pattern has words of its own, and its rows are the synapses that a matrix of it has", "[network]") {
  std::set<std::string> names;
  for (const auto &pattern : network::pattern_entries()) {
    CAPTURE(pattern.words.name);
    CHECK(names.insert(pattern.words.name).second);
    CHECK_FALSE(pattern.words.help.empty());
    for (const auto &p : pattern.words.parameters) {
      CAPTURE(p.name);
      CHECK_FALSE(p.help.empty());
      CHECK((p.file || (p.minimum <= p.initial && p.initial <= p.maximum)));
    }
    const auto connect = with_defaults(pattern);
    constexpr std::size_t n = 324; // more than a tile of work; a square map
    const network::Pairs file{"wiring.csv", 2, {300, 7, /**/ 0, 0, /**/ 300, 2, /**/ 323, 323}};
    const auto wiring = pattern.wire({connect, n, n, true, 3, 4}, [&](const auto &) { return file; });
    const auto rows = wiring->rows(1), by_threads = wiring->rows(3);
    CHECK(rows.begin == by_threads.begin);
    CHECK(rows.target == by_threads.target);
    REQUIRE(rows.begin.size() == n + 1);
    CHECK(rows.begin.back() == rows.target.size());
    CHECK(rows.target.size() > 0);
    std::vector<bool> there(n * n);
    std::set<std::uint64_t> numbers;
    bool ascending = true;
    std::size_t twins = 0; // of a synapse of the same pair
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = rows.begin[j]; k < rows.begin[j + 1]; ++k) {
        const bool again = k > rows.begin[j] && rows.target[k - 1] == rows.target[k];
        ascending = ascending && (k == rows.begin[j] || rows.target[k - 1] <= rows.target[k]);
        if (again) CHECK(pattern.words.multapses);
        twins += again;
        there[rows.target[k] + j * n] = true;
        numbers.insert(wiring->weight_index(rows.target[k], j));
      }
    CHECK(ascending);
    CHECK(there == wiring->connection_mask());
    CHECK(wiring->is_complete() == (rows.target.size() == n * n));
    if (wiring->shares_weights())
      CHECK(numbers.size() < rows.target.size());
    else
      CHECK(numbers.size() == rows.target.size() - twins);
    if (wiring->is_one_to_one()) CHECK(rows.target.size() == n);
    const double fewest = pattern.words.fewest_synapses ? pattern.words.fewest_synapses(connect, n, n) : 0;
    CHECK(static_cast<double>(rows.target.size()) > 0.95 * fewest); // a draw may lie below what is expected
  }
}
