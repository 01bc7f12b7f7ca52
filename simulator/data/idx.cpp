// parse_idx() reads the IDX format of MNIST.
#include "data/bytes.hpp"
#include "data/decode.hpp"
#include "data/extent.hpp"
#include "data/parse.hpp"

namespace engram::data {

namespace {

struct IdxHeader {
  unsigned type = 0;          ///< 0x08 … 0x0e, the third byte
  std::size_t bytes_each = 0; ///< of one value
  std::size_t begins = 0;     ///< offset of the first value
  std::size_t count = 0;      ///< number of values
  std::vector<std::size_t> shape;
};

constexpr std::size_t header_limit = 4 + 4 * maximum_axes;

IdxHeader parse_header(std::span<const std::byte> bytes, const std::string &name) {
  if (bytes.size() < 4 || bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
    throw DataError(name + ": not an IDX file");
  IdxHeader header;
  header.type = std::to_integer<unsigned>(bytes[2]);
  switch (header.type) {
  case 0x08:
  case 0x09:
    header.bytes_each = 1;
    break;
  case 0x0b:
    header.bytes_each = 2;
    break;
  case 0x0c:
  case 0x0d:
    header.bytes_each = 4;
    break;
  case 0x0e:
    header.bytes_each = 8;
    break;
  default:
    throw DataError(name + ": not an IDX file (type " + std::to_string(header.type) + ")");
  }
  const auto axes = std::to_integer<std::size_t>(bytes[3]);
  if (axes == 0 || axes > maximum_axes)
    throw DataError(name + ": " + std::to_string(axes) + " axes, 1 to " + std::to_string(maximum_axes) + " are read");
  header.begins = 4 + 4 * axes;
  if (bytes.size() < header.begins) throw DataError(name + ": ends within the IDX header");
  for (std::size_t a = 0; a < axes; ++a) header.shape.push_back(decode<std::uint32_t>(bytes.data() + 4 + 4 * a, true));
  header.count = count_values(header.shape, header.bytes_each, name);
  return header;
}

template <class Stored, class Kept> std::vector<Kept> take(std::span<const std::byte> data, std::size_t count) {
  std::vector<Kept> values(count);
  if (std::is_same_v<Stored, Kept> && sizeof(Stored) == 1) {
    if (count != 0) std::memcpy(values.data(), data.data(), count);
  } else {
    for (std::size_t i = 0; i < count; ++i)
      // NOLINTNEXTLINE(bugprone-signed-char-misuse): a stored int8 is a number, and keeps its sign
      values[i] = static_cast<Kept>(decode<Stored>(data.data() + i * sizeof(Stored), true));
  }
  return values;
}

} // namespace

Array parse_idx(std::span<const std::byte> bytes, const std::string &name) {
  Bytes inflated;
  if (is_gzip(bytes)) {
    // The header says how much there should be, so that a small file cannot unpack into a huge one.
    const IdxHeader header = parse_header(inflate_gzip(bytes, name, header_limit), name);
    inflated = inflate_gzip(bytes, name, header.begins + header.count * header.bytes_each + 1);
    bytes = inflated;
  }
  const IdxHeader header = parse_header(bytes, name);
  const auto data = bytes.subspan(header.begins);
  expect_bytes(header.count * header.bytes_each, data.size(), name);

  Array array;
  array.shape = header.shape;
  switch (header.type) {
  case 0x08:
    array.values = take<std::uint8_t, std::uint8_t>(data, header.count);
    break;
  case 0x09:
    array.values = take<std::int8_t, std::int64_t>(data, header.count);
    break;
  case 0x0b:
    array.values = take<std::int16_t, std::int64_t>(data, header.count);
    break;
  case 0x0c:
    array.values = take<std::int32_t, std::int64_t>(data, header.count);
    break;
  case 0x0d:
    array.values = take<float, float>(data, header.count);
    break;
  default:
    array.values = take<double, double>(data, header.count);
    break;
  }
  return array;
}

} // namespace engram::data
