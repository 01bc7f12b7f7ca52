#include "numeric/blas_kernel.hpp"

#include "numeric/product_check.hpp"

#include <cblas.h>
#include <link.h>
#include <strings.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <sstream>
#include <system_error>
#include <utility>

// How OpenBLAS takes a kernel by itself as it is loaded (driver/others/dynamic.c): no public names, the same since
// GotoBLAS2. They are absent where it was built for one processor; then there is nothing to choose.
extern "C" {
__attribute__((weak)) void gotoblas_dynamic_init();
__attribute__((weak)) void gotoblas_dynamic_quit();
}

namespace engram::numeric {

namespace {

constexpr const char *variable = "OPENBLAS_CORETYPE";

// The kernel belongs to the process, as OpenBLAS does: what was found and chosen is known from the load on.
struct Choice {
  BlasKernel::Chooser by = BlasKernel::Chooser::openblas;
  std::string own, asked, refused;
  int threads = 1; // of OpenBLAS, which stay when fewer are set
};
Choice &choice() {
  static Choice made;
  return made;
}

bool same_name(const std::string &a, const std::string &b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

std::string kernel_in_use() {
  const char *name = openblas_get_corename();
  return name ? name : "";
}

bool can_choose() { return gotoblas_dynamic_init != nullptr && gotoblas_dynamic_quit != nullptr; }

// Lets OpenBLAS initialise anew, as if the variable had been set to this kernel; null: as if it had not been set.
void initialise_anew(const char *kernel) {
  const char *set = std::getenv(variable);
  const std::string before = set ? set : "";
  if (kernel)
    setenv(variable, kernel, 1);
  else
    unsetenv(variable);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  if (set)
    setenv(variable, before.c_str(), 1);
  else
    unsetenv(variable);
}

// Returns whether OpenBLAS took that kernel.
bool take(const std::string &kernel) {
  initialise_anew(kernel.c_str());
  return same_name(kernel_in_use(), kernel);
}

struct Loaded {
  int objects = 0, ours = -1, openblas = -1; // in the order in which the loader took them
};

bool holds(const dl_phdr_info &object, std::uintptr_t address) {
  for (int k = 0; k < object.dlpi_phnum; ++k) {
    const auto &part = object.dlpi_phdr[k];
    const std::uintptr_t from = object.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && address >= from && address - from < part.p_memsz) return true;
  }
  return false;
}

int look(dl_phdr_info *object, std::size_t, void *to) {
  auto &loaded = *static_cast<Loaded *>(to);
  if (holds(*object, reinterpret_cast<std::uintptr_t>(&engram_choose_blas_kernel))) loaded.ours = loaded.objects;
  // Not by the address of a function: in a program that may be its own stub.
  if (holds(*object, reinterpret_cast<std::uintptr_t>(openblas_get_config()))) loaded.openblas = loaded.objects;
  ++loaded.objects;
  return 0;
}

// Did OpenBLAS come with us? What was there before us cannot have called it then.
bool came_with_us() {
  Loaded loaded;
  dl_iterate_phdr(look, &loaded);
  return loaded.ours >= 0 && loaded.ours <= loaded.openblas;
}

// Is no thread running but this one and those of OpenBLAS, which work for whoever calls it?
bool alone() {
  std::error_code failed;
  int threads = 0;
  for (std::filesystem::directory_iterator task("/proc/self/task", failed), end; !failed && task != end;
       task.increment(failed))
    ++threads;
  if (failed) return false;
  const bool has_threads = openblas_get_parallel() == 1; // 2: those of OpenMP
  return threads <= (has_threads ? std::max(choice().threads, openblas_get_num_threads()) : 1);
}

// Another kernel packs operands in another form: one that is exchanged within a product makes it wrong.
bool nobody_computes(bool loading) { return (loading && came_with_us()) || alone(); }

std::string library_name() {
  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … MAX_THREADS=64"
  std::istringstream words(openblas_get_config());
  std::string name, version;
  words >> name >> version;
  return name + " " + version;
}

} // namespace

std::optional<Vectors> vectors_of_kernel(const std::string &name) {
  static const std::pair<const char *, Vectors> known[] = {
      {"Katmai", Vectors::sse},        {"Coppermine", Vectors::sse},
      {"Northwood", Vectors::sse},     {"Prescott", Vectors::sse},
      {"Banias", Vectors::sse},        {"Atom", Vectors::sse},
      {"Core2", Vectors::sse},         {"Penryn", Vectors::sse},
      {"Dunnington", Vectors::sse},    {"Nehalem", Vectors::sse},
      {"Athlon", Vectors::sse},        {"Opteron", Vectors::sse},
      {"Opteron_SSE3", Vectors::sse},  {"Barcelona", Vectors::sse},
      {"Nano", Vectors::sse},          {"Bobcat", Vectors::sse},
      {"Sandybridge", Vectors::avx},   {"Bulldozer", Vectors::avx},
      {"Piledriver", Vectors::avx},    {"Steamroller", Vectors::avx},
      {"Excavator", Vectors::avx2},    {"Haswell", Vectors::avx2},
      {"Zen", Vectors::avx2},          {"SkylakeX", Vectors::avx512},
      {"Cooperlake", Vectors::avx512}, {"SapphireRapids", Vectors::avx512}};
  for (const auto &[kernel, vectors] : known)
    if (same_name(name, kernel)) return vectors;
  return std::nullopt;
}

bool can_run(const std::string &kernel) {
  const auto vectors = vectors_of_kernel(kernel);
  if (!vectors) return true;
#if defined(__x86_64__)
  for (const char *name : {"Bulldozer", "Piledriver", "Steamroller", "Excavator"})
    if (same_name(kernel, name) && !__builtin_cpu_supports("fma4")) return false;
#endif
  return *vectors <= vectors_of_processor();
}

std::vector<std::string> kernels_for(Vectors vectors) {
  std::vector<std::string> out;
  if (vectors >= Vectors::avx512) out.emplace_back("SkylakeX");
  if (vectors >= Vectors::avx2) out.emplace_back("Haswell");
  if (vectors >= Vectors::avx) out.emplace_back("Sandybridge");
  out.emplace_back("Prescott");
  return out;
}

bool far_below(const std::optional<Vectors> &kernel, Vectors processor) {
  return kernel && *kernel < std::min(processor, Vectors::avx2);
}

BlasKernel blas_kernel() {
  const auto &made = choice();
  BlasKernel out;
  out.library = library_name();
  out.name = kernel_in_use();
  out.vectors = vectors_of_kernel(out.name);
  out.chosen_by = made.by;
  out.own = made.own;
  out.asked = made.asked;
  out.refused = made.refused;
  return out;
}

void require_right_products() {
  static std::mutex one_at_a_time;
  static bool tried = false;
  const std::lock_guard lock(one_at_a_time);
  if (tried) return;
  auto &made = choice();
  const auto kernel = blas_kernel();
  const auto vectors = vectors_of_processor();
  if (!can_run(kernel.name))
    throw WrongProduct("OpenBLAS is set to its kernel " + kernel.name +
                       ", whose instructions this processor does not have (unset " + variable + ")");
  std::string wrong = wrong_product(ProductCheck::quick);
  if (!wrong.empty()) {
    const std::string first =
        kernel.library + " computes wrong products with its kernel " + kernel.name + " on this processor: " + wrong;
    const std::string advice = "; another kernel may be right: OPENBLAS_CORETYPE=Haswell (engram doctor tries them)";
    if (made.by == BlasKernel::Chooser::user || !can_choose() || !nobody_computes(false))
      throw WrongProduct(first + advice);
    for (const auto &next : kernels_for(vectors)) {
      if (same_name(next, kernel.name) || !take(next)) continue;
      wrong = wrong_product(ProductCheck::quick);
      if (wrong.empty()) {
        made.by = BlasKernel::Chooser::engram;
        made.refused = first;
        break;
      }
    }
    if (!wrong.empty()) throw WrongProduct(first + ", and so do its others");
  }
  tried = true;
}

namespace {

void choose() {
  auto &made = choice();
  made.own = kernel_in_use();
  made.threads = openblas_get_num_threads();
  if (const char *asked = std::getenv(variable); asked && *asked) {
    made.asked = asked;
    // A name that OpenBLAS does not know has no effect. Some builds have one kernel under two names.
    const auto wanted = vectors_of_kernel(asked);
    if (same_name(made.own, asked) || (wanted && wanted == vectors_of_kernel(made.own))) {
      made.by = BlasKernel::Chooser::user;
      return;
    }
  }
  const auto own = vectors_of_kernel(made.own);
  const auto vectors = vectors_of_processor();
  if (!own || *own >= vectors) return;
  if (!can_choose()) {
    made.refused = "this OpenBLAS was built for one processor";
    return;
  }
  if (!nobody_computes(true)) {
    made.refused = "OpenBLAS was in use when engram was loaded";
    return;
  }
  for (const auto &kernel : kernels_for(vectors)) {
    if (*vectors_of_kernel(kernel) <= *own) break;
    if (!take(kernel)) continue;
    made.by = BlasKernel::Chooser::engram;
    return;
  }
  initialise_anew(nullptr); // its own choice again
  made.refused = "this OpenBLAS has no better kernel";
}

} // namespace

} // namespace engram::numeric

// First of what runs as our own object is loaded (0 to 100 are the compiler's); libraries that it needs, OpenBLAS among
// them, have been initialised before.
__attribute__((constructor(101))) void engram_choose_blas_kernel() {
  static bool done = false;
  if (std::exchange(done, true)) return;
  engram::numeric::choose();
}
