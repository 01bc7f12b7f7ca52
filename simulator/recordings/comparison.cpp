#include "recordings/comparison.hpp"

#include "data/array.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/watch.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/variant.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>

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
bool by_condition(const MethodEntry &entry) {
  return compares(entry) && (entry.takes == Takes::responses || entry.takes == Takes::trials);
}

template <class T> void append_all(std::vector<T> &to, std::vector<T> &from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Those that are not there yet.
void add_new(std::vector<std::string> &to, const std::vector<std::string> &from) {
  for (const auto &line : from)
    if (std::find(to.begin(), to.end(), line) == to.end()) to.push_back(line);
}

// Those of a region that is compared with several areas come with each of them, and are kept once.
void add_matrices(std::vector<Table> &to, std::vector<Table> &from) {
  for (auto &table : from) {
    const bool there = std::any_of(to.begin(), to.end(), [&](const Table &other) {
      return other.method == table.method && other.area == table.area && other.rows == table.rows &&
             std::equal(other.values.begin(), other.values.end(), table.values.begin(), table.values.end(),
                        [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
    });
    if (!there) to.push_back(std::move(table));
  }
}

// What a part gave, without areas and conditions.
void add_found(Comparison &to, Comparison &part) {
  append_all(to.results, part.results);
  append_all(to.contrasts, part.contrasts);
  append_all(to.fields, part.fields);
  append_all(to.maps, part.maps);
  append_all(to.fits, part.fits);
  append_all(to.tables, part.tables);
  add_matrices(to.matrices, part.matrices);
  add_new(to.notes, part.notes);
  add_new(to.lacks, part.lacks);
}

// Of a method that is asked for in several variants, results, matrices and contrasts get the name of theirs.
void name_variants(const MethodEntry &entry, const Method &method, const Config &config, Comparison &part) {
  const auto &asked = config.methods;
  const auto alike = [&](const Method &m) { return m.type == method.type; };
  if (std::count_if(asked.begin(), asked.end(), alike) < 2) return;
  for (auto &result : part.results) result.method = with_variant(entry.words, method, result.method);
  for (auto &matrix : part.matrices) matrix.method = with_variant(entry.words, method, matrix.method);
  for (auto &contrast : part.contrasts) contrast.method = with_variant(entry.words, method, contrast.method);
}

// One method of one area, or of a pair. A note says why a method that was asked for cannot be applied. One that nobody
// asked for is left out in silence. Any other error ends the comparison.
struct WorkPart {
  const Applied *applied;
  const Method *asked; // null: nobody asked for it
  std::function<void(const Call &)> work;
};

void attempt(const WorkPart &part, const Call &call) {
  const auto &words = part.applied->entry->words;
  auto &out = call.found;
  try {
    part.work(call);
  } catch (const measures::NotApplicable &lack) {
    out.lacks.push_back(words.name + ": " + lack.what());
    if (part.asked) out.notes.push_back(out.lacks.back());
  } catch (const data::DataError &fault) { // of a stimulus or position, which the other methods do without
    out.lacks.push_back(words.name + ": " + fault.what());
    out.notes.push_back(out.lacks.back());
  }
}

std::vector<Result> described(const MethodEntry &entry, const Call &call, const Area &area, bool of_recording) {
  auto results = entry.describe(call, area);
  for (auto &result : results) {
    (of_recording ? result.area : result.region) = area.name;
    if (result.conditions == 0 && entry.takes == Takes::responses) result.conditions = area.condition_count;
  }
  return results;
}

// The parts of a method, in their order. `whole` outlives them.
void add_parts(const Applied &applied, const Method *asked, const Comparison &whole, std::vector<WorkPart> &parts) {
  const MethodEntry &entry = *applied.entry;
  const auto part = [&](std::function<void(const Call &)> work) {
    parts.push_back({&applied, asked, std::move(work)});
  };
  const bool two_sides = !whole.recordings.empty();
  if (entry.describe && (!compares(entry) || !two_sides || asked))
    for (const auto *side : {&whole.circuits, &whole.recordings})
      for (const auto &area : *side)
        part([&entry, &area, of_recording = side == &whole.recordings](const Call &call) {
          call.found.results = described(entry, call, area, of_recording);
          for (auto &matrix : call.found.matrices) matrix.area = side_name(of_recording, matrix.area);
        });
  if (!entry.describe && !two_sides && asked)
    part([](const Call &) { throw measures::NotApplicable("compares two sides, and there is one"); });
  if (!compares(entry) || !two_sides) return;
  if (entry.compare_populations) {
    for (const auto &area : populations(whole.recordings))
      part([&entry, &whole, area](const Call &call) {
        entry.compare_populations(call, populations(whole.circuits), area);
      });
    return;
  }
  for (const auto &area : whole.recordings)
    for (const auto &region : whole.circuits)
      part([&entry, &area, &region](const Call &call) {
        auto results = entry.compare(call, region, area);
        append_all(call.found.results, results);
      });
}

// Says a step before the part, and while its loops go on.
void run_part(const WorkPart &part, const Config &config, const Progress &progress, Step step, Growing &to) {
  const auto say = [&](std::size_t done, std::size_t all) {
    step.within = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0;
    if (progress.say) progress.say(step);
  };
  say(0, 1);
  const numeric::Watch watch(say);
  Comparison own;
  own.conditions = to.found.conditions; // for notes
  attempt(part, {config, part.applied->settings, progress, own});
  if (part.asked) name_variants(*part.applied->entry, *part.asked, config, own);
  const std::lock_guard lock(to.mutex);
  add_found(to.found, own);
}

// The areas of both sides, with the conditions that all have where a method needs them.
void take_sides(const std::vector<Area> &circuits, const std::vector<Area> &recordings,
                const std::vector<Applied> &methods, Comparison &out) {
  std::vector<const Area *> all;
  for (const auto &area : circuits) all.push_back(&area);
  for (const auto &area : recordings) all.push_back(&area);
  const bool pairs = std::any_of(methods.begin(), methods.end(), [](const auto &m) { return by_condition(*m.entry); });
  if (pairs && !recordings.empty()) {
    const auto matching = match(all);
    if (!matching.note.empty()) add_new(out.notes, {matching.note});
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
    for (const auto &area : *side) {
      std::vector<std::string> missing;
      tell_missing(area, missing);
      add_new(out.notes, missing);
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
          : entry.takes == Takes::signals ? "spike trains or time series of the whole recording"
                                          : "spike trains of the whole recording") +
         (entry.by_name ? "; only where it is named" : "");
}

void compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
             const std::vector<std::string> &notes, const Progress &progress, Growing &to,
             const MethodEntries &entries) {
  Comparison &out = to.found;
  const auto methods = applied(config, !recordings.empty(), entries);
  std::vector<WorkPart> parts;
  {
    const std::lock_guard lock(to.mutex);
    out.name = config.name;
    add_new(out.notes, notes);
    take_sides(circuits, recordings, methods, out);
    for (std::size_t k = 0; k < methods.size(); ++k)
      add_parts(methods[k], k < config.methods.size() ? &config.methods[k] : nullptr, out, parts);
  }
  for (std::size_t k = 0; k < parts.size() && (!progress.go_on || progress.go_on()); ++k)
    run_part(parts[k], config, progress, {parts[k].applied->entry->words.name, k, parts.size()}, to);
}

Comparison compare(const Config &config, const std::vector<Area> &circuits, const std::vector<Area> &recordings,
                   const std::vector<std::string> &notes, const Progress &progress, const MethodEntries &entries) {
  Growing out;
  compare(config, circuits, recordings, notes, progress, out, entries);
  return std::move(out.found);
}

} // namespace engram::recordings
