// FlushDenormals makes the processor treat numbers too small to be normal as zero while the simulator computes.
// Processors handle such numbers in microcode, tens of times slower, and activity that dies out fills a circuit with
// them.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace engram::numeric {

/// The bits of the floating-point control register by which denormals count as zero: operands and results on x86
/// (MXCSR: DAZ, FTZ), both by one bit on aarch64 (FPCR: FZ). On other processors none, and all below does nothing.
/// exception_flags: those that any operation may set.
#if defined(__SSE2__)
inline constexpr std::uint64_t denormal_bits = 0x8040, exception_flags = 0x3f;
inline std::uint64_t control_register() { return _mm_getcsr(); }
inline void set_control_register(std::uint64_t bits) { _mm_setcsr(static_cast<unsigned>(bits)); }
#elif defined(__aarch64__)
inline constexpr std::uint64_t denormal_bits = std::uint64_t{1} << 24, exception_flags = 0; // those are in FPSR
inline std::uint64_t control_register() {
  std::uint64_t bits;
  __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
  return bits;
}
inline void set_control_register(std::uint64_t bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits)); }
#else
inline constexpr std::uint64_t denormal_bits = 0, exception_flags = 0;
inline std::uint64_t control_register() { return 0; }
inline void set_control_register(std::uint64_t) {}
#endif

/// Does this thread take denormals as zero?
inline bool flushes_denormals() { return denormal_bits != 0 && (control_register() & denormal_bits) == denormal_bits; }

/// Sets how this thread treats denormals, and restores the earlier mode at the end of the scope. Rounding and exception
/// flags stay as they are.
class DenormalMode {
public:
  explicit DenormalMode(std::uint64_t mode) : before_(control_register() & denormal_bits) { set(mode); }
  ~DenormalMode() { set(before_); }
  DenormalMode(const DenormalMode &) = delete;
  DenormalMode &operator=(const DenormalMode &) = delete;

  /// That of the calling thread, for the threads that work for it.
  static std::uint64_t here() { return control_register() & denormal_bits; }

private:
  static void set(std::uint64_t mode) {
    const std::uint64_t now = control_register(), wanted = (now & ~denormal_bits) | mode;
    if (wanted != now) set_control_register(wanted);
  }
  std::uint64_t before_;
};

/// Flushes denormals to zero on this thread to the end of the scope. The threads of for_tiles follow it.
class FlushDenormals : public DenormalMode {
public:
  FlushDenormals() : DenormalMode(denormal_bits) {}
};

} // namespace engram::numeric
