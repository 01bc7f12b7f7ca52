#include "session/inputs.hpp"

#include "input/document.hpp"
#include "model/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

namespace engram::session {

namespace {

namespace fs = std::filesystem;

// A multiplication for each eight bytes: faster than a disk.
class Checksum {
public:
  void add(const char *bytes, std::size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes, 8);
      mix(word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, bytes, count);
    mix(rest + count);
  }
  std::string text() const { return fmt::format("{:016x}", sum_); }

private:
  void mix(std::uint64_t word) {
    sum_ = (sum_ ^ word) * 0x9E3779B97F4A7C15u;
    sum_ ^= sum_ >> 29;
  }
  std::uint64_t sum_ = 0x243F6A8885A308D3u;
};

void add_file(Checksum &sum, const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    sum.add(block.data(), static_cast<std::size_t>(file.gcount()));
}

std::string checksum_of(const std::string &path) {
  Checksum sum;
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (!fs::is_regular_file(path, error)) return "absent";
    add_file(sum, path);
    return sum.text();
  }
  std::set<fs::path> inside;
  for (const auto &entry : fs::directory_iterator(path, error))
    if (entry.is_regular_file(error)) inside.insert(entry.path());
  for (const auto &file : inside) {
    const auto name = file.filename().string();
    sum.add(name.data(), name.size());
    add_file(sum, file);
  }
  return sum.text();
}

std::string checksum_of(const task::Trials &trials) {
  Checksum sum;
  for (const auto &[name, array] : trials.arrays) {
    sum.add(name.data(), name.size());
    std::visit(
        [&](const auto &values) {
          sum.add(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(values[0]));
        },
        array.values);
  }
  sum.add(reinterpret_cast<const char *>(trials.labels.data()), trials.labels.size() * sizeof(std::int64_t));
  return sum.text();
}

// Names or paths of the plugins that the model names; what engram itself has comes first in each list.
std::set<std::string> plugins_of(const Session &session) {
  std::set<std::string> names;
  for (const auto &rule : session.model.rules) names.insert(rule.plugin);
  const auto add = [&](const auto &entries, std::size_t own) {
    for (std::size_t k = own; k < entries.size(); ++k) names.insert(entries[k].words.name);
  };
  add(session.dynamics, dynamics::dynamics_entries().size());
  const auto own = task::task_entries();
  add(session.task.objectives, own.objectives.size());
  add(session.task.environments, own.environments.size());
  return names;
}

} // namespace

std::string inputs_of(const Session &session) {
  auto all = input::Json::object();
  all["files"] = input::Json::object();
  all["data"] = input::Json::object();
  all["plugins"] = input::Json::object();
  for (const auto &file : model::files_named(input::Json::parse(session.model.expanded)))
    all["files"][file] = checksum_of(file);
  if (const auto &name = session.model.task.stimuli.dataset; !name.empty())
    all["data"][name] = checksum_of(session.trials);
  for (const auto &name : plugins_of(session)) all["plugins"][name] = checksum_of(session.library.find(name));
  return all.dump();
}

std::string changed_input(const std::string &then, const std::string &now) {
  const auto before = input::Json::parse(then, nullptr, false), after = input::Json::parse(now, nullptr, false);
  if (before.is_discarded() || !before.is_object()) return "its list of files is damaged";
  for (const auto &[kind, what] :
       {std::pair{"files", "the file "}, {"data", "the data set "}, {"plugins", "the plugin "}}) {
    const auto listed = before.find(kind);
    if (listed == before.end() || !listed->is_object()) return "its list of files is damaged";
    for (const auto &[name, sum] : after.at(kind).items()) {
      const auto found = listed->find(name);
      if (found == listed->end()) return what + name + " was not among what it read";
      if (sum == *found) continue;
      return what + name + (sum == "absent" ? " is gone" : " has changed since");
    }
  }
  return "";
}

} // namespace engram::session
