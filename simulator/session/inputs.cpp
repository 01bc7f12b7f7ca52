#include "session/inputs.hpp"

#include "data/checksum.hpp"
#include "input/document.hpp"
#include "model/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>

namespace engram::session {

namespace {

namespace fs = std::filesystem;

constexpr const char *no_file = "absent", *unreadable = "unreadable";

template <class T> void add(data::Sha256 &sum, const T &values) { sum.add(std::as_bytes(std::span(values))); }

// Its length comes first, so that no two lists of files or arrays give the same bytes.
template <class T> void add_part(data::Sha256 &sum, const T &values) {
  add(sum, fmt::format("{}:", values.size()));
  add(sum, values);
}

// False where it cannot be read to its end.
bool add_file(data::Sha256 &sum, const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    add(sum, std::span(block).first(static_cast<std::size_t>(file.gcount())));
  return file.eof() && !file.bad();
}

std::string checksum_of_folder(const fs::path &folder) {
  std::error_code error;
  std::set<std::string> names; // relative
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unknown;
    if (!entry->is_directory(unknown)) names.insert(entry->path().lexically_relative(folder).string());
  }
  if (error) return unreadable;
  data::Sha256 sum;
  for (const auto &name : names) {
    add_part(sum, name);
    add_part(sum, checksum_of(folder / name));
  }
  return sum.text();
}

std::string checksum_of(const task::Trials &trials) {
  data::Sha256 sum;
  for (const auto &[name, array] : trials.arrays) {
    add_part(sum, name);
    std::visit([&](const auto &values) { add_part(sum, values); }, array.values);
  }
  add_part(sum, trials.labels);
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

std::string checksum_of(const std::filesystem::path &path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return checksum_of_folder(path);
  if (!fs::is_regular_file(path, error)) return no_file;
  data::Sha256 sum;
  return add_file(sum, path) ? sum.text() : unreadable;
}

std::string inputs_of(const Session &session) {
  auto all = input::Json::object();
  all["files"] = input::Json::object();
  all["data"] = input::Json::object();
  all["plugins"] = input::Json::object();
  for (const auto &file : model::files_named(input::Json::parse(session.model.expanded)))
    all["files"][file] = checksum_of(fs::path(file));
  if (const auto &name = session.model.task.stimuli.dataset; !name.empty())
    all["data"][name] = checksum_of(session.trials);
  for (const auto &name : plugins_of(session)) all["plugins"][name] = checksum_of(fs::path(session.library.find(name)));
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
      return what + name + (sum == no_file ? " is gone" : sum == unreadable ? " cannot be read" : " has changed since");
    }
  }
  return "";
}

} // namespace engram::session
