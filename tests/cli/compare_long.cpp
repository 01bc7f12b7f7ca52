// An interrupt ends a comparison within a second, whatever method it is in; what was done by then is printed. On a
// terminal a long one says how far it is.
#include "catch.hpp"
#include "cli/npy_file.hpp"
#include "command.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace command;

namespace {

using Json = nlohmann::json;

std::vector<double> some_numbers(std::size_t count, double offset) {
  std::vector<double> out(count);
  for (std::size_t k = 0; k < count; ++k) out[k] = 3 + std::sin(0.7 * static_cast<double>(k * k % 9973) + offset);
  return out;
}

// Two arrays of 40 conditions × 30 neurons × 4 repeats × 3 bins, the trains of 60 units, and where the animal was.
void write_inputs(const Folder &folder) {
  write_numbers(folder, "a.npy", {40, 30, 4, 3}, some_numbers(40 * 30 * 4 * 3, 0));
  write_numbers(folder, "b.npy", {40, 30, 4, 3}, some_numbers(40 * 30 * 4 * 3, 1));
  std::string trains;
  for (int u = 0; u < 60; ++u) {
    for (int k = 0; k < 300; ++k) trains += std::to_string(0.2 * k + 0.19 * std::abs(std::sin(u + 1.3 * k))) + " ";
    trains += "\n";
  }
  folder.write("trains.txt", trains);
  std::vector<double> path, noise;
  for (int k = 0; k < 3000; ++k) {
    path.insert(path.end(), {50 + 49 * std::sin(0.013 * k), 50 + 49 * std::cos(0.0171 * k)});
    noise.push_back(std::sin(1.7 * k * k));
  }
  write_numbers(folder, "path.npy", {3000, 2}, path);
  write_numbers(folder, "noise.npy", {3000, 1}, noise);
}

// A comparison that would take minutes: by its resamples and relabellings, or by what the method is asked for.
Json long_one(const std::string &method, const std::string &inputs) {
  const Json array{{"file", ""}, {"axes", {"condition", "neuron", "repeat", "time"}}};
  Json first = array, second = array,
       trains{{"file", "trains.txt"}, {"spikes", {{"unit", "s"}, {"layout", "rows"}, {"observed", {0, 60000}}}}};
  first["file"] = "a.npy";
  second["file"] = "b.npy";
  if (inputs == "path") trains["position"] = {{"file", "path.npy"}, {"rate", 50}};
  if (inputs == "noise") trains["stimulus"] = {{"file", "noise.npy"}, {"rate", 50}};
  Json config{{"bootstrap", 10'000'000}, {"permutations", 10'000'000}, {"methods", {{{"type", method}}}}};
  config["circuits"] = Json::array({inputs == "arrays" || inputs == "array" ? first : trains});
  if (inputs == "arrays") config["recordings"] = Json::array({second});
  if (method == "grid") config["methods"][0]["shuffles"] = 100'000;
  return config;
}

// Interrupts the comparison once it has computed for half a second. Its stdout ends with the seconds that it went on
// for.
Result interrupted(const Folder &folder, const std::string &options) {
  folder.write("go.sh",
               "\"$1\" compare --config long.json " + options +
                   " --threads 2 & run=$!\n"
                   "used() { awk '{ print $14 + $15 }' /proc/$run/stat; }\n"
                   "n=0; while [ $(used) -lt 50 ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\n"
                   "begin=$(date +%s%N); kill -INT $run\n"
                   "(sleep 60; kill -KILL $run) 2>/dev/null & guard=$!\n"
                   "wait $run; status=$?; kill $guard; echo $(( ($(date +%s%N) - begin) / 1000000 )); exit $status\n");
  const Folder scratch;
  const auto out = scratch.path / "out", err = scratch.path / "err";
  const std::string line = "cd '" + folder.path.string() + "' && bash go.sh '" + ENGRAM_BUILD_DIR + "/engram' >'" +
                           out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
}

double milliseconds_in(const std::string &out) {
  const auto end = out.find_last_not_of('\n'), before = out.rfind('\n', end);
  return std::stod(out.substr(before == std::string::npos ? 0 : before + 1));
}

} // namespace

// A second, and what a machine that is busy with other tests adds to it.
TEST_CASE("an interrupt ends a long comparison within a second in every method", "[cli][recordings][signals][slow]") {
  const Folder folder;
  write_inputs(folder);
  const std::vector<std::pair<std::string, std::string>> all{
      {"rsa", "arrays"},         {"cka", "arrays"},           {"procrustes", "arrays"}, {"svcca", "arrays"},
      {"ridge", "arrays"},       {"pls", "arrays"},           {"psth", "arrays"},       {"correlations", "array"},
      {"reliability", "array"},  {"repeats", "array"},        {"explainable", "array"}, {"decoding", "array"},
      {"nearest_mean", "array"}, {"tuning", "array"},         {"spikes", "trains"},     {"counts", "trains"},
      {"synchrony", "trains"},   {"distances", "trains"},     {"tiling", "trains"},     {"grid", "path"},
      {"rate_maps", "path"},     {"receptive_field", "noise"}};
  for (const auto &[method, inputs] : all) {
    folder.write("long.json", long_one(method, inputs).dump());
    const auto r = interrupted(folder, "");
    INFO(method << "\n" << r.out << r.err);
    CHECK(r.exit == 1);
    CHECK(contains(r.err, "engram: interrupted; these are the comparisons that were done"));
    CHECK(milliseconds_in(r.out) < 3000);
  }
}

TEST_CASE("a position that is a file of one array needs no key", "[cli][recordings]") {
  const Folder folder;
  write_inputs(folder);
  auto config = long_one("rate_maps", "path");
  config["bootstrap"] = config["permutations"] = 0;
  folder.write("short.json", config.dump());
  const auto r = command::engram("compare --config short.json", folder.path);
  INFO(r.out << r.err);
  CHECK(r.exit == 0);
  CHECK(contains(r.out, "rate_maps."));
}

TEST_CASE("what was compared before an interrupt is printed and written", "[cli][recordings][signals]") {
  const Folder folder;
  write_inputs(folder);
  auto config = long_one("rsa", "arrays");
  config["methods"] = {{{"type", "dimensionality"}}, {{"type", "rsa"}, {"by", "kendall"}}};
  folder.write("long.json", config.dump());
  const auto r = interrupted(folder, "--out found --json");
  INFO(r.out << r.err);
  CHECK(r.exit == 1);
  CHECK(contains(r.out, "dimensionality"));
  CHECK(contains(slurp(folder.path / "found" / "comparison.csv"), "dimensionality,"));
  CHECK(fs::exists(folder.path / "found" / "rdms.svg"));
  CHECK_FALSE(contains(slurp(folder.path / "found" / "comparison.csv"), "rsa,"));
}

TEST_CASE("a long comparison says on a terminal how far it is, and how long it may take", "[cli][recordings]") {
  if (std::system("command -v script >/dev/null") != 0) return; // util-linux: a terminal of its own
  const Folder folder;
  write_inputs(folder);
  auto config = long_one("rsa", "arrays");
  config["permutations"] = 0;
  folder.write("long.json", config.dump());
  // Interrupted once it has said how long it may take, which on a busy machine comes late.
  folder.write("program.sh",
               "echo $$ >pid\nexec '" + std::string(ENGRAM_BUILD_DIR) + "/engram' compare --config long.json\n");
  folder.write(
      "go.sh",
      R"((for n in $(seq 600); do grep -q " left" typed 2>/dev/null && break; sleep 0.1; done; kill -INT $(cat pid)) &
timeout 90 script -qefc "sh program.sh" typed
wait
)");
  const std::string line = "cd '" + folder.path.string() + "' && sh go.sh >/dev/null 2>&1 </dev/null";
  [[maybe_unused]] const int status = std::system(line.c_str());
  const auto typed = slurp(folder.path / "typed");
  INFO(typed);
  CHECK(contains(typed, "rsa …"));
  CHECK(contains(typed, " %, about "));
  CHECK(contains(typed, " left"));
  CHECK(contains(typed, "interrupted"));
}
