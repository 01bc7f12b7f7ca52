// This is the command `engram doctor [--json]`.
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "data/dataset.hpp"
#include "data/program.hpp"
#include "learning/rule_library.hpp"
#include "numeric/blas_kernel.hpp"
#include "numeric/flush_denormals.hpp"
#include "numeric/processor.hpp"
#include "numeric/product.hpp"
#include "numeric/product_check.hpp"
#include "numeric/speed.hpp"
#include "ranks/ranks.hpp"
#include "session/session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace engram::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Chooser = numeric::BlasKernel::Chooser;

// A kernel, and what its products are: measured in a process of its own, as OpenBLAS reads its variable once.
struct Measured {
  std::string kernel;
  double single = 0, double_ = 0; // GFLOP/s of one thread
  std::string wrong;              // the first product that is; empty when all are right
};

Json to_json(const Measured &m) {
  return {{"kernel", m.kernel},
          {"single_gflops", m.single},
          {"double_gflops", m.double_},
          {"wrong_product", m.wrong.empty() ? Json(nullptr) : Json(m.wrong)}};
}

Measured measure_here() {
  Measured out;
  out.kernel = numeric::blas_kernel().name;
  out.wrong = numeric::wrong_product(numeric::ProductCheck::thorough);
  out.single = numeric::product_rate<float>(512, 0.1);
  out.double_ = numeric::product_rate<double>(512, 0.1);
  return out;
}

// A folder of its own for what the children say.
struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = (fs::temp_directory_path() / "engram-doctor-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;
};

// Of all kernels that the processor can run and this OpenBLAS has, but the one in use.
std::vector<Measured> measure_others(const std::string &in_use) {
  std::vector<Measured> out;
  std::error_code error;
  const auto self = fs::read_symlink("/proc/self/exe", error);
  const Scratch scratch;
  if (error || scratch.path.empty()) return out;
  for (const char *kernel :
       {"Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"}) {
    if (kernel == in_use || !numeric::can_run(kernel)) continue;
    const auto log = (scratch.path / kernel).string();
    const auto status = data::run_program(
        {"env", std::string("OPENBLAS_CORETYPE=") + kernel, self.string(), "doctor", "--this-kernel"}, "/", log);
    if (!status) return out;
    std::string line, last; // what a library says of itself may stand before
    for (std::ifstream file(log); std::getline(file, line);) last = line;
    const auto printed = Json::parse(last, nullptr, false);
    if (*status != 0 || printed.is_discarded()) {
      out.push_back({kernel, 0, 0, fmt::format("it cannot be run here (exit {})", *status)});
      continue;
    }
    Measured m{printed.value("kernel", ""), printed.value("single_gflops", 0.0), printed.value("double_gflops", 0.0),
               ""};
    if (printed["wrong_product"].is_string()) m.wrong = printed["wrong_product"];
    if (m.kernel == kernel) out.push_back(std::move(m)); // else this OpenBLAS does not know the name
  }
  return out;
}

struct DataFound {
  std::string name, problem; // empty when it is there
};

std::vector<DataFound> find_data(const Context &context) {
  std::vector<DataFound> out;
  for (const auto &set : data::datasets()) {
    out.push_back({set.name, ""});
    try {
      data::load_dataset(set.name, context.folders.data);
    } catch (const data::DataError &missing) {
      out.back().problem = missing.what();
    }
  }
  return out;
}

std::string chosen(const numeric::BlasKernel &kernel) {
  std::string how = "OpenBLAS's own choice";
  if (kernel.chosen_by == Chooser::user) how = "OPENBLAS_CORETYPE";
  if (kernel.chosen_by == Chooser::engram)
    how = fmt::format("engram's choice by the processor's features; OpenBLAS by itself takes {}", kernel.own);
  if (!kernel.asked.empty() && kernel.chosen_by != Chooser::user)
    how += fmt::format("; it has none of the name '{}'", kernel.asked);
  if (!kernel.refused.empty()) how += "; " + kernel.refused;
  return how;
}

struct Examined {
  numeric::Processor processor;
  numeric::BlasKernel kernel;
  std::vector<Measured> kernels; // that in use first
  double best_single = 0, best_double = 0;
  int threads = 1;
  double read_one = 0, read_all = 0; // GB/s
  std::vector<std::string> plugin_folders, plugin_problems;
  std::size_t rules = 0, dynamics = 0, objectives = 0, environments = 0; // that are plugins
  std::vector<DataFound> data;
  ranks::Library mpi;

  const Measured &in_use() const { return kernels.front(); }
  double share() const { return std::min(in_use().single / best_single, in_use().double_ / best_double); }
};

Examined examine(const Context &context) {
  Examined e;
  e.processor = numeric::processor();
  e.kernel = numeric::blas_kernel();
  e.kernels.push_back(measure_here());
  for (auto &other : measure_others(e.kernel.name)) e.kernels.push_back(std::move(other));
  for (const auto &m : e.kernels) {
    if (!m.wrong.empty() && &m != &e.kernels.front()) continue;
    e.best_single = std::max(e.best_single, m.single);
    e.best_double = std::max(e.best_double, m.double_);
  }
  e.threads = session::threads_or_all(0);
  e.read_one = numeric::read_rate(1);
  e.read_all = numeric::read_rate(e.threads);
  learning::RuleLibrary library(context.folders.plugins);
  e.plugin_folders = library.folders();
  const auto plugins = library.all();
  e.plugin_problems = plugins.problems;
  e.rules = plugins.rules.size();
  e.dynamics = plugins.dynamics.size();
  e.objectives = plugins.objectives.size();
  e.environments = plugins.environments.size();
  e.data = find_data(context);
  e.mpi = ranks::examine(context.mpi_library);
  return e;
}

// Shares below this are told: they are more than what measuring twice differs by.
constexpr double good_share = 0.85;

void print_text(const Examined &e) {
  std::string features, folders;
  for (const auto &feature : e.processor.features) features += " " + feature;
  for (const auto &folder : e.plugin_folders) folders += " " + folder;
  print(fmt::format("processor   {}, {} threads\n", e.processor.name, e.threads));
  print(fmt::format("features   {}\n", features));
  print(fmt::format("BLAS        {}, kernel {} ({})\n", e.kernel.library, e.kernel.name, chosen(e.kernel)));
  print(fmt::format("products    {}\n", e.in_use().wrong.empty()
                                            ? "right: against plain loops, and decompositions put together again"
                                            : "WRONG: " + e.in_use().wrong));
  print(fmt::format("kernels     GFLOP/s of one thread, products of 512 × 512\n"));
  print(fmt::format("            {:<15}{:>7}{:>8}\n", "kernel", "single", "double"));
  for (const auto &m : e.kernels)
    print(fmt::format("            {:<15}{:>7.1f}{:>8.1f}{}{}\n", m.kernel, m.single, m.double_,
                      &m == &e.kernels.front() ? "  in use" : "", m.wrong.empty() ? "" : "  WRONG: " + m.wrong));
  print(fmt::format("            the kernel in use reaches {:.0f} % of the best\n", 100 * e.share()));
  print(
      fmt::format("memory      reads {:.1f} GB/s by 1 thread, {:.1f} GB/s by {}\n", e.read_one, e.read_all, e.threads));
  print(fmt::format("denormals   {}\n",
                    numeric::denormal_bits != 0 ? "zero while it computes" : "kept: this processor is not known"));
  print(fmt::format("plugins     rules: {}, dynamics: {}, objectives: {}, environments: {}; in{}\n", e.rules,
                    e.dynamics, e.objectives, e.environments, folders));
  for (const auto &problem : e.plugin_problems) print(fmt::format("            left out: {}\n", problem));
  print(fmt::format("ranks       {}\n", e.mpi.problem.empty() ? e.mpi.mpi : e.mpi.problem));
  for (std::size_t k = 0; k < e.data.size(); ++k)
    print(fmt::format("{:<12}{:<8}{}\n", k == 0 ? "data" : "", e.data[k].name,
                      e.data[k].problem.empty() ? "found" : e.data[k].problem));
  if (!e.in_use().wrong.empty())
    print(fmt::format(
        "\nNothing that is computed here can be trusted. Another kernel may be right, another OpenBLAS too:\n"
        "    OPENBLAS_CORETYPE=KERNEL engram doctor\n"));
  else if (e.share() < good_share)
    print(fmt::format("\nSlower than this processor can: {}.\n",
                      e.kernel.chosen_by == Chooser::user ? "unset OPENBLAS_CORETYPE"
                                                          : "set OPENBLAS_CORETYPE to the fastest kernel above"));
}

Json to_json(const Examined &e) {
  const char *by = e.kernel.chosen_by == Chooser::user     ? "OPENBLAS_CORETYPE"
                   : e.kernel.chosen_by == Chooser::engram ? "engram"
                                                           : "OpenBLAS";
  Json out{{"version", ENGRAM_VERSION},
           {"processor", {{"name", e.processor.name}, {"features", e.processor.features}}},
           {"threads", e.threads},
           {"blas",
            {{"library", e.kernel.library},
             {"kernel", e.kernel.name},
             {"chosen_by", by},
             {"own_choice", e.kernel.own},
             {"note", e.kernel.refused}}},
           {"products_right", e.in_use().wrong.empty()}};
  out["kernels"] = Json::array();
  for (const auto &m : e.kernels) out["kernels"].push_back(to_json(m));
  out["share_of_best"] = e.share();
  out["read_gb_per_s"] = {{"one_thread", e.read_one}, {"all_threads", e.read_all}};
  out["denormals_flushed"] = numeric::denormal_bits != 0;
  out["plugins"] = {{"folders", e.plugin_folders},    {"rules", e.rules},
                    {"dynamics", e.dynamics},         {"objectives", e.objectives},
                    {"environments", e.environments}, {"left_out", e.plugin_problems}};
  out["mpi"] = {{"found", e.mpi.problem.empty()}, {"library", e.mpi.mpi}, {"problem", e.mpi.problem}};
  out["data"] = Json::array();
  for (const auto &set : e.data)
    out["data"].push_back({{"name", set.name}, {"found", set.problem.empty()}, {"problem", set.problem}});
  return out;
}

} // namespace

void add_doctor(CLI::App &app, Context &context) {
  struct Options {
    bool json = false, this_kernel = false;
  };
  auto options = std::make_shared<Options>();
  auto *command = app.add_subcommand(
      "doctor", "examines this machine: processor, BLAS kernel and its products, speeds, plugins, data (some seconds)");
  command->add_flag("--json", options->json, "prints one JSON object");
  command->add_flag("--this-kernel", options->this_kernel)->group(""); // for its own children
  command->callback([options, &context] {
    numeric::use_one_blas_thread();
    if (options->this_kernel) {
      print_json(to_json(measure_here()));
      return;
    }
    const auto examined = examine(context);
    if (options->json)
      print_json(to_json(examined));
    else
      print_text(examined);
    if (!examined.in_use().wrong.empty()) context.exit_code = failed;
  });
}

} // namespace engram::cli
