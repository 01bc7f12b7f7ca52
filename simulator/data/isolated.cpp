#include "data/isolated.hpp"

namespace engram::data {

void isolated(const std::string &name, const std::string &file, const std::function<void(ChildStream &)> &work,
              const std::function<void(ChildStream &)> &receive, std::uint64_t most_memory) {
  Child child(
      name, file,
      [&](ChildStream &out) -> Answer {
        work(out);
        return {};
      },
      most_memory);
  receive(child);
  child.take_end();
}

Bytes isolated(const std::string &name, const std::string &file, const std::function<Bytes()> &work) {
  Bytes bytes;
  isolated(
      name, file, [&](ChildStream &out) { put(out, work()); }, [&](ChildStream &in) { take(in, bytes); });
  return bytes;
}

} // namespace engram::data
