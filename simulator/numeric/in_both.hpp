// InBoth holds something in single and in double precision.
#pragma once

#include <type_traits>

namespace engram::numeric {

/// {make_it<float>, make_it<double>}, for example.
template <template <class> class Thing> struct InBoth {
  Thing<float> single{};
  Thing<double> twice{};
  template <class T> const Thing<T> &of() const {
    if constexpr (std::is_same_v<T, float>)
      return single;
    else
      return twice;
  }
};

} // namespace engram::numeric
