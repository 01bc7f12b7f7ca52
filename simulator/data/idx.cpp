// parse_idx() reads the IDX format of MNIST.
#include "data/bytes.hpp"
#include "data/decode.hpp"
#include "data/extent.hpp"
#include "data/idx_header.hpp"
#include "data/parse.hpp"

namespace engram::data {

namespace {

template <class Stored, class Kept> std::vector<Kept> take_idx(std::span<const std::byte> data, std::size_t count) {
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

template <class Stored, class Kept>
decltype(Array::values) kept_idx(std::span<const std::byte> data, std::size_t count) {
  return take_idx<Stored, Kept>(data, count);
}

struct IdxType {
  unsigned type;
  const char *name;
  std::size_t bytes_each;
  decltype(Array::values) (*take)(std::span<const std::byte>, std::size_t);
};

constexpr IdxType idx_types[] = {
    {0x08, "uint8", 1, kept_idx<std::uint8_t, std::uint8_t>},
    {0x09, "int8", 1, kept_idx<std::int8_t, std::int64_t>},
    {0x0b, "int16", 2, kept_idx<std::int16_t, std::int64_t>},
    {0x0c, "int32", 4, kept_idx<std::int32_t, std::int64_t>},
    {0x0d, "float32", 4, kept_idx<float, float>},
    {0x0e, "float64", 8, kept_idx<double, double>},
};

/// Null where there is none of that number.
const IdxType *find_idx_type(unsigned type) {
  for (const IdxType &one : idx_types)
    if (one.type == type) return &one;
  return nullptr;
}

} // namespace

IdxHeader parse_idx_header(std::span<const std::byte> bytes, const std::string &name) {
  if (bytes.size() < 4 || bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
    throw DataError(name + ": not an IDX file");
  IdxHeader header;
  header.type = std::to_integer<unsigned>(bytes[2]);
  const IdxType *type = find_idx_type(header.type);
  if (type == nullptr) throw DataError(name + ": not an IDX file (type " + std::to_string(header.type) + ")");
  header.bytes_each = type->bytes_each;
  const auto axes = std::to_integer<std::size_t>(bytes[3]);
  if (axes == 0 || axes > maximum_axes)
    throw DataError(name + ": " + std::to_string(axes) + " axes, 1 to " + std::to_string(maximum_axes) + " are read");
  header.begins = 4 + 4 * axes;
  if (bytes.size() < header.begins) throw DataError(name + ": ends within the IDX header");
  for (std::size_t a = 0; a < axes; ++a) header.shape.push_back(decode<std::uint32_t>(bytes.data() + 4 + 4 * a, true));
  header.count = count_values(header.shape, header.bytes_each, name);
  return header;
}

IdxHeader read_idx_header(const ByteSource &source, const std::string &name) {
  Bytes bytes(4);
  bytes.resize(source(bytes));
  if (bytes.size() == 4) {
    bytes.resize(4 + 4 * std::to_integer<std::size_t>(bytes[3]));
    bytes.resize(4 + source(std::span(bytes).subspan(4)));
  }
  return parse_idx_header(bytes, name);
}

std::string idx_type(const IdxHeader &header) { return find_idx_type(header.type)->name; }

Array idx_values(std::span<const std::byte> data, const IdxHeader &header, const std::string &name) {
  expect_bytes(header.count * header.bytes_each, data.size(), name);
  Array array;
  array.shape = header.shape;
  array.values = find_idx_type(header.type)->take(data, header.count);
  return array;
}

Array parse_idx(std::span<const std::byte> bytes, const std::string &name) {
  Bytes inflated;
  if (is_gzip(bytes)) {
    // The header says how much there should be, so that a small file cannot unpack into a huge one.
    const IdxHeader header = parse_idx_header(inflate_gzip(bytes, name, idx_header_limit), name);
    inflated = inflate_gzip(bytes, name, header.begins + header.count * header.bytes_each + 1);
    bytes = inflated;
  }
  const IdxHeader header = parse_idx_header(bytes, name);
  return idx_values(bytes.subspan(header.begins), header, name);
}

} // namespace engram::data
