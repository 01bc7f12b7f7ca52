// read_pictures() reads pictures from PNG, JPEG and TIFF files, and from a zip archive of them.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

/// Does the name end as that of a picture (.png, .jpg, .jpeg, .tif, .tiff) or of an archive (.zip)?
bool is_pictures(const std::string &path);

struct Pictures {
  Array array;                    ///< K × rows × columns, or K × rows × columns × 3 (red, green, blue)
  std::vector<std::string> names; ///< K: of the files of an archive, in alphabetical order, or "1", "2", … of the pages
};

/// Values as they are stored: 0 to 255 as bytes, 0 to 65535 as int64. What an alpha channel says is left out. `key`
/// picks one file of an archive. A child process reads (isolated.hpp). Errors: DataError, also for pictures of
/// different sizes, more than 2^29 values, CMYK, and a TIFF that is packed otherwise than by PackBits.
Pictures read_pictures(const std::string &path, const std::string &key = "");

/// K × rows × columns: of colours 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) rounded to a whole value, as Pillow's "L".
/// Errors: DataError for another shape.
Array grey_values(const Array &pictures);

} // namespace engram::data
