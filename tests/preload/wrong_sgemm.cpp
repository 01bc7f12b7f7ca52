// This library, for $LD_PRELOAD, makes sgemm wrong with the OpenBLAS kernel $WRONG_KERNEL, or with all of them.
#include <cblas.h>

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

extern "C" void cblas_sgemm(CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                            float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta, float *c,
                            blasint ldc) {
  const auto right = reinterpret_cast<decltype(&cblas_sgemm)>(dlsym(RTLD_NEXT, "cblas_sgemm"));
  right(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  const char *wrong = std::getenv("WRONG_KERNEL");
  if (wrong && (std::strcmp(wrong, "all") == 0 || std::strcmp(wrong, openblas_get_corename()) == 0)) c[0] += 1;
}
