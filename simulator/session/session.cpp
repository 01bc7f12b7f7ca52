#include "session/session.hpp"

#include "numeric/threads.hpp"
#include "session/open_circuit.hpp"
#include "session/sharing_out.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <sstream>
#include <utility>

namespace engram::session {

namespace {

template <class T> void add_circuit(Session &session, const Folders &folders) {
  auto circuit = open_circuit<T>(session.model, session.places, session.dynamics, session.task, folders.data,
                                 split_of(session.ranks));
  session.trials = std::move(circuit.trials);
  session.label_names = std::move(circuit.label_names);
  session.network = std::move(circuit.network);
  session.lines = std::move(circuit.lines);
}

} // namespace

// Rank 0 tells what the others found too: a line that not all have found, with the rank that it is of.
namespace {

void tell_of_all(Session &session) {
  std::string text;
  for (const auto &line : session.lines) text += line + '\n';
  ranks::Gathered all;
  session.ranks->gather(std::as_bytes(std::span(text)), all);
  if (!session.ranks->is_first()) return;
  std::map<std::string, std::size_t> found; // by how many
  std::vector<std::vector<std::string>> of;
  for (int r = 0; r < session.ranks->size(); ++r) {
    const auto bytes = all.of(r);
    std::istringstream lines(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
    of.emplace_back();
    for (std::string line; std::getline(lines, line);)
      if (std::find(of.back().begin(), of.back().end(), line) == of.back().end()) {
        of.back().push_back(line);
        ++found[line];
      }
  }
  session.lines.clear();
  for (std::size_t r = 0; r < of.size(); ++r)
    for (const auto &line : of[r]) {
      const bool by_all = found[line] == of.size();
      if (r == 0 || !by_all) session.lines.push_back(by_all ? line : "rank " + std::to_string(r) + ": " + line);
    }
}

} // namespace

Session open(LoadedModel loaded, const Folders &folders, ranks::Ranks *ranks) {
  Session session{std::move(loaded), {}, {}, {}, {}};
  if (ranks && ranks->size() > 1) {
    require_shareable(session);
    session.ranks = ranks;
  }
  if (session.model.single)
    add_circuit<float>(session, folders);
  else
    add_circuit<double>(session, folders);
  if (session.ranks) tell_of_all(session);
  return session;
}

Session open(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
             const Listener &listener) {
  return open(load_model(file, overrides, folders, listener), folders);
}

int threads_or_all(int asked) { return asked > 0 ? asked : numeric::available_threads(); }

} // namespace engram::session
