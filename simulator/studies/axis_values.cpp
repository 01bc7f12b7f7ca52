#include "studies/axis_values.hpp"

#include "numeric/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace engram::studies {

using input::below;
using input::Json;

namespace {

double rounded(double value, bool whole) {
  return whole ? std::round(value) : std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr);
}

// At share u in [0, 1] of the interval. A whole number stands for all that is rounded to it.
double at_share(const Interval &interval, double u) {
  const double low = interval.whole ? interval.from - 0.5 : interval.from;
  const double high = interval.whole ? interval.to + 0.5 : interval.to;
  const double value =
      interval.log ? std::exp(std::log(low) + u * (std::log(high) - std::log(low))) : low + u * (high - low);
  return std::clamp(rounded(value, interval.whole), interval.from, interval.to);
}

Json as_value(double value, bool whole) {
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value); // the schema bounds whole ones
}

bool is_whole(const Json &number) { return number.is_number_integer(); }

// `what`: the object with "from" and "to".
Interval interval_of(const Json &what, bool log, const std::string &pointer, input::Problems &problems) {
  Interval out{what.at("from").get<double>(), what.at("to").get<double>(), log, what.value("whole", false)};
  if (!(out.from < out.to)) problems.add(pointer, "must end above its beginning");
  if (log && !(out.from > 0)) problems.add(below(pointer, "from"), "must be above 0, as a logarithm is taken of it");
  if (out.whole && (std::floor(out.from) != out.from || std::floor(out.to) != out.to ||
                    std::max(std::abs(out.from), std::abs(out.to)) > 1e15))
    problems.add(pointer, "has no whole numbers at its ends, and \"whole\" says that its values are whole");
  return out;
}

void refuse_repeats(const std::vector<Json> &values, const std::string &pointer, input::Problems &problems) {
  std::set<Json> seen; // 1 and 1.0 are the same there
  for (const auto &value : values)
    if (!seen.insert(value).second)
      return problems.add(pointer, fmt::format("has {} twice: the same runs would be done and counted twice",
                                               input::shown(value.dump())));
}

std::vector<Json> range_values(const Json &what, bool log, const std::string &pointer, input::Problems &problems) {
  const std::size_t before = problems.count();
  auto interval = interval_of(what, log, pointer, problems);
  if (problems.count() != before) return {};
  const auto numbers = spaced(interval, what.at("count").get<std::size_t>());
  const bool all_whole = is_whole(what.at("from")) && is_whole(what.at("to")) &&
                         std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::floor(x) == x; });
  std::vector<Json> out;
  for (const double number : numbers) out.push_back(as_value(number, interval.whole || all_whole));
  refuse_repeats(out, pointer, problems);
  return out;
}

std::vector<Json> sample_values(const Json &what, const Search &search, const std::string &name,
                                const std::string &pointer, input::Problems &problems) {
  const std::size_t before = problems.count();
  if (search.count == 0) problems.add(pointer, "needs \"search\", which says how many samples are drawn, and how");
  std::vector<Json> out;
  if (what.contains("values")) {
    const auto &values = what.at("values");
    const Interval which{0, static_cast<double>(values.size() - 1), false, true};
    for (const double index : sampled(which, search, name)) out.push_back(values[static_cast<std::size_t>(index)]);
    return out;
  }
  const auto interval = interval_of(what, what.value("scale", "linear") == "log", pointer, problems);
  if (problems.count() != before) return {};
  for (const double number : sampled(interval, search, name)) out.push_back(as_value(number, interval.whole));
  return out;
}

} // namespace

std::vector<double> spaced(const Interval &interval, std::size_t count) {
  std::vector<double> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(count - 1);
    const double value = interval.log ? interval.from * std::pow(interval.to / interval.from, share)
                                      : interval.from + share * (interval.to - interval.from);
    out[k] = rounded(value, interval.whole);
  }
  out.front() = interval.from;
  out.back() = interval.to;
  return out;
}

std::vector<double> sampled(const Interval &interval, const Search &search, const std::string &name) {
  const auto key = numeric::name_key(name);
  const numeric::Random random{search.seed, numeric::Purpose::choice, key};
  const bool latin = search.method == Search::Method::latin_hypercube;
  std::vector<std::size_t> part;
  if (latin) part = numeric::permutation({search.seed, numeric::Purpose::shuffle, key}, search.count);
  std::vector<double> out(search.count);
  for (std::size_t k = 0; k < search.count; ++k) {
    const double u = random.uniform(k);
    out[k] = at_share(interval, latin ? (static_cast<double>(part[k]) + u) / static_cast<double>(search.count) : u);
  }
  return out;
}

std::vector<Json> axis_values(const Json &given, const Search &search, const std::string &name,
                              const std::string &pointer, input::Problems &problems) {
  if (given.is_array() || given.contains("values")) {
    const Json &list = given.is_array() ? given : given.at("values");
    std::vector<Json> out(list.begin(), list.end());
    refuse_repeats(out, given.is_array() ? pointer : below(pointer, "values"), problems);
    return out;
  }
  for (const auto &[key, log] : {std::pair{"range", false}, {"log_range", true}})
    if (given.contains(key)) return range_values(given.at(key), log, below(pointer, key), problems);
  return sample_values(given.at("sample"), search, name, below(pointer, "sample"), problems);
}

} // namespace engram::studies
