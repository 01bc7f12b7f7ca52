// check_within_region() is the check of patterns that join the neurons of one region.
#pragma once

#include "input/document.hpp"
#include "model/model.hpp"

#include <fmt/format.h>

namespace engram::network::patterns {

inline void check_within_region(const model::Projection &projection, const model::Model &model,
                                input::Problems &problems) {
  if (projection.from.region == projection.to.region) return;
  problems.add(projection.pointer + "/connect",
               fmt::format("{} joins the neurons of one region, and '{}' is not '{}'", projection.connect.type,
                           model.regions[projection.from.region].name, model.regions[projection.to.region].name));
}

} // namespace engram::network::patterns
