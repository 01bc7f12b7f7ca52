// These functions say which vector instructions the processor has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engram::numeric {

/// The vector instructions that kernels of matrix products are written in, each including those before it; avx2 with
/// fused multiply-add, avx512 with its parts F, CD, DQ, BW and VL.
enum class Vectors : std::uint8_t { sse, avx, avx2, avx512 };

/// "SSE", "AVX", "AVX2", "AVX-512".
const char *name_of(Vectors vectors);

/// The instructions that this processor has and whose registers the operating system saves. On processors other than
/// x86-64 it is sse, and nothing is chosen by it. The call is cheap: it asks the processor (cpuid).
Vectors vectors_of_processor();

struct Processor {
  std::string name;                  ///< as it calls itself; "unknown" where it does not
  std::vector<std::string> features; ///< those that kernels are chosen by
};
Processor processor();

} // namespace engram::numeric
