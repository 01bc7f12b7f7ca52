// This header makes exp, tanh and so on available in vector form (within 4 units in the last place), for loops under
// `#pragma omp simd`.
//
// glibc declares them in <math.h> where __FAST_MATH__ is defined. -ffast-math itself loses NaN, so it is not used.
// Other headers change with the macro too (Armadillo sums in another order), so it is defined for <math.h> alone.
// Include this header first: <math.h> is read only once.
#pragma once

#include <version> // the settings of the standard library, which are to stay as they are

#ifdef _MATH_H
#error "dynamics/vector_math.hpp must stand before every header that includes <math.h>"
#endif
#ifdef __FAST_MATH__
#include <math.h>
#else
#define __FAST_MATH__ 1
#include <math.h>
#undef __FAST_MATH__
#endif
