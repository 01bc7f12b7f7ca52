#include "cli/notes.hpp"

#include "cli/output.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <utility>

namespace engram::cli {

void print_lines(const std::vector<std::string> &lines) {
  for (const auto &line : lines) say(data::printable_line(line));
}

void tell_left_out(const std::vector<std::string> &problems) {
  for (const auto &problem : problems) say("engram: note: " + data::printable_line(problem) + "; it is left out");
}

session::Listener telling_listener() {
  session::Listener listener;
  listener.left_out = tell_left_out;
  listener.plugin_wrong = [](const std::string &searched) {
    say("engram: note: for plugins it " + data::printable_line(searched));
  };
  const auto told = std::make_shared<std::set<std::pair<std::string, session::Runs>>>();
  listener.foreign_rule = [told](const std::string &file, session::Runs runs) {
    std::error_code error;
    const auto real = std::filesystem::weakly_canonical(file, error);
    if (!told->emplace(real.string(), runs).second) return;
    say("engram: note: " + data::printable_line(file) + " is not an installed plugin; its code runs " +
        (runs == session::Runs::apart ? "in a process of its own, to read its table" : "in this program"));
  };
  return listener;
}

} // namespace engram::cli
