#include "recordings/comparison.hpp"

#include "data/array.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/variant.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace engram::recordings {

namespace {

// A method that is applied, with its entry.
struct Applied {
  const MethodEntry *entry;
  Settings settings;
};

const MethodEntry &entry_of(const std::string &type, const MethodEntries &entries) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto &entry) { return entry.words.name == type; });
  if (found == entries.end()) throw std::invalid_argument("no method is called '" + type + "'");
  return *found;
}

// Those that are asked for, or all that there are: with one side alone, those that describe it.
std::vector<Applied> applied(const Config &config, bool both_sides, const MethodEntries &entries) {
  std::vector<Applied> out;
  for (const auto &method : config.methods) {
    const auto &entry = entry_of(method.type, entries);
    out.push_back({&entry, Settings(entry.words.parameters, method.settings)});
  }
  if (!config.methods.empty()) return out;
  for (const auto &entry : entries)
    if (!entry.by_name && (both_sides ? compares(entry) : entry.describe != nullptr))
      out.push_back({&entry, Settings(entry.words.parameters, {})});
  return out;
}

// Does it compare what both sides did under the same conditions?
bool by_condition(const MethodEntry &entry) { return compares(entry) && entry.takes != Takes::spikes; }

// Each once, in their order.
void drop_repeated(std::vector<std::string> &notes) {
  std::set<std::string> told;
  std::erase_if(notes, [&](const std::string &note) { return !told.insert(note).second; });
}

// A note says why a method that was asked for cannot be applied. One that nobody asked for is left out in silence. Any
// other error ends the comparison.
template <class Work> void attempt(const MethodEntry &entry, const Call &call, const Work &work) {
  if (call.progress.go_on && !call.progress.go_on()) return;
  auto &out = call.found;
  try {
    work();
  } catch (const measures::NotApplicable &lack) {
    out.lacks.push_back(entry.words.name + ": " + lack.what());
    if (!call.config.methods.empty()) out.notes.push_back(out.lacks.back());
  } catch (const data::DataError &fault) { // of a stimulus or position, which the other methods do without
    out.lacks.push_back(entry.words.name + ": " + fault.what());
    out.notes.push_back(out.lacks.back());
  }
}

void describe_all(const MethodEntry &entry, const Call &call, const std::vector<Area> &areas, bool of_recording) {
  for (const auto &area : areas)
    attempt(entry, call, [&] {
      for (auto &result : entry.describe(call, area)) {
        (of_recording ? result.area : result.region) = area.name;
        if (result.conditions == 0 && entry.takes == Takes::responses) result.conditions = area.condition_count;
        call.found.results.push_back(std::move(result));
      }
    });
}

void compare_all(const MethodEntry &entry, const Call &call) {
  auto &out = call.found;
  if (entry.compare_populations) {
    const auto regions = populations(out.circuits);
    for (const auto &area : populations(out.recordings))
      attempt(entry, call, [&] { entry.compare_populations(call, regions, area); });
    return;
  }
  for (const auto &area : out.recordings)
    for (const auto &region : out.circuits)
      attempt(entry, call, [&] {
        const auto compared = entry.compare(call, region, area);
        out.results.insert(out.results.end(), compared.begin(), compared.end());
      });
}

// Of a method that is asked for in several variants, results and contrasts from these on get the name of theirs.
void name_variants(const MethodEntry &entry, const Method &method, const Config &config, std::size_t results,
                   std::size_t contrasts, Comparison &out) {
  const auto &asked = config.methods;
  const auto alike = [&](const Method &m) { return m.type == method.type; };
  if (std::count_if(asked.begin(), asked.end(), alike) < 2) return;
  for (std::size_t k = results; k < out.results.size(); ++k)
    out.results[k].method = with_variant(entry.words, method, out.results[k].method);
  for (std::size_t k = contrasts; k < out.contrasts.size(); ++k)
    out.contrasts[k].method = with_variant(entry.words, method, out.contrasts[k].method);
}

void apply(const MethodEntry &entry, const Call &call) {
  if (call.progress.say) call.progress.say(entry.words.name);
  auto &out = call.found;
  const bool two_sides = !out.recordings.empty(), asked = !call.config.methods.empty();
  if (entry.describe && (!compares(entry) || !two_sides || asked)) {
    describe_all(entry, call, out.circuits, false);
    describe_all(entry, call, out.recordings, true);
  }
  if (compares(entry) && two_sides) compare_all(entry, call);
  if (!entry.describe && !two_sides && asked) {
    out.lacks.push_back(entry.words.name + ": compares two sides, and there is one");
    out.notes.push_back(out.lacks.back());
  }
}

} // namespace

std::string applies_to(const MethodEntry &entry) {
  const std::string sides = !compares(entry) ? "describes one side"
                            : entry.describe ? "describes one side, compares two"
                                             : "compares two sides";
  return sides + "; takes " +
         (entry.takes == Takes::responses ? "responses by condition"
          : entry.takes == Takes::trials  ? "spike trains; of two sides those of each trial"
                                          : "spike trains of the whole recording") +
         (entry.by_name ? "; only where it is named" : "");
}

Comparison compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
                   const std::vector<std::string> &notes, const Progress &progress, const MethodEntries &entries) {
  Comparison out;
  out.name = config.name;
  out.notes = notes;
  std::vector<const Area *> all;
  for (const auto &area : circuits) all.push_back(&area);
  for (const auto &area : recordings) all.push_back(&area);
  const auto methods = applied(config, !recordings.empty(), entries);
  const bool pairs = std::any_of(methods.begin(), methods.end(), [](const auto &m) { return by_condition(*m.entry); });
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

  for (const auto *side : {&out.circuits, &out.recordings})
    for (const auto &area : *side) tell_missing(area, out.notes);
  for (std::size_t k = 0; k < methods.size(); ++k) {
    const std::size_t results = out.results.size(), contrasts = out.contrasts.size();
    const auto &[entry, settings] = methods[k];
    apply(*entry, {config, settings, progress, out});
    if (k < config.methods.size()) name_variants(*entry, config.methods[k], config, results, contrasts, out);
  }
  drop_repeated(out.notes);
  drop_repeated(out.lacks);
  return out;
}

} // namespace engram::recordings
