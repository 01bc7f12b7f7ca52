// match() finds the conditions that areas have in common, and pick() reduces an area to them. populations() finds the
// subjects of an area.
#include "input/input_error.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/area.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>

namespace engram::recordings {

namespace {

std::map<std::string, std::size_t> index_of(const std::vector<std::string> &names) {
  std::map<std::string, std::size_t> index;
  for (std::size_t k = 0; k < names.size(); ++k) index.emplace(names[k], k);
  return index;
}

// With the place of the side that does not fit, where a comparison file names it.
[[noreturn]] void refuse_conditions(const Area &of, const std::string &what) {
  if (of.place.pointer.empty()) throw input::InputError("engram: " + what);
  input::Problem problem = of.place;
  problem.message = what;
  throw input::InputError({problem});
}

// "V1 of run.nwb (column 'trial')"
std::string with_column(const Area &area) {
  return fmt::format("{} of {}{}", area.name, area.file,
                     area.column.empty() ? "" : fmt::format(" (column '{}')", area.column));
}

constexpr const char *ways =
    "choose the columns (--condition OF_RUN,OF_RECORDING, or 'condition' in a comparison file), "
    "or name the conditions alike ('conditions')";

std::string strangers(const Area &one, const Area &other) {
  return fmt::format("{} and {} have no condition in common, as '{}' and '{}': {}", with_column(one),
                     with_column(other), one.conditions.front(), other.conditions.front(), ways);
}

bool is_number(const std::string &name) {
  char *end = nullptr;
  std::strtod(name.c_str(), &end);
  return !name.empty() && *end == '\0';
}

// That two columns of other names hold the same numbers says nothing: row 3 of the data is not the digit 3.
void require_like_columns(const std::vector<const Area *> &areas) {
  for (const Area *one : areas)
    for (const Area *other : areas) {
      if (one->column.empty() || other->column.empty() || one->column == other->column) continue;
      if (!one->column_assumed) continue; // the other way round it may be
      const auto known = index_of(other->conditions);
      std::size_t common = 0, numbers = 0;
      for (const auto &name : one->conditions) {
        common += known.contains(name);
        numbers += known.contains(name) && is_number(name);
      }
      if (common > 0 && numbers == common)
        refuse_conditions(
            *one,
            fmt::format("the conditions of {} and of {} are numbers of unlike columns, which nobody asked to match: {}",
                        with_column(*one), with_column(*other), ways));
    }
}

} // namespace

const Responses &responses_of(const Area &area) {
  if (!area.responses)
    throw measures::NotApplicable(area.name + " has no responses by condition" +
                                  (area.lack.empty() ? "" : ": " + area.lack));
  return *area.responses;
}

void require_spikes(const Area &area) {
  if (area.trains.empty()) throw measures::NotApplicable(area.name + " has no spikes");
}

measures::Observation observation_of(const Area &area, std::size_t unit) {
  if (!area.watched.empty()) return *area.watched.at(unit);
  if (area.observed.start < area.observed.stop) return {area.observed};
  return {};
}

std::vector<Population> populations(const std::vector<Area> &areas) {
  std::vector<Population> out;
  for (const auto &area : areas) {
    const auto known = std::find_if(out.begin(), out.end(), [&](const Population &p) {
      return !area.common.empty() && p.subjects.front()->common == area.common;
    });
    if (known == out.end())
      out.push_back({area.common.empty() ? area.name : area.common, {&area}});
    else
      known->subjects.push_back(&area);
  }
  return out;
}

Matching match(const std::vector<const Area *> &areas) {
  std::vector<const Area *> with;
  for (const Area *area : areas)
    if (area->condition_count > 0) with.push_back(area);
  Matching out;
  out.which.resize(areas.size());
  if (with.empty()) return out;

  require_like_columns(with);
  const bool all_named = std::all_of(with.begin(), with.end(), [](const Area *a) { return !a->conditions.empty(); });
  if (all_named) {
    std::vector<std::map<std::string, std::size_t>> index;
    for (const Area *area : with) index.push_back(index_of(area->conditions));
    for (const auto &name : with.front()->conditions)
      if (std::all_of(index.begin(), index.end(), [&](const auto &known) { return known.contains(name); }))
        out.conditions.push_back(name);
    if (out.conditions.size() >= std::min<std::size_t>(2, with.front()->condition_count)) {
      for (std::size_t a = 0; a < areas.size(); ++a) {
        if (areas[a]->condition_count == 0) continue;
        const auto known = index_of(areas[a]->conditions);
        for (const auto &name : out.conditions) out.which[a].push_back(known.at(name));
        if (out.conditions.size() < areas[a]->condition_count)
          out.note = fmt::format("{} conditions are common to all; the others are left out", out.conditions.size());
      }
      return out;
    }
    // By order it could be paired with another.
    if (out.conditions.size() == 1)
      refuse_conditions(*with.front(),
                        fmt::format("'{}' is the only condition that {} of {} shares with the others: name the "
                                    "conditions alike ('conditions' in a comparison file)",
                                    out.conditions.front(), with.front()->name, with.front()->file));
    const auto strange = std::find_if(with.begin() + 1, with.end(), [&](const Area *area) {
      const auto known = index_of(area->conditions);
      return std::none_of(with.front()->conditions.begin(), with.front()->conditions.end(),
                          [&](const auto &name) { return known.contains(name); });
    });
    if (strange != with.end()) refuse_conditions(**strange, strangers(*with.front(), **strange));
    refuse_conditions(*with.front(), "no condition is common to all areas: name the conditions alike ('conditions' in "
                                     "a comparison file)");
  }
  const std::size_t count = with.front()->condition_count;
  for (const Area *area : with)
    if (area->condition_count != count)
      refuse_conditions(*area, fmt::format("{} of {} has {} conditions and {} of {} has {}, and they are not known by "
                                           "the same names: name them ('conditions' in a comparison file)",
                                           with.front()->name, with.front()->file, count, area->name, area->file,
                                           area->condition_count));
  const auto named = std::find_if(with.begin(), with.end(), [](const Area *a) { return !a->conditions.empty(); });
  if (named != with.end())
    out.conditions = (*named)->conditions;
  else
    for (std::size_t k = 0; k < count; ++k) out.conditions.push_back(std::to_string(k + 1));
  for (std::size_t a = 0; a < areas.size(); ++a) {
    if (areas[a]->condition_count == 0) continue;
    out.which[a].resize(count);
    std::iota(out.which[a].begin(), out.which[a].end(), std::size_t{0});
  }
  if (with.size() > 1)
    out.note = fmt::format("conditions are matched by their order: all have {}, and not all are named", count);
  return out;
}

Area pick(const Area &area, const std::vector<std::size_t> &which, const std::vector<std::string> &names) {
  if (area.condition_count == 0) return area;
  Area out;
  out.name = area.name;
  out.common = area.common;
  out.file = area.file;
  out.place = area.place;
  out.sweeps = area.sweeps;
  out.signal = area.signal;
  out.lack = area.lack;
  out.trains = area.trains;
  out.observed = area.observed;
  out.watched = area.watched;
  out.column = area.column;
  out.column_assumed = area.column_assumed;
  out.units = area.units;
  out.covariates = area.covariates;
  std::vector<std::size_t> place(area.condition_count, which.size());
  for (std::size_t k = 0; k < which.size(); ++k) place[which[k]] = k;
  for (const auto &trial : area.trials)
    if (place[trial.condition] < which.size())
      out.trials.push_back({place[trial.condition], trial.repeat, trial.window});
  out.conditions = names;
  out.condition_count = which.size();
  if (area.responses) {
    out.responses = pick_conditions(*area.responses, which);
    out.responses->conditions = names;
  }
  if (!area.rdms.is_empty()) {
    arma::uvec index(which.size());
    std::copy(which.begin(), which.end(), index.begin());
    out.rdms.set_size(which.size(), which.size(), area.rdms.n_slices);
    for (std::size_t s = 0; s < area.rdms.n_slices; ++s) out.rdms.slice(s) = area.rdms.slice(s).submat(index, index);
  }
  return out;
}

} // namespace engram::recordings
