// Each list of entries says itself which one a model has that names none, and what its entries are.
#include "model/vocabulary.hpp"
#include "catch.hpp"
#include "dynamics/activation_entry.hpp"
#include "dynamics/noise_entry.hpp"
#include "dynamics/short_term_entry.hpp"
#include "small_vocabulary.hpp"
#include "spiking.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace engram;

namespace {

std::size_t defaults_in(const std::vector<model::Named> &entries) {
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [](const auto &one) { return one.is_default; }));
}

} // namespace

TEST_CASE("a list whose entry need not be named has one default, and others have none", "[model]") {
  const auto &words = spiking::vocabulary();
  for (const auto *list :
       {&words.noises, &words.integrators, &words.patterns, &words.short_term, &words.optimizers, &words.schedules}) {
    CAPTURE(list->front().name);
    CHECK(defaults_in(*list) == 1);
    REQUIRE(model::default_of(*list));
    CHECK(model::default_of(*list)->is_default);
  }
  for (const auto *list : {&words.activations, &words.receptors, &words.objectives}) {
    CAPTURE(list->front().name);
    CHECK(defaults_in(*list) == 0);
    CHECK(model::default_of(*list) == nullptr);
  }
}

TEST_CASE("what a model leaves out is the default of the list, as the schema says", "[model]") {
  auto words = model::small_vocabulary();
  const std::string text = R"({ "architecture": { "regions": { "a": { "size": 2, "dynamics": "leaky_rate" } },
    "projections": [ { "from": "a", "to": "a", "rule": "r" } ] },
    "learning": { "rules": { "r": { "plugin": "oja" } } } })";
  const auto is_said = [&](const std::string &optimizer, const std::string &noise) {
    const auto m = model::load_text(text, "m.json", words);
    CHECK(m.rules[0].optimizer.type == optimizer);
    CHECK(m.regions[0].noise.type == noise);
    CHECK(model::is_none(m.regions[0].noise, words.noises) == (noise == "none"));
    const auto schema = model::schema(words);
    const auto default_at = [&](const std::string &pointer) {
      return schema.at(nlohmann::ordered_json::json_pointer("/properties/" + pointer + "/default"));
    };
    CHECK(default_at("learning/properties/rules/additionalProperties/properties/optimizer") == optimizer);
    CHECK(default_at("architecture/properties/regions/additionalProperties/properties/noise") == noise);
  };
  is_said("plain", "none");
  for (auto *list : {&words.optimizers, &words.noises})
    for (auto &entry : *list) entry.is_default = !entry.is_default;
  is_said("adam", "gaussian"); // with its parameters
  CHECK(model::load_text(text, "m.json", words).rules[0].optimizer.number("beta1") == 0.9);
}

TEST_CASE("a dynamics names entries that are there", "[model]") {
  const auto &words = spiking::vocabulary();
  for (const auto &dynamics : words.dynamics) {
    CAPTURE(dynamics.name);
    CHECK(dynamics.activation == !dynamics.default_activation.empty());
    if (dynamics.activation) CHECK(model::entry_named(dynamics.default_activation, words.activations));
    if (!dynamics.integrator.empty()) CHECK(model::entry_named(dynamics.integrator, words.integrators));
  }
}

TEST_CASE("nothing is made of an entry that stands for none, and something of every other", "[model]") {
  for (const auto &entry : dynamics::noise_entries()) {
    CAPTURE(entry.words.name);
    CHECK((entry.make.single == nullptr) == entry.words.is_none);
    CHECK((entry.make.twice == nullptr) == entry.words.is_none);
  }
  for (const auto &entry : dynamics::short_term_entries()) {
    CAPTURE(entry.words.name);
    CHECK((entry.make.single == nullptr) == entry.words.is_none);
    CHECK((entry.make.twice == nullptr) == entry.words.is_none);
  }
}

TEST_CASE("an activation across neurons, and no other, has functions of its own for errors and gradients", "[model]") {
  std::size_t pooled = 0;
  for (const auto &entry : dynamics::activation_entries()) {
    CAPTURE(entry.words.name);
    pooled += entry.words.pooled;
    for (const bool has : {entry.functions.single.error != nullptr, entry.functions.twice.error != nullptr,
                           entry.functions.twice.error_vjp != nullptr, entry.functions.twice.rate_vjp != nullptr})
      CHECK(has == entry.words.pooled);
  }
  CHECK(pooled >= 2);
}

TEST_CASE("messages name the entries of a kind in words", "[model]") {
  std::vector<model::Named> list(3);
  list[0].name = "a";
  list[1].name = "b";
  list[2].name = "c";
  CHECK(model::those_that(&model::Named::pooled, list).empty());
  list[1].pooled = true;
  CHECK(model::those_that(&model::Named::pooled, list) == "'b'");
  list[2].pooled = true;
  CHECK(model::those_that(&model::Named::pooled, list) == "'b' or 'c'");
}
