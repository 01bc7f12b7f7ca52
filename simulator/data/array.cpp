#include "data/array.hpp"

#include <type_traits>

namespace engram::data {

std::size_t Array::size() const {
  return std::visit([](const auto &v) { return v.size(); }, values);
}

std::size_t Array::rows() const { return shape.empty() ? 0 : shape[0]; }

std::size_t Array::row_size() const {
  const std::size_t count = rows();
  return count == 0 ? 0 : size() / count;
}

double Array::at(std::size_t index) const {
  return std::visit([index](const auto &v) { return static_cast<double>(v.at(index)); }, values);
}

template <class T> void Array::gather(const std::vector<std::size_t> &which, double scale, T *out) const {
  gather(which, 0, row_size(), scale, out);
}

template <class T>
void Array::gather(const std::vector<std::size_t> &which, std::size_t first, std::size_t width, double scale,
                   T *out) const {
  const std::size_t count = rows(), whole = row_size();
  if (first + width > whole)
    throw std::out_of_range("values " + std::to_string(first) + " to " + std::to_string(first + width) +
                            " of a row of " + std::to_string(whole));
  std::visit(
      [&](const auto &v) {
        using Value = typename std::decay_t<decltype(v)>::value_type;
        // Bytes and floats fit the scalar that they are asked for; wide values are scaled before they are narrowed.
        constexpr bool narrow = std::is_same_v<Value, std::uint8_t> || std::is_same_v<Value, float>;
        using Work = std::conditional_t<narrow, T, double>;
        const Work factor = static_cast<Work>(scale);
        for (const std::size_t row : which) {
          if (row >= count) throw std::out_of_range("row " + std::to_string(row) + " of " + std::to_string(count));
          const Value *in = v.data() + row * whole + first; // may be bytes, which might alias anything; these do not
#pragma omp simd
          for (std::size_t i = 0; i < width; ++i) out[i] = static_cast<T>(factor * static_cast<Work>(in[i]));
          out += width;
        }
      },
      values);
}

template void Array::gather<float>(const std::vector<std::size_t> &, double, float *) const;
template void Array::gather<double>(const std::vector<std::size_t> &, double, double *) const;
template void Array::gather<float>(const std::vector<std::size_t> &, std::size_t, std::size_t, double, float *) const;
template void Array::gather<double>(const std::vector<std::size_t> &, std::size_t, std::size_t, double, double *) const;

} // namespace engram::data
