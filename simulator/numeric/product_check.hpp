// wrong_product() tries the BLAS: it compares products with plain loops, and puts solutions back into their equations.
// Builds of OpenBLAS have computed wrong results on some processors, and nothing else would reveal it.
#pragma once

#include <string>

namespace engram::numeric {

/// The products that are tried: those that product.cpp and the measures call. Column-major, as cblas.h declares them.
struct Products {
  using Int = int;
  void (*sgemm)(bool ta, bool tb, Int m, Int n, Int k, float alpha, const float *a, Int lda, const float *b, Int ldb,
                float beta, float *c, Int ldc);
  void (*dgemm)(bool ta, bool tb, Int m, Int n, Int k, double alpha, const double *a, Int lda, const double *b, Int ldb,
                double beta, double *c, Int ldc);
  void (*sgemv)(bool ta, Int m, Int n, float alpha, const float *a, Int lda, const float *x, float beta, float *y);
  void (*dgemv)(bool ta, Int m, Int n, double alpha, const double *a, Int lda, const double *x, double beta, double *y);
  void (*sger)(Int m, Int n, float alpha, const float *x, const float *y, float *a, Int lda);
  void (*dger)(Int m, Int n, double alpha, const double *x, const double *y, double *a, Int lda);
  void (*dsyrk)(Int n, Int k, double alpha, const double *a, Int lda, double beta, double *c, Int ldc); // lower, A Aᵀ
};
/// Those of the BLAS in use.
Products blas_products();

/// quick: a millisecond. thorough: larger products too, which are cut into blocks, and the decompositions that LAPACK
/// makes of them; a tenth of a second or so.
enum class ProductCheck { quick, thorough };

/// The first product or solution that is wrong, in words; empty when all are right. A value is wrong when it is farther
/// from the sum in double precision than rounding can take it: 4 (K + 2) ε Σ|a||b| (Higham 2002, Accuracy and Stability
/// of Numerical Algorithms, 3.5). So are values outside the result that were written, and NaN in a result that beta = 0
/// was to overwrite.
std::string wrong_product(ProductCheck extent, const Products &products = blas_products());

} // namespace engram::numeric
