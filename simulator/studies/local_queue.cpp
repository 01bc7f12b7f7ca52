#include "studies/local_queue.hpp"

#include "data/reading_child.hpp"
#include "studies/child_programs.hpp"

#include <system_error>

namespace engram::studies {

void run_local_queue(const JobQueue &queue) {
  const ChildSignal child_ends; // they are waited for below
  ChildPrograms running;
  std::size_t next = 0;
  bool stopping = false;
  int refused = 0; // why no process could be started
  while (true) {
    while (!stopping && refused == 0 && running.count() < queue.at_once && next < queue.count) {
      refused = running.start(queue.job(next), next, queue.keep_open, child_ends.before());
      if (refused == 0) ++next;
    }
    if (running.count() == 0) break;
    if (!stopping && queue.stop && *queue.stop) {
      stopping = true;
      running.end();
    }
    wait_for_child();
    for (const auto &[which, end] : running.take_ended()) {
      refused = 0; // there is room for another
      queue.ended(which, end);
    }
    if (queue.waits) queue.waits(running.count());
  }
  if (refused != 0 && !stopping) throw std::system_error(refused, std::generic_category(), data::no_process(refused));
}

} // namespace engram::studies
