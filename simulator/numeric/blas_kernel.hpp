// This chooses the kernel with which OpenBLAS computes. OpenBLAS has a kernel for each kind of processor and recognises
// processors by their model numbers. A processor that is newer than the library gets the kernels of 2004 (Prescott,
// SSE), which are several times slower than it could be (tests/benchmarks/README.md). So engram chooses a kernel by the
// features of the processor (cpuid) as it is loaded, if OpenBLAS's own choice uses lesser instructions. A user's
// OPENBLAS_CORETYPE is kept.
#pragma once

#include "error/error.hpp"
#include "numeric/processor.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::numeric {

struct BlasKernel {
  enum class Chooser : std::uint8_t { openblas, engram, user };
  std::string library;            ///< "OpenBLAS 0.3.21"
  std::string name;               ///< of the kernel in use: "SkylakeX"
  std::optional<Vectors> vectors; ///< what it is written in; absent when the name is unknown here
  Chooser chosen_by = Chooser::openblas;
  std::string own;     ///< what OpenBLAS had taken by itself
  std::string asked;   ///< OPENBLAS_CORETYPE, where it was set
  std::string refused; ///< why no better kernel was taken where there is one, or why another was left; else empty
};

/// As it is now.
BlasKernel blas_kernel();

/// The instructions that a kernel of this name is written in, whatever the case of the name. Absent for names that are
/// not known here.
std::optional<Vectors> vectors_of_kernel(const std::string &name);
/// Can this processor run a kernel of this name? Those of AMD's Bulldozer family need FMA4 as well, which no other has.
/// true for names that are not known here.
bool can_run(const std::string &kernel);
/// The kernels for a processor with these vectors, the best first, of names that OpenBLAS has had since 0.3.0 (2018).
std::vector<std::string> kernels_for(Vectors vectors);

/// Is the kernel far below the processor: written in less than AVX2, where the processor has it, or in SSE, where it
/// has AVX? (SkylakeX is up to twice as fast as Haswell, Haswell 2 to 4 times as fast as Prescott.)
bool far_below(const std::optional<Vectors> &kernel, Vectors processor);

/// A kernel gave a wrong product, or cannot be run here: nothing that is computed could be trusted.
class WrongProduct : public Failed {
public:
  using Failed::Failed;
};

/// Tries the products of the kernel in use (product_check.hpp), once in a process: about a millisecond. If one is
/// wrong, and the user did not ask for that kernel, the next best is taken and tried in turn. Throws WrongProduct when
/// none is right. Called by whatever computes, before it does.
void require_right_products();

} // namespace engram::numeric

/// Chooses the kernel; runs by itself as the program or the shared object that holds it is loaded.
extern "C" void engram_choose_blas_kernel();
