// Any bytes are read by the npy parser into an array whose shape and values agree, or refused with a DataError.
#include "data/parse.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  try {
    const auto array = engram::data::parse_npy({reinterpret_cast<const std::byte *>(data), size}, "input");
    std::size_t product = 1;
    for (const std::size_t axis : array.shape) product *= axis;
    if (product != array.size()) std::abort();
  } catch (const engram::data::DataError &) {
    return 0;
  }
  return 0;
}
