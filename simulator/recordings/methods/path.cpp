// path says how an animal moved in its arena.
#include "measures/not_applicable.hpp"
#include "measures/trajectory.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/rate_maps.hpp"
#include "recordings/tables.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_walk(const Call &call, const Area &area) {
  if (!area.covariates.position) throw measures::NotApplicable(area.name + " has no position");
  const Position &position = area.covariates.position(call.found.notes);
  if (position.coordinates != 2) throw measures::NotApplicable(position.name + " has one coordinate; an arena has two");
  const auto arena = arena_of({&position}, call.settings.number("bin"), call.found.notes);
  const auto found =
      measures::describe_path(position.path, arena, call.settings.number("longest"), call.settings.number("wall"));
  const auto &path = position.path;
  TableMaker table("path", area, "path",
                   {"from s", "to s", "samples without position", "steps", "gaps", "least x cm", "greatest x cm",
                    "least y cm", "greatest y cm", "bins", "visited"});
  const arma::vec x = path.x(arma::find_finite(path.x)), y = path.y(arma::find_finite(path.y));
  table.row(position.name,
            {path.time.front() / 1000, path.time.back() / 1000, static_cast<double>(found.unknown_samples),
             static_cast<double>(found.steps), static_cast<double>(found.gaps), x.min(), x.max(), y.min(), y.max(),
             static_cast<double>(found.bins), static_cast<double>(found.visited)});
  call.found.tables.push_back(table.made());
  return {result_of("path.mean_speed_cm_s", found.mean_speed), result_of("path.median_speed_cm_s", found.median_speed),
          result_of("path.share_visited", static_cast<double>(found.visited) / static_cast<double>(found.bins)),
          result_of("path.share_at_wall", found.wall_share)};
}

} // namespace

MethodEntry path_method() {
  return {
      .words = {.name = "path",
                .help = "how the animal moved: speed, bins of the arena that it visited, share of the time at a wall",
                .reference = "",
                .parameters = {positive("bin", "cm", 5, "side of a bin"),
                               positive("longest", "ms", 1000, "step between samples; a longer one is a gap"),
                               positive("wall", "cm", 10, "distance within which the animal is at a wall")}},
      .place = 128,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_walk};
}

} // namespace engram::recordings
