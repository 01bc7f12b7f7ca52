// These tests check the BLAS kernel in use, and the trial that a wrong kernel fails. OpenBLAS's driver/others/dynamic.c
// (versions 0.3.0 to 0.3.29) says which kernel belongs to which processor.
#include "numeric/blas_kernel.hpp"

#include "catch.hpp"
#include "numeric/processor.hpp"
#include "numeric/product_check.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

using namespace engram;
using namespace engram::numeric;

namespace {

// Faults that builds of BLAS have had: rows left over after whole registers, terms left over, beta = 0 taken as a
// product with what was there, a transposed operand taken as it lies, results written past their end.
void lost_row(bool ta, bool tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
              float beta, float *c, int ldc) {
  numeric::blas_products().sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (m % 16 == 1 && m > 16) c[m - 1] *= 1.01f;
}
void lost_term(bool ta, bool tb, int m, int n, int k, double alpha, const double *a, int lda, const double *b, int ldb,
               double beta, double *c, int ldc) {
  numeric::blas_products().dgemm(ta, tb, m, n, k > 384 ? k - 1 : k, alpha, a, lda, b, ldb, beta, c, ldc);
}
void kept_nan(bool ta, bool tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
              float beta, float *c, int ldc) {
  const float held = c[0];
  numeric::blas_products().sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (beta == 0 && held != held) c[0] = held;
}
void one_past(bool ta, bool tb, int m, int n, int k, double alpha, const double *a, int lda, const double *b, int ldb,
              double beta, double *c, int ldc) {
  numeric::blas_products().dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (ldc > m) c[m] = 0;
}
void last_wrong(bool ta, int m, int n, float alpha, const float *a, int lda, const float *x, float beta, float *y) {
  numeric::blas_products().sgemv(ta, m, n, alpha, a, lda, x, beta, y);
  if (ta) y[n - 1] += 0.5f;
}
void halved(int n, int k, double alpha, const double *a, int lda, double beta, double *c, int ldc) {
  numeric::blas_products().dsyrk(n, k, alpha / 2, a, lda, beta, c, ldc);
}

std::string flags_of_first_processor() {
  std::ifstream list("/proc/cpuinfo");
  for (std::string line; std::getline(list, line);)
    if (line.rfind("flags", 0) == 0) return " " + line.substr(line.find(':') + 1) + " ";
  return {};
}

bool same(std::string a, std::string b) {
  for (auto *text : {&a, &b}) std::transform(text->begin(), text->end(), text->begin(), ::tolower);
  return a == b;
}

} // namespace

TEST_CASE("the products of the kernel in use are right", "[numeric]") {
  CHECK(numeric::wrong_product(numeric::ProductCheck::quick) == "");
  CHECK(numeric::wrong_product(numeric::ProductCheck::thorough) == "");
  CHECK_NOTHROW(numeric::require_right_products());
}

TEST_CASE("a wrong product does not pass", "[numeric]") {
  const auto verdict = [](auto spoil) {
    auto products = numeric::blas_products();
    spoil(products);
    return numeric::wrong_product(numeric::ProductCheck::quick, products);
  };
  CHECK(verdict([](numeric::Products &p) { p.sgemm = lost_row; }).find("sgemm of 33 × 9 × 17") == 0);
  CHECK(verdict([](numeric::Products &p) { p.dgemm = lost_term; }).find("dgemm") == 0);
  CHECK(verdict([](numeric::Products &p) { p.sgemm = kept_nan; }).find("sgemm of 1 × 1 × 1: nan for") == 0);
  CHECK(verdict([](numeric::Products &p) { p.dgemm = one_past; }).find("it writes outside its result") !=
        std::string::npos);
  CHECK(verdict([](numeric::Products &p) { p.sgemv = last_wrong; }).find("sgemv of 37 × 66, transposed") == 0);
  CHECK(verdict([](numeric::Products &p) { p.dsyrk = halved; }).find("dsyrk") == 0);
}

TEST_CASE("what the processor can compute with is what the system says of it", "[numeric]") {
  const auto flags = flags_of_first_processor();
  if (flags.empty()) return; // another system, or another processor than x86
  const auto has = [&](const std::string &flag) { return flags.find(" " + flag + " ") != std::string::npos; };
  auto expected = numeric::Vectors::sse;
  if (has("avx")) expected = numeric::Vectors::avx;
  if (has("avx2") && has("fma")) expected = numeric::Vectors::avx2;
  if (expected == numeric::Vectors::avx2 && has("avx512f") && has("avx512cd") && has("avx512dq") && has("avx512bw") &&
      has("avx512vl"))
    expected = numeric::Vectors::avx512;
  CHECK(numeric::vectors_of_processor() == expected);
  const auto features = processor().features;
  CHECK((std::find(features.begin(), features.end(), "avx2") != features.end()) == has("avx2"));
}

TEST_CASE("the kernel in use is one for the vectors of the processor, or the user's own", "[numeric]") {
  const auto kernel = blas_kernel();
  INFO(kernel.name << ", by itself " << kernel.own << ", asked for " << kernel.asked << "; " << kernel.refused);
  CHECK(kernel.library.rfind("OpenBLAS 0.", 0) == 0);
  if (kernel.chosen_by == numeric::BlasKernel::Chooser::user) {
    CHECK(same(kernel.name, kernel.own));
  } else if (kernel.vectors && kernel.refused.empty()) {
    CHECK(*kernel.vectors == numeric::vectors_of_processor());
  }
}

TEST_CASE("kernels are chosen by vectors", "[numeric]") {
  CHECK(numeric::kernels_for(numeric::Vectors::avx512).front() == "SkylakeX");
  CHECK(numeric::kernels_for(numeric::Vectors::avx2).front() == "Haswell");
  CHECK(numeric::kernels_for(numeric::Vectors::avx).front() == "Sandybridge");
  CHECK(numeric::kernels_for(numeric::Vectors::sse) == std::vector<std::string>{"Prescott"});
  for (const auto vectors :
       {numeric::Vectors::sse, numeric::Vectors::avx, numeric::Vectors::avx2, numeric::Vectors::avx512})
    for (const auto &kernel : numeric::kernels_for(vectors)) CHECK(numeric::vectors_of_kernel(kernel) <= vectors);
  CHECK(numeric::vectors_of_kernel("zen") == numeric::Vectors::avx2);
  CHECK(numeric::vectors_of_kernel("COOPERLAKE") == numeric::Vectors::avx512);
  CHECK_FALSE(numeric::vectors_of_kernel("a kernel of the future"));
  CHECK(numeric::can_run("Prescott"));
  CHECK(numeric::far_below(numeric::vectors_of_kernel("Prescott"), numeric::Vectors::avx512));
  CHECK(numeric::far_below(numeric::vectors_of_kernel("Nehalem"), numeric::Vectors::avx2));
  CHECK(numeric::far_below(numeric::vectors_of_kernel("Sandybridge"), numeric::Vectors::avx2));
  CHECK_FALSE(numeric::far_below(numeric::vectors_of_kernel("Haswell"), numeric::Vectors::avx512));
  CHECK_FALSE(numeric::far_below(numeric::vectors_of_kernel("Prescott"), numeric::Vectors::sse));
  CHECK_FALSE(numeric::far_below(std::nullopt, numeric::Vectors::avx512));
}
