// luminance() turns pictures into stimuli.
#pragma once

#include "data/array.hpp"

namespace engram::data {

/// Luminance of K pictures on a grid of `height` × `width`, row by row: K × (height · width), in the unit of the input.
/// `pictures`: K × rows × columns, or K × rows × columns × 3 (red, green, blue). Luminance is 0.299 R + 0.587 G + 0.114
/// B (ITU-R BT.601); a point of the grid is the mean over the area that it covers. Errors: DataError for another shape.
Array luminance(const Array &pictures, std::size_t height, std::size_t width);

} // namespace engram::data
