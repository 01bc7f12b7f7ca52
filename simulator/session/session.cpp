#include "session/session.hpp"

#include "numeric/threads.hpp"
#include "session/open_circuit.hpp"
#include "session/sharing_out.hpp"

#include <algorithm>
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

// Rank 0 tells what the others found too: a line that is not its own with the rank that it is of.
namespace {

void tell_of_all(Session &session) {
  std::string text;
  for (const auto &line : session.lines) text += line + '\n';
  ranks::Gathered all;
  session.ranks->gather(std::as_bytes(std::span(text)), all);
  const auto own = session.lines;
  for (int r = 1; session.ranks->is_first() && r < session.ranks->size(); ++r) {
    const auto bytes = all.of(r);
    std::istringstream lines(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
    for (std::string line; std::getline(lines, line);)
      if (std::find(own.begin(), own.end(), line) == own.end())
        session.lines.push_back("rank " + std::to_string(r) + ": " + line);
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
