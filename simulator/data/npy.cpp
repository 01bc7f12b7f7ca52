// parse_npy() reads the values of a NumPy .npy file into row-major order.
#include "data/decode.hpp"
#include "data/extent.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"

#include <limits>

namespace engram::data {

namespace {

/// Calls `place(from, to)` for every value, with its place in the file and in row-major order.
template <class F> void each_value(const NpyHeader &header, F place) {
  const std::size_t axes = header.shape.size();
  if (!header.fortran_order || axes < 2) {
    for (std::size_t i = 0; i < header.count; ++i) place(i, i);
    return;
  }
  if (header.count == 0) return;
  std::vector<std::size_t> stride(axes), index(axes, 0); // stride: step in the file along an axis
  stride[0] = 1;
  for (std::size_t a = 1; a < axes; ++a) stride[a] = stride[a - 1] * header.shape[a - 1];
  for (std::size_t to = 0, from = 0; to < header.count; ++to) {
    place(from, to);
    for (std::size_t a = axes; a-- > 0;) { // the last axis is the fastest in row-major order
      from += stride[a];
      if (++index[a] < header.shape[a]) break;
      from -= stride[a] * header.shape[a];
      index[a] = 0;
    }
  }
}

template <class Stored, class Kept>
void take(std::span<const std::byte> bytes, const NpyHeader &header, const std::string &name, Array &array) {
  std::vector<Kept> values(header.count);
  const bool in_order = !header.fortran_order || header.shape.size() < 2;
  const bool native = header.big_endian == (std::endian::native == std::endian::big);
  if (std::is_same_v<Stored, Kept> && in_order && (native || sizeof(Stored) == 1)) {
    if (header.count != 0) std::memcpy(values.data(), bytes.data(), header.count * sizeof(Stored));
  } else {
    each_value(header, [&](std::size_t from, std::size_t to) {
      const Stored value = decode<Stored>(bytes.data() + from * sizeof(Stored), header.big_endian);
      if constexpr (std::is_same_v<Stored, Half>) {
        values[to] = half_to_float(value.bits);
      } else {
        if constexpr (std::is_same_v<Stored, std::uint64_t>)
          if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            throw DataError(name + ": holds " + std::to_string(value) + ", integers above 2^63 - 1 are not read");
        values[to] = static_cast<Kept>(value); // NOLINT(bugprone-signed-char-misuse): an int8 keeps its sign
      }
    });
  }
  if (header.kind == 'b')
    for (Kept &value : values) value = static_cast<Kept>(value != 0);
  array.values = std::move(values);
}

} // namespace

std::size_t npy_place(const NpyHeader &header, std::size_t value) {
  if (!header.fortran_order) return value;
  std::size_t stride = header.count, place = 0; // stride: step in the file along an axis
  for (std::size_t a = header.shape.size(); a-- > 0; value /= header.shape[a]) {
    stride /= header.shape[a];
    place += value % header.shape[a] * stride;
  }
  return place;
}

Array npy_values(std::span<const std::byte> data, const NpyHeader &header, const std::string &name) {
  expect_bytes(header.count * header.bytes_each, data.size(), name);
  Array array;
  array.shape = header.shape;
  using Take = void (*)(std::span<const std::byte>, const NpyHeader &, const std::string &, Array &);
  struct Choice {
    char kind;
    std::size_t bytes_each;
    Take take;
  };
  constexpr Choice choices[] = {
      {'b', 1, take<std::uint8_t, std::uint8_t>},
      {'u', 1, take<std::uint8_t, std::uint8_t>},
      {'u', 2, take<std::uint16_t, std::int64_t>},
      {'u', 4, take<std::uint32_t, std::int64_t>},
      {'u', 8, take<std::uint64_t, std::int64_t>},
      {'i', 1, take<std::int8_t, std::int64_t>},
      {'i', 2, take<std::int16_t, std::int64_t>},
      {'i', 4, take<std::int32_t, std::int64_t>},
      {'i', 8, take<std::int64_t, std::int64_t>},
      {'f', 2, take<Half, float>},
      {'f', 4, take<float, float>},
      {'f', 8, take<double, double>},
  };
  for (const Choice &choice : choices)
    if (choice.kind == header.kind && choice.bytes_each == header.bytes_each) {
      choice.take(data, header, name, array);
      return array;
    }
  throw DataError(name + ": values of this type are not read");
}

Array parse_npy(std::span<const std::byte> bytes, const std::string &name) {
  const NpyHeader header = parse_npy_header(bytes, name);
  return npy_values(bytes.subspan(header.data_begins), header, name);
}

} // namespace engram::data
