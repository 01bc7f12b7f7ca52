// A Watch is told how far the long loops of its thread are, for whoever waits for them.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace engram::numeric {

class Watch {
public:
  /// Takes the parts that are done, and how many there are.
  using Tell = std::function<void(std::size_t done, std::size_t all)>;

  /// From here to the end of the scope the loops of this thread tell. It takes the place of one that is there.
  explicit Watch(Tell tell) : tell_(std::move(tell)), before_(std::exchange(current(), this)) {}
  ~Watch() { current() = before_; }
  Watch(const Watch &) = delete;
  Watch &operator=(const Watch &) = delete;

private:
  friend class WatchedLoop;
  static Watch *&current() {
    static thread_local Watch *watch = nullptr;
    return watch;
  }

  Tell tell_;
  Watch *before_;
};

/// A loop of some parts. Loops within it do not tell: one part of theirs is a small piece of the whole.
class WatchedLoop {
public:
  explicit WatchedLoop(std::size_t parts) : parts_(parts), watch_(std::exchange(Watch::current(), nullptr)) { done(0); }
  ~WatchedLoop() { Watch::current() = watch_; }
  WatchedLoop(const WatchedLoop &) = delete;
  WatchedLoop &operator=(const WatchedLoop &) = delete;
  /// So many are done. Called by the thread of the loop alone.
  void done(std::size_t parts) const {
    if (watch_ && watch_->tell_) watch_->tell_(parts, parts_);
  }

private:
  std::size_t parts_;
  Watch *watch_;
};

} // namespace engram::numeric
