// The values of an axis: ranges against closed forms, samples against what they promise.
#include "studies/axis_values.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

using namespace engram;
using studies::Search;

namespace {

std::vector<input::Json> values_of(const std::string &text, const Search &search = {}) {
  const input::Places nowhere;
  input::Problems problems(nowhere);
  auto out = studies::axis_values(input::Json::parse(text), search, "/a", "", problems);
  problems.raise();
  return out;
}

// In which of `count` parts of [from, to], by the logarithm, a value lies.
std::size_t part_of(double value, double from, double to, std::size_t count) {
  const double share = std::log(value / from) / std::log(to / from);
  return std::min(count - 1, static_cast<std::size_t>(share * static_cast<double>(count)));
}

} // namespace

TEST_CASE("ranges have equal steps or ratios, and both ends", "[studies]") {
  CHECK(studies::spaced({0, 1}, 5) == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  CHECK(studies::spaced({0.1, 0.4}, 4) == std::vector<double>{0.1, 0.2, 0.3, 0.4}); // and not 0.30000000000000004
  CHECK(studies::spaced({0.001, 1, true}, 4) == std::vector<double>{0.001, 0.01, 0.1, 1});
  CHECK(studies::spaced({1, 100, true, true}, 3) == std::vector<double>{1, 10, 100});
  CHECK(studies::spaced({1, 2, false, true}, 2) == std::vector<double>{1, 2});
}

TEST_CASE("values keep their kind: whole numbers stay whole", "[studies]") {
  const auto whole = values_of(R"({"range": {"from": 10, "to": 40, "count": 4}})");
  CHECK(whole == std::vector<input::Json>{10, 20, 30, 40});
  CHECK(whole[1].is_number_integer());
  CHECK(values_of(R"({"range": {"from": 0, "to": 1, "count": 3}})")[1].is_number_float());
  CHECK(values_of(R"({"log_range": {"from": 8, "to": 100, "count": 3, "whole": true}})")[1] == 28); // √800 = 28.28
  CHECK(values_of(R"([1, "a", null, {"b": 1}])").size() == 4);
  CHECK(values_of(R"({"values": [true, false]})").size() == 2);
}

TEST_CASE("what cannot be a range is refused", "[studies]") {
  const auto refused = [](const std::string &text) -> std::string {
    try {
      values_of(text, {Search::Method::random, 3, 1});
    } catch (const input::InputError &error) {
      return error.problems().front().pointer + ": " + error.problems().front().message;
    }
    return "accepted";
  };
  CHECK(refused(R"({"range": {"from": 2, "to": 2, "count": 3}})") == "/range: must end above its beginning");
  CHECK(refused(R"({"log_range": {"from": 0, "to": 2, "count": 3}})") ==
        "/log_range/from: must be above 0, as a logarithm is taken of it");
  CHECK(refused(R"({"range": {"from": 1, "to": 3, "count": 9, "whole": true}})") ==
        "/range: has 1 twice: the same runs would be done and counted twice");
  CHECK(refused(R"({"range": {"from": 0.5, "to": 3, "count": 2, "whole": true}})") ==
        "/range: has no whole numbers at its ends, and \"whole\" says that its values are whole");
  CHECK(refused("[1, 2, 1.0]") == ": has 1.0 twice: the same runs would be done and counted twice");
  CHECK(refused(R"({"sample": {"from": 0, "to": 1, "scale": "log"}})") ==
        "/sample/from: must be above 0, as a logarithm is taken of it");
}

TEST_CASE("a Latin hypercube has one value in each part, for each pointer in another order", "[studies]") {
  const Search search{Search::Method::latin_hypercube, 40, 7};
  const auto a = studies::sampled({0.001, 10, true}, search, "/a"),
             b = studies::sampled({0.001, 10, true}, search, "/b");
  std::vector<std::size_t> parts, other;
  for (std::size_t k = 0; k < 40; ++k) {
    CHECK(a[k] >= 0.001);
    CHECK(a[k] <= 10);
    parts.push_back(part_of(a[k], 0.001, 10, 40));
    other.push_back(part_of(b[k], 0.001, 10, 40));
  }
  CHECK(parts != other);
  std::sort(parts.begin(), parts.end());
  for (std::size_t k = 0; k < 40; ++k) CHECK(parts[k] == k);
}

TEST_CASE("random samples depend on the seed, the pointer and their number alone", "[studies]") {
  const studies::Interval interval{-1, 3};
  const auto few = studies::sampled(interval, {Search::Method::random, 10, 1}, "/a");
  const auto many = studies::sampled(interval, {Search::Method::random, 2000, 1}, "/a");
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(studies::sampled(interval, {Search::Method::random, 10, 2}, "/a") != few);
  CHECK(studies::sampled(interval, {Search::Method::random, 10, 1}, "/b") != few);
  // Uniform: mean 1, variance 16/12; within five standard errors.
  double sum = 0, squares = 0;
  for (const double x : many) {
    sum += x;
    squares += (x - 1) * (x - 1);
  }
  CHECK(sum / 2000 == Approx(1).margin(5 * std::sqrt(16.0 / 12 / 2000)));
  CHECK(squares / 2000 == Approx(16.0 / 12).margin(5 * std::sqrt(256.0 / 180 / 2000))); // var((x−μ)²) = w⁴/180
}

TEST_CASE("of values that are written out a Latin hypercube takes each as often", "[studies]") {
  std::map<std::string, int> seen;
  for (const auto &value :
       values_of(R"({"sample": {"values": ["a", "b", 3]}})", {Search::Method::latin_hypercube, 12, 4}))
    ++seen[value.dump()];
  CHECK(seen == std::map<std::string, int>{{"\"a\"", 4}, {"\"b\"", 4}, {"3", 4}});
  CHECK(values_of(R"({"sample": {"values": [5]}})", {Search::Method::random, 3, 1}) ==
        std::vector<input::Json>{5, 5, 5});
}

TEST_CASE("each whole number of a sample is as likely as the others", "[studies]") {
  std::vector<int> seen(4);
  for (const double x : studies::sampled({3, 6, false, true}, {Search::Method::random, 4000, 5}, "/n"))
    ++seen.at(static_cast<std::size_t>(x - 3));
  for (const int count : seen) CHECK(count == Approx(1000).margin(5 * std::sqrt(4000 * 0.25 * 0.75)));
}
