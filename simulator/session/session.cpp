#include "session/session.hpp"

#include "numeric/threads.hpp"
#include "session/open_circuit.hpp"

#include <utility>

namespace engram::session {

namespace {

template <class T> void add_circuit(Session &session, const Folders &folders) {
  auto circuit = open_circuit<T>(session.model, session.places, session.dynamics, session.task, folders.data);
  session.trials = std::move(circuit.trials);
  session.label_names = std::move(circuit.label_names);
  session.network = std::move(circuit.network);
  session.lines = std::move(circuit.lines);
}

} // namespace

Session open(LoadedModel loaded, const Folders &folders) {
  Session session{std::move(loaded), {}, {}, {}, {}};
  if (session.model.single)
    add_circuit<float>(session, folders);
  else
    add_circuit<double>(session, folders);
  return session;
}

Session open(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
             const Listener &listener) {
  return open(load_model(file, overrides, folders, listener), folders);
}

int threads_or_all(int asked) { return asked > 0 ? asked : numeric::available_threads(); }

} // namespace engram::session
