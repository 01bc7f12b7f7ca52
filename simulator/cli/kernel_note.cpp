#include "cli/kernel_note.hpp"

#include "cli/output.hpp"
#include "network/blas_kernel.hpp"
#include "network/product.hpp"

#include <fmt/format.h>

#include <string>

namespace engram::cli {

namespace {

using Chooser = network::BlasKernel::Chooser;

std::string kernel_line(const network::BlasKernel &kernel) {
  const auto vectors = network::vectors_of_processor();
  if (network::far_below(kernel.vectors, vectors))
    return fmt::format(
        "{} computes with its kernel {} ({}), where this processor has {}: products take several times as "
        "long; {} (engram doctor)",
        kernel.library, kernel.name, network::name_of(*kernel.vectors), network::name_of(vectors),
        kernel.chosen_by == Chooser::user ? "OPENBLAS_CORETYPE asks for it" : kernel.refused);
  if (kernel.refused.find("wrong") != std::string::npos)
    return fmt::format("{}; its kernel {} is used instead", kernel.refused, kernel.name);
  if (!kernel.asked.empty() && kernel.chosen_by != Chooser::user)
    return fmt::format("{} has no kernel '{}', which OPENBLAS_CORETYPE asks for; {} is used", kernel.library,
                       kernel.asked, kernel.name);
  return {};
}

} // namespace

void check_kernel(bool quiet) {
  network::use_one_blas_thread();
  network::require_right_products();
  const auto line = kernel_line(network::blas_kernel());
  if (!quiet && !line.empty()) say("engram: note: " + line);
}

} // namespace engram::cli
