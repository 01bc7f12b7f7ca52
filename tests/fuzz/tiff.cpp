// Any bytes are read by the TIFF decoder into pictures that have as many values as their sizes say, or refused with a
// DataError.
#include "data/pictures/decode_picture.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  try {
    for (const auto &picture : engram::data::decode_tiff({reinterpret_cast<const std::byte *>(data), size}, "input"))
      if (picture.values.size() != picture.height * picture.width * picture.channels) std::abort();
  } catch (const engram::data::DataError &) {
    return 0;
  }
  return 0;
}
