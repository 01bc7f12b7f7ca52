#include "cli/kernel_note.hpp"

#include "cli/output.hpp"
#include "numeric/blas_kernel.hpp"
#include "numeric/product.hpp"

#include <fmt/format.h>

#include <string>

namespace engram::cli {

namespace {

using Chooser = numeric::BlasKernel::Chooser;

std::string kernel_line(const numeric::BlasKernel &kernel) {
  const auto vectors = numeric::vectors_of_processor();
  if (numeric::far_below(kernel.vectors, vectors))
    return fmt::format(
        "{} computes with its kernel {} ({}), where this processor has {}: products take several times as "
        "long; {} (engram doctor)",
        kernel.library, kernel.name, numeric::name_of(*kernel.vectors), numeric::name_of(vectors),
        kernel.chosen_by == Chooser::user ? "OPENBLAS_CORETYPE asks for it" : kernel.refused);
  if (kernel.refused.find("wrong") != std::string::npos)
    return fmt::format("{}; its kernel {} is used instead", kernel.refused, kernel.name);
  if (!kernel.asked.empty() && kernel.chosen_by != Chooser::user)
    return fmt::format("{} has no kernel '{}', which OPENBLAS_CORETYPE asks for; {} is used", kernel.library,
                       kernel.asked, kernel.name);
  return {};
}

} // namespace

void check_kernel() {
  numeric::use_one_blas_thread();
  numeric::require_right_products();
}

void tell_kernel(bool quiet) {
  const auto line = kernel_line(numeric::blas_kernel());
  if (!quiet && !line.empty()) say("engram: note: " + line);
}

} // namespace engram::cli
