// part_of() says which part of each event is looked at, and is_seen() whether it was observed.
#pragma once

#include "measures/observation.hpp"
#include "recordings/gather_events.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

/// What can be seen, and how it is called in notes.
struct Seen {
  std::string what;                                   ///< "units", or the path of a series
  std::vector<const measures::Observation *> watched; ///< of its parts: units that were watched at other times
  double slack = measures::rounding;                  ///< ms that may be missing at an end: a sample of a series
};

/// The part of each event that is looked at, in bins.
struct Part {
  double first = 0, last = 0, bin = 0; ///< ms from the event's beginning
  std::size_t bins = 1;
  std::vector<double> ends; ///< by event: until when it counts, in ms of the recording

  /// Bin t of an event, in ms of the recording.
  measures::Window of_bin(const Event &event, std::size_t t) const;
};

/// The part that the source asks for. Else, where most events were observed from beginning to end, it is as long as the
/// shortest of these that lasts at least half as long as the median of its condition (of all events, where the
/// condition has one). Where most were observed in part, it is the part that all of those have of which at least half
/// as much as of the median was observed. Nothing where no event was observed.
///
/// A trial of a run ends with the next. An event of a recording ends where the table says so if it was cut short: if it
/// lasts less than half as long as the median of its condition, or ends within the part where at least half of its
/// condition do not. Other events are followed beyond their end, where the part goes on.
///
/// Notes say what was assumed, and which events end too soon. Errors: input::InputError where events have no duration,
/// or bins do not fit.
std::optional<Part> part_of(const Events &events, const Source &source, const Seen &seen,
                            std::vector<std::string> &notes);

/// Can bin t of event e be had from what was observed so?
bool is_seen(const Events &events, const Part &part, std::size_t e, std::size_t t,
             const measures::Observation &observed, double slack);

/// Leaves out the events of which no bin was observed, with a note; repeats are numbered anew.
void keep_seen(Events &events, Part &part, const Source &source, const Seen &seen, std::vector<std::string> &notes);

} // namespace engram::recordings
