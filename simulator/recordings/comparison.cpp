#include "recordings/comparison.hpp"

#include "data/array.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/method_parts.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace engram::recordings {

namespace {

Sides sides_of(const std::string &type) {
  const auto &all = methods();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto &m) { return m.name == type; });
  if (found == all.end()) throw std::invalid_argument("no method is called '" + type + "'");
  return found->sides;
}

// Does it compare what both sides did under the same conditions?
bool by_condition(const std::string &type) { return sides_of(type) != Sides::one && type != "rate_maps"; }

// All that there are; with one side alone, those that describe it.
std::vector<Method> every_method(bool both_sides) {
  std::vector<Method> out;
  for (const auto &known : methods())
    if (known.sides == Sides::either || (known.sides == Sides::both) == both_sides) {
      Method method;
      method.type = known.name;
      out.push_back(method);
    }
  return out;
}

// Each once, in their order.
void drop_repeated(std::vector<std::string> &notes) {
  std::set<std::string> told;
  std::erase_if(notes, [&](const std::string &note) { return !told.insert(note).second; });
}

} // namespace

Comparison compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
                   const std::vector<std::string> &notes, const Progress &progress) {
  Comparison out;
  out.name = config.name;
  out.notes = notes;
  std::vector<const Area *> all;
  for (const auto &area : circuits) all.push_back(&area);
  for (const auto &area : recordings) all.push_back(&area);
  const auto asked = config.methods.empty() ? every_method(!recordings.empty()) : config.methods;
  const bool pairs = std::any_of(asked.begin(), asked.end(), [](const auto &m) { return by_condition(m.type); });
  if (pairs && !recordings.empty()) {
    const auto matching = match(all);
    if (!matching.note.empty()) out.notes.push_back(matching.note);
    out.conditions = matching.conditions;
    for (std::size_t k = 0; k < all.size(); ++k)
      (k < circuits.size() ? out.circuits : out.recordings)
          .push_back(pick(*all[k], matching.which[k], matching.conditions));
  } else {
    out.circuits = circuits;
    out.recordings = recordings;
    if (circuits.size() + recordings.size() == 1) out.conditions = all.front()->conditions;
  }

  for (const auto &method : asked) {
    if (progress.say) progress.say(method.type);
    // A note says why a method that was asked for cannot be applied. One that nobody asked for is left out in silence.
    // Any other error ends the comparison.
    const auto attempt = [&](const auto &work) {
      if (progress.go_on && !progress.go_on()) return;
      try {
        work();
      } catch (const measures::NotApplicable &lack) {
        out.lacks.push_back(method.type + ": " + lack.what());
        if (!config.methods.empty()) out.notes.push_back(out.lacks.back());
      } catch (const data::DataError &fault) { // of a stimulus or position, which the other methods do without
        out.lacks.push_back(method.type + ": " + fault.what());
        out.notes.push_back(out.lacks.back());
      }
    };
    const auto sides = sides_of(method.type);
    if (sides == Sides::one || (sides == Sides::either && (recordings.empty() || !config.methods.empty())))
      for (const bool of_recording : {false, true})
        for (const auto &area : of_recording ? out.recordings : out.circuits)
          attempt([&] {
            for (auto &result : description(config, method, area, of_recording, out, progress))
              out.results.push_back(std::move(result));
          });
    if (sides == Sides::one) continue;
    if (sides == Sides::both && recordings.empty() && !config.methods.empty()) {
      out.lacks.push_back(method.type + ": compares two sides, and there is one");
      out.notes.push_back(out.lacks.back());
    }
    if (method.type == "rsa") {
      const auto regions = populations(out.circuits);
      for (const auto &area : populations(out.recordings))
        attempt([&] { similarity_of_dissimilarities(config, method, area, regions, out, progress); });
      continue;
    }
    for (const auto &area : out.recordings) {
      for (const auto &region : out.circuits)
        attempt([&] {
          if (sides == Sides::either) {
            const auto compared = method.type == "rate_maps" ? maps(config, method, region, area, out, progress)
                                                             : trains(config, method, region, area, out, progress);
            out.results.insert(out.results.end(), compared.begin(), compared.end());
            return;
          }
          if (method.type == "ridge" || method.type == "pls") {
            const auto predicted = prediction(config, method, region, area, progress);
            out.results.insert(out.results.end(), predicted.begin(), predicted.end());
            return;
          }
          out.results.push_back(alignment(config, method, region, area, progress));
        });
    }
  }
  drop_repeated(out.notes);
  drop_repeated(out.lacks);
  return out;
}

} // namespace engram::recordings
