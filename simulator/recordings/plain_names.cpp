#include "recordings/plain_names.hpp"

#include <map>
#include <set>

namespace engram::recordings {

namespace {

std::string last_part(const std::string &path) {
  const bool is_path = path.size() > 1 && path.front() == '/' && path.back() != '/';
  return is_path ? path.substr(path.rfind('/') + 1) : path;
}

} // namespace

std::vector<std::string> plain_names(const std::vector<std::string> &paths) {
  std::map<std::string, std::set<std::string>> by_name; // the different paths of a name
  for (const auto &path : paths) by_name[last_part(path)].insert(path);
  std::vector<std::string> names;
  for (const auto &path : paths) {
    const std::string name = last_part(path);
    names.push_back(by_name[name].size() == 1 ? name : path);
  }
  return names;
}

} // namespace engram::recordings
