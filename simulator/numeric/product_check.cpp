#include "numeric/product_check.hpp"

#include <armadillo>
#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace engram::numeric {

namespace {

using Int = Products::Int;
constexpr CBLAS_TRANSPOSE turned(bool t) { return t ? CblasTrans : CblasNoTrans; }

std::size_t at(Int i, Int j, Int stride) {
  return static_cast<std::size_t>(i) + static_cast<std::size_t>(j) * static_cast<std::size_t>(stride);
}

// Numbers in (−1, 1) that need all their bits, by a linear congruential generator (Knuth's MMIX): what they are does
// not matter.
class Numbers {
public:
  double next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(static_cast<std::int64_t>(state_)) * 0x1p-63;
  }
  template <class T> std::vector<T> many(std::size_t count) {
    std::vector<T> out(count);
    for (T &x : out) x = static_cast<T>(next());
    return out;
  }

private:
  std::uint64_t state_ = 20061;
};

template <class T> constexpr const char *letter = std::is_same_v<T, float> ? "s" : "d";
template <class T> auto gemm_of(const Products &p) {
  if constexpr (std::is_same_v<T, float>)
    return p.sgemm;
  else
    return p.dgemm;
}
template <class T> auto gemv_of(const Products &p) {
  if constexpr (std::is_same_v<T, float>)
    return p.sgemv;
  else
    return p.dgemv;
}
template <class T> auto ger_of(const Products &p) {
  if constexpr (std::is_same_v<T, float>)
    return p.sger;
  else
    return p.dger;
}

// How far a sum of k products may be from the true one, by the sum of their sizes.
template <class T> double allowed(Int k, double sizes) {
  return 4 * (k + 2) * static_cast<double>(std::numeric_limits<T>::epsilon()) * sizes;
}

constexpr double untouched = 7; // stands around a result

// C (m × n, stride ldc) beside the sums; `before` is what C held, NaN where beta is 0.
template <class T> struct Asked {
  std::string what;
  Int m, n, k;
  T alpha, beta;
};

// Sums of all results at once, by plain loops down the columns.
struct Sums {
  std::vector<double> sum, sizes; // m × n
};

template <class T, class A, class B> Sums plain_product(const Asked<T> &q, A a, B b) {
  const auto m = static_cast<std::size_t>(q.m);
  std::vector<double> left(at(0, q.k, q.m));
  for (Int l = 0; l < q.k; ++l)
    for (Int i = 0; i < q.m; ++i) left[at(i, l, q.m)] = static_cast<double>(a(i, l));
  Sums out{std::vector<double>(at(0, q.n, q.m)), std::vector<double>(at(0, q.n, q.m))};
  for (Int j = 0; j < q.n; ++j) {
    double *sum = out.sum.data() + at(0, j, q.m), *sizes = out.sizes.data() + at(0, j, q.m);
    for (Int l = 0; l < q.k; ++l) {
      const double factor = static_cast<double>(b(l, j)) * static_cast<double>(q.alpha);
      const double *column = left.data() + at(0, l, q.m);
      for (std::size_t i = 0; i < m; ++i) {
        const double term = column[i] * factor;
        sum[i] += term;
        sizes[i] += std::abs(term);
      }
    }
  }
  return out;
}

template <class T, class A, class B>
std::string compared(const Asked<T> &q, const std::vector<T> &c, const std::vector<T> &before, Int ldc, A a, B b) {
  const Sums plain = plain_product(q, a, b);
  for (Int j = 0; j < q.n; ++j) {
    for (Int i = 0; i < q.m; ++i) {
      double sum = plain.sum[at(i, j, q.m)], sizes = plain.sizes[at(i, j, q.m)];
      if (q.beta != T(0)) {
        const double held = static_cast<double>(q.beta) * static_cast<double>(before[at(i, j, ldc)]);
        sum += held;
        sizes += std::abs(held);
      }
      const auto found = static_cast<double>(c[at(i, j, ldc)]);
      if (!(std::abs(found - sum) <= allowed<T>(q.k, sizes)))
        return fmt::format("{}: {:.6g} for {:.6g} in row {} of column {}", q.what, found, sum, i, j);
    }
    for (Int i = q.m; i < ldc; ++i)
      if (c[at(i, j, ldc)] != T(untouched)) return fmt::format("{}: it writes outside its result", q.what);
  }
  return {};
}

// A result to be written: what it holds before, and what must not be touched around it.
template <class T> std::vector<T> result(Numbers &numbers, Int m, Int n, Int ldc, T beta) {
  std::vector<T> c(at(0, n, ldc), T(untouched));
  for (Int j = 0; j < n; ++j)
    for (Int i = 0; i < m; ++i)
      c[at(i, j, ldc)] = beta == T(0) ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(numbers.next());
  return c;
}

template <class T>
std::string try_gemm(const Products &products, Numbers &numbers, bool ta, bool tb, Int m, Int n, Int k, T alpha,
                     T beta) {
  const Int lda = (ta ? k : m) + 1, ldb = (tb ? n : k) + 3, ldc = m + 2;
  const auto a = numbers.many<T>(at(0, ta ? m : k, lda)), b = numbers.many<T>(at(0, tb ? k : n, ldb));
  const auto before = result(numbers, m, n, ldc, beta);
  auto c = before;
  gemm_of<T>(products)(ta, tb, m, n, k, alpha, a.data(), lda, b.data(), ldb, beta, c.data(), ldc);
  const Asked<T> q{fmt::format("{}gemm of {} × {} × {}{}{}", letter<T>, m, k, n, ta ? ", A transposed" : "",
                               tb ? ", B transposed" : ""),
                   m,
                   n,
                   k,
                   alpha,
                   beta};
  return compared(
      q, c, before, ldc, [&](Int i, Int l) { return a[ta ? at(l, i, lda) : at(i, l, lda)]; },
      [&](Int l, Int j) { return b[tb ? at(j, l, ldb) : at(l, j, ldb)]; });
}

// A large product, by one vector: C x against A (B x), both by plain loops (Freivalds 1977, IFIP 77:839).
template <class T>
std::string try_large(const Products &products, Numbers &numbers, bool ta, bool tb, Int m, Int n, Int k) {
  const Int lda = ta ? k : m, ldb = tb ? n : k;
  const auto a = numbers.many<T>(at(0, ta ? m : k, lda)), b = numbers.many<T>(at(0, tb ? k : n, ldb));
  const auto x = numbers.many<double>(static_cast<std::size_t>(n));
  std::vector<T> c(at(0, n, m), std::numeric_limits<T>::quiet_NaN());
  gemm_of<T>(products)(ta, tb, m, n, k, 1, a.data(), lda, b.data(), ldb, 0, c.data(), m);
  std::vector<double> bx(static_cast<std::size_t>(k)), bx_size(bx), found(static_cast<std::size_t>(m)), sum(found),
      sizes(found);
  const auto add = [](double term, double &to, double &size) {
    to += term;
    size += std::abs(term);
  };
  // Down the columns of what is in memory.
  for (Int j = 0; j < (tb ? k : n); ++j)
    for (Int i = 0; i < ldb; ++i) {
      const Int row = tb ? j : i, column = tb ? i : j;
      add(static_cast<double>(b[at(i, j, ldb)]) * x[static_cast<std::size_t>(column)],
          bx[static_cast<std::size_t>(row)], bx_size[static_cast<std::size_t>(row)]);
    }
  for (Int j = 0; j < (ta ? m : k); ++j)
    for (Int i = 0; i < lda; ++i) {
      const auto row = static_cast<std::size_t>(ta ? j : i), column = static_cast<std::size_t>(ta ? i : j);
      const auto value = static_cast<double>(a[at(i, j, lda)]);
      sum[row] += value * bx[column];
      sizes[row] += std::abs(value) * bx_size[column];
    }
  for (Int j = 0; j < n; ++j)
    for (Int i = 0; i < m; ++i)
      found[static_cast<std::size_t>(i)] += static_cast<double>(c[at(i, j, m)]) * x[static_cast<std::size_t>(j)];
  for (std::size_t i = 0; i < found.size(); ++i)
    if (!(std::abs(found[i] - sum[i]) <= allowed<T>(k, sizes[i]) + 4 * n * 2.3e-16 * sizes[i]))
      return fmt::format("{}gemm of {} × {} × {}{}{}: its row {} times a vector is {:.6g} for {:.6g}", letter<T>, m, k,
                         n, ta ? ", A transposed" : "", tb ? ", B transposed" : "", i, found[i], sum[i]);
  return {};
}

template <class T> std::string try_vectors(const Products &products, Numbers &numbers, Int m, Int n, T beta) {
  const Int lda = m + 1;
  for (const bool ta : {false, true}) {
    const auto a = numbers.many<T>(at(0, n, lda)), x = numbers.many<T>(static_cast<std::size_t>(ta ? m : n));
    const Int size = ta ? n : m;
    const auto before = result(numbers, size, 1, size + 1, beta);
    auto y = before;
    gemv_of<T>(products)(ta, m, n, T(0.7), a.data(), lda, x.data(), beta, y.data());
    const auto wrong = compared(
        Asked<T>{fmt::format("{}gemv of {} × {}{}", letter<T>, m, n, ta ? ", transposed" : ""), size, 1, ta ? m : n,
                 T(0.7), beta},
        y, before, size + 1, [&](Int i, Int l) { return a[ta ? at(l, i, lda) : at(i, l, lda)]; },
        [&](Int l, Int) { return x[static_cast<std::size_t>(l)]; });
    if (!wrong.empty()) return wrong;
  }
  const auto x = numbers.many<T>(static_cast<std::size_t>(m)), y = numbers.many<T>(static_cast<std::size_t>(n));
  const auto before = result(numbers, m, n, lda, T(1));
  auto a = before;
  ger_of<T>(products)(m, n, T(-1.3), x.data(), y.data(), a.data(), lda);
  return compared(
      Asked<T>{fmt::format("{}ger of {} × {}", letter<T>, m, n), m, n, 1, T(-1.3), T(1)}, a, before, lda,
      [&](Int i, Int) { return x[static_cast<std::size_t>(i)]; },
      [&](Int, Int j) { return y[static_cast<std::size_t>(j)]; });
}

std::string try_syrk(const Products &products, Numbers &numbers, Int n, Int k) {
  const auto a = numbers.many<double>(at(0, k, n));
  std::vector<double> c(at(0, n, n), untouched);
  const auto before = c;
  products.dsyrk(n, k, 1, a.data(), n, 1, c.data(), n);
  for (Int j = 0; j < n; ++j)
    for (Int i = 0; i < j; ++i) {
      if (c[at(i, j, n)] != untouched) return fmt::format("dsyrk of {} × {}: it writes above the diagonal", n, k);
      c[at(i, j, n)] = c[at(j, i, n)];
    }
  return compared(
      Asked<double>{fmt::format("dsyrk of {} × {}", n, k), n, n, k, 1, 1}, c, before, n,
      [&](Int i, Int l) { return a[at(i, l, n)]; }, [&](Int l, Int j) { return a[at(j, l, n)]; });
}

template <class T> std::string try_all(const Products &products, ProductCheck extent) {
  Numbers numbers;
  struct Shape {
    Int m, n, k;
    T alpha, beta;
  };
  // Remainders of all widths of registers and tiles; few columns; many terms.
  std::vector<Shape> shapes{{1, 1, 1, 1, 0}, {33, 17, 9, T(1.5), 0}, {5, 66, 31, 1, T(-0.5)}, {70, 11, 90, T(-2), 1}};
  if (extent == ProductCheck::thorough)
    shapes.insert(shapes.end(), {{129, 65, 257, 1, 0},
                                 {1, 300, 40, 1, 1},
                                 {300, 1, 40, 1, 1},
                                 {47, 49, 600, T(0.3), T(2)},
                                 {2, 3, 1000, 1, 0},
                                 {255, 127, 1, 1, 1}});
  for (const auto &s : shapes)
    for (const bool ta : {false, true})
      for (const bool tb : {false, true})
        if (auto wrong = try_gemm<T>(products, numbers, ta, tb, s.m, s.n, s.k, s.alpha, s.beta); !wrong.empty())
          return wrong;
  for (const auto &[m, n] : {std::pair<Int, Int>{37, 66}, {131, 7}})
    for (const T beta : {T(0), T(1)})
      if (auto wrong = try_vectors<T>(products, numbers, m, n, beta); !wrong.empty()) return wrong;
  std::vector<std::array<Int, 3>> large{{37, 33, 410}};
  if (extent == ProductCheck::thorough) large.insert(large.end(), {{700, 515, 1030}, {1301, 33, 129}, {33, 1301, 800}});
  for (const auto &[m, n, k] : large)
    for (const bool ta : {false, true})
      for (const bool tb : {false, true}) {
        if (extent == ProductCheck::quick && ta != tb) continue;
        if (auto wrong = try_large<T>(products, numbers, ta, tb, m, n, k); !wrong.empty()) return wrong;
      }
  return {};
}

// Largest |x| over the largest that it is compared with.
double apart(const arma::mat &x, const arma::mat &from) {
  return arma::abs(x - from).max() / std::max(1.0, arma::abs(from).max());
}

// Decompositions put together again.
std::string try_lapack() {
  Numbers numbers;
  const arma::uword n = 150;
  arma::mat a(n, n), b(n, 4), x, q, r, u, v;
  for (double &value : a) value = numbers.next();
  for (double &value : b) value = numbers.next();
  const arma::mat symmetric = a * a.t() + arma::eye(n, n);
  arma::vec s;
  constexpr double close = 1e-9; // condition numbers here are below 1e5
  const auto off = [](const char *what, double by) {
    return by <= close ? std::string() : fmt::format("{} is off by {:.2g}", what, by);
  };
  std::string wrong;
  const auto tried = [&](bool made, const char *what, auto residual) {
    if (!wrong.empty()) return;
    wrong = made ? off(what, residual()) : fmt::format("{} is refused", what);
  };
  const arma::mat diagonally = a + 20 * arma::eye(n, n);
  tried(arma::solve(x, diagonally, b), "the solution of 150 equations", [&] { return apart(diagonally * x, b); });
  tried(arma::chol(r, symmetric), "a Cholesky factor of 150 × 150", [&] { return apart(r.t() * r, symmetric); });
  tried(arma::qr_econ(q, r, a), "a QR decomposition of 150 × 150", [&] { return apart(q * r, a); });
  tried(arma::eig_sym(s, v, symmetric), "an eigendecomposition of 150 × 150",
        [&] { return apart(v * arma::diagmat(s) * v.t(), symmetric); });
  tried(arma::svd_econ(u, s, v, a), "a singular value decomposition of 150 × 150",
        [&] { return apart(u * arma::diagmat(s) * v.t(), a); });
  return wrong;
}

} // namespace

Products blas_products() {
  return {[](bool ta, bool tb, Int m, Int n, Int k, float alpha, const float *a, Int lda, const float *b, Int ldb,
             float beta, float *c, Int ldc) {
            cblas_sgemm(CblasColMajor, turned(ta), turned(tb), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
          },
          [](bool ta, bool tb, Int m, Int n, Int k, double alpha, const double *a, Int lda, const double *b, Int ldb,
             double beta, double *c, Int ldc) {
            cblas_dgemm(CblasColMajor, turned(ta), turned(tb), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
          },
          [](bool ta, Int m, Int n, float alpha, const float *a, Int lda, const float *x, float beta, float *y) {
            cblas_sgemv(CblasColMajor, turned(ta), m, n, alpha, a, lda, x, 1, beta, y, 1);
          },
          [](bool ta, Int m, Int n, double alpha, const double *a, Int lda, const double *x, double beta, double *y) {
            cblas_dgemv(CblasColMajor, turned(ta), m, n, alpha, a, lda, x, 1, beta, y, 1);
          },
          [](Int m, Int n, float alpha, const float *x, const float *y, float *a, Int lda) {
            cblas_sger(CblasColMajor, m, n, alpha, x, 1, y, 1, a, lda);
          },
          [](Int m, Int n, double alpha, const double *x, const double *y, double *a, Int lda) {
            cblas_dger(CblasColMajor, m, n, alpha, x, 1, y, 1, a, lda);
          },
          [](Int n, Int k, double alpha, const double *a, Int lda, double beta, double *c, Int ldc) {
            cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, n, k, alpha, a, lda, beta, c, ldc);
          }};
}

std::string wrong_product(ProductCheck extent, const Products &products) {
  std::string wrong = try_all<float>(products, extent);
  if (wrong.empty()) wrong = try_all<double>(products, extent);
  Numbers numbers;
  if (wrong.empty()) wrong = try_syrk(products, numbers, 45, 70);
  if (wrong.empty() && extent == ProductCheck::thorough) {
    wrong = try_syrk(products, numbers, 333, 500);
    if (wrong.empty()) wrong = try_lapack();
  }
  return wrong;
}

} // namespace engram::numeric
