#include "recordings/event_part.hpp"

#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace engram::recordings {

measures::Window Part::of_bin(const Event &event, std::size_t t) const {
  const double from = event.start + first + static_cast<double>(t) * bin;
  return {from, from + bin};
}

namespace {

// By event, the median of its condition, or of all events where the condition has one: of two in the middle the
// greater, so that at least half reach it. Numbers are NaN where an event has none, and so is the median without
// numbers.
std::vector<double> typical(const Events &events, const std::vector<double> &values) {
  const std::size_t all = events.conditions.size();
  std::vector<std::vector<double>> of(all + 1);
  for (std::size_t e = 0; e < values.size(); ++e)
    if (!std::isnan(values[e])) {
      of[events.list[e].condition].push_back(values[e]);
      of[all].push_back(values[e]);
    }
  std::vector<double> median;
  for (auto &those : of) {
    const auto middle = those.begin() + static_cast<std::ptrdiff_t>(those.size() / 2);
    std::nth_element(those.begin(), middle, those.end());
    median.push_back(those.empty() ? std::nan("") : *middle);
  }
  std::vector<double> out;
  for (const auto &event : events.list) out.push_back(median[of[event.condition].size() > 1 ? event.condition : all]);
  return out;
}

std::vector<double> ends_of(const Events &events, double last) {
  std::vector<double> duration, out;
  for (const auto &event : events.list) duration.push_back(event.stop - event.start);
  const auto usual = typical(events, duration);
  for (std::size_t e = 0; e < events.list.size(); ++e) {
    const double slack = measures::rounding_at(events.list[e].stop);
    const bool soon = duration[e] < last - slack && (duration[e] < usual[e] / 2 || usual[e] >= last - slack);
    out.push_back(soon || events.independent ? events.list[e].stop : std::numeric_limits<double>::infinity());
  }
  return out;
}

// Which part most events have, where nobody asks for one.
struct Usual {
  double first = 0, last = 0;
  bool seen = false; ///< was any event?
  bool whole = true; ///< were most of them from beginning to end?
  bool alike = true; ///< do all have it, and no more?
};

Usual usual_part(const Events &events, const Seen &seen) {
  std::vector<measures::Window> windows;
  for (const auto *one : seen.watched) windows.insert(windows.end(), one->begin(), one->end());
  const auto any = measures::joined(std::move(windows));
  const std::size_t count = events.list.size();
  std::vector<double> whole(count, std::nan("")), part = whole, from = whole, to = whole; // ms
  std::size_t wholes = 0, parts = 0;
  for (std::size_t e = 0; e < count; ++e) {
    const measures::Window window{events.list[e].start, events.list[e].stop};
    if (!(window.duration() > 0)) continue; // it is a moment, or ends nobody knows when
    const auto those = measures::seen_part(any, window);
    if (!(those.duration() > 0)) continue;
    part[e] = those.duration();
    from[e] = those.start - window.start;
    to[e] = those.stop - window.start;
    ++parts;
    if (!measures::covers(any, window, std::max(seen.slack, measures::rounding_at(window.stop)))) continue;
    whole[e] = window.duration();
    ++wholes;
  }
  Usual out;
  out.seen = parts > 0;
  out.whole = 2 * wholes >= parts;
  const auto &lengths = out.whole ? whole : part;
  const auto median = typical(events, lengths);
  out.last = std::numeric_limits<double>::infinity();
  double longest = 0;
  for (std::size_t e = 0; e < count; ++e) {
    if (std::isnan(lengths[e]) || lengths[e] < median[e] / 2) continue;
    out.first = std::max(out.first, out.whole ? 0 : from[e]);
    out.last = std::min(out.last, out.whole ? whole[e] : to[e]);
    longest = std::max(longest, out.whole ? whole[e] : to[e]);
  }
  out.alike = longest - out.last <= measures::rounding_at(events.list.back().start);
  return out;
}

// How the part was found, and which events end before it does.
void tell_part(const Events &events, const Part &part, const Source &source, const Usual *usual, const Seen &seen,
               std::vector<std::string> &notes) {
  std::vector<std::size_t> soon;
  for (std::size_t e = 0; e < events.list.size(); ++e)
    if (part.ends[e] < events.list[e].start + part.last - measures::rounding_at(part.ends[e]))
      soon.push_back(events.list[e].row);
  if (usual && (!usual->alike || !usual->whole || !soon.empty()))
    notes.push_back(
        fmt::format("{}: of each event {:.6g} to {:.6g} ms are taken of {}: {}; another part can be asked for "
                    "('window')",
                    source.file, part.first, part.last, seen.what,
                    usual->whole ? "as long as the shortest that is at least half as long as the median of its "
                                   "condition"
                                 : "most were observed in that part alone"));
  if (!soon.empty())
    notes.push_back(fmt::format("{}: {} of {} events {} within {:.6g} ms, and {} missing beyond: {}", source.file,
                                soon.size(), events.list.size(), soon.size() == 1 ? "ends" : "end", part.last,
                                soon.size() == 1 ? "is" : "are", named_rows(soon)));
}

} // namespace

std::optional<Part> part_of(const Events &events, const Source &source, const Seen &seen,
                            std::vector<std::string> &notes) {
  Part out;
  std::optional<Usual> usual;
  if (source.start && source.stop) {
    out.first = *source.start;
    out.last = *source.stop;
  } else {
    usual = usual_part(events, seen);
    out.first = usual->first;
    out.last = usual->last;
    const bool moments = std::none_of(events.list.begin(), events.list.end(),
                                      [](const Event &event) { return event.stop > event.start; });
    if (moments) refuse(source, "window", "the events have no duration: say from when to when");
    if (!usual->seen) return std::nullopt;
    if (!(out.last > out.first))
      refuse(source, "window", "events were observed in parts that have nothing in common: say from when to when");
  }
  out.bin = source.bin.value_or(out.last - out.first);
  out.bins = static_cast<std::size_t>((out.last - out.first) / out.bin * (1 + 1e-9));
  if (out.bins == 0) refuse(source, "bin", "is longer than the window");
  out.ends = ends_of(events, out.last);
  tell_part(events, out, source, usual ? &*usual : nullptr, seen, notes);
  return out;
}

bool is_seen(const Events &events, const Part &part, std::size_t e, std::size_t t,
             const measures::Observation &observed, double slack) {
  const Event &event = events.list[e];
  const auto bin = part.of_bin(event, t);
  const double least = std::max(slack, measures::rounding_at(bin.stop));
  if (bin.stop > part.ends[e] + least) return false;
  if (events.independent && bin.start < event.start - least) return false;
  return measures::covers(observed, bin, least);
}

void keep_seen(Events &events, Part &part, const Source &source, const Seen &seen, std::vector<std::string> &notes) {
  const auto any_bin = [&](std::size_t e) {
    for (const auto *observed : seen.watched)
      for (std::size_t t = 0; t < part.bins; ++t)
        if (is_seen(events, part, e, t, *observed, seen.slack)) return true;
    return false;
  };
  const auto conditions = events.conditions;
  std::vector<std::string> names;
  std::vector<Event> kept;
  std::vector<double> ends;
  for (std::size_t e = 0; e < events.list.size(); ++e) {
    if (!any_bin(e)) continue;
    kept.push_back(events.list[e]);
    ends.push_back(part.ends[e]);
    names.push_back(conditions[events.list[e].condition]);
  }
  const std::size_t lost = events.list.size() - kept.size();
  events.list = std::move(kept);
  part.ends = std::move(ends);
  number_events(events, names);
  if (lost == 0) return;
  const std::set<std::string> left(events.conditions.begin(), events.conditions.end());
  std::vector<std::string> without;
  for (const auto &condition : conditions)
    if (!left.contains(condition)) without.push_back(condition);
  std::string note = fmt::format("{}: {} of {} events are left out: nothing of {} was observed in them", source.file,
                                 lost, lost + events.list.size(), seen.what);
  if (!without.empty())
    note += fmt::format("; {} of {} conditions go with them, as they have no other event: '{}' is one", without.size(),
                        conditions.size(), without.front());
  notes.push_back(note);
}

} // namespace engram::recordings
