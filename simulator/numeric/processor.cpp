#include "numeric/processor.hpp"

#include <fstream>
#include <sstream>
#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>

#include <array>
#include <cstring>
#endif

namespace engram::numeric {

const char *name_of(Vectors vectors) {
  switch (vectors) {
  case Vectors::sse:
    return "SSE";
  case Vectors::avx:
    return "AVX";
  case Vectors::avx2:
    return "AVX2";
  case Vectors::avx512:
    return "AVX-512";
  }
  return "";
}

#if defined(__x86_64__)

// The builtins of GCC and clang ask cpuid, and xgetbv whether the system saves the registers.
Vectors vectors_of_processor() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx")) return Vectors::sse;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Vectors::avx;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl");
  return avx512 ? Vectors::avx512 : Vectors::avx2;
}

Processor processor() {
  Processor out;
  std::array<unsigned, 4> r{};
  if (__get_cpuid(0x80000000, &r[0], &r[1], &r[2], &r[3]) && r[0] >= 0x80000004) {
    char brand[49] = {};
    for (unsigned k = 0; k < 3; ++k) {
      __get_cpuid(0x80000002 + k, &r[0], &r[1], &r[2], &r[3]);
      std::memcpy(brand + 16 * k, r.data(), 16);
    }
    std::istringstream words(brand); // padded with blanks
    for (std::string word; words >> word;) out.name += (out.name.empty() ? "" : " ") + word;
  }
  if (out.name.empty()) out.name = "unknown";
  __builtin_cpu_init();
  const auto note = [&](bool has, const char *feature) {
    if (has) out.features.emplace_back(feature);
  };
  note(__builtin_cpu_supports("sse3"), "sse3");
  note(__builtin_cpu_supports("sse4.2"), "sse4.2");
  note(__builtin_cpu_supports("avx"), "avx");
  note(__builtin_cpu_supports("fma"), "fma");
  note(__builtin_cpu_supports("avx2"), "avx2");
  note(__builtin_cpu_supports("avx512f"), "avx512f");
  note(__builtin_cpu_supports("avx512cd"), "avx512cd");
  note(__builtin_cpu_supports("avx512dq"), "avx512dq");
  note(__builtin_cpu_supports("avx512bw"), "avx512bw");
  note(__builtin_cpu_supports("avx512vl"), "avx512vl");
  note(__builtin_cpu_supports("avx512bf16"), "avx512bf16");
  return out;
}

#else

Vectors vectors_of_processor() { return Vectors::sse; }

// The kernel's list: "model name" where there is one, and the features by their names there.
Processor processor() {
  Processor out{"unknown", {}};
  std::ifstream list("/proc/cpuinfo");
  for (std::string line; std::getline(list, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || colon + 2 > line.size()) continue;
    const std::string_view key = std::string_view(line).substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    const std::string value = line.substr(colon + 2);
    if (key == "model name" && out.name == "unknown") out.name = value;
    if ((key == "Features" || key == "isa") && out.features.empty()) {
      std::istringstream words(value);
      for (std::string word; words >> word;) out.features.push_back(word);
    }
  }
  return out;
}

#endif

} // namespace engram::numeric
