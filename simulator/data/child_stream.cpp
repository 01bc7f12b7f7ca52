#include "data/child_stream.hpp"

#include "data/array.hpp"
#include "error/error.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace engram::data {

namespace {
constexpr std::size_t sent_at_once = std::size_t{1} << 16; // bytes; what is larger is sent from where it lies
} // namespace

void ChildStream::send(const void *bytes, std::size_t count) {
  const auto *next = static_cast<const char *>(bytes);
  while (count > 0) {
    const ssize_t sent = ::send(socket_, next, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) lost(false);
    next += sent;
    count -= static_cast<std::size_t>(sent);
  }
}

void ChildStream::send_frame(Kind kind, const void *bytes, std::size_t count) {
  const Head head{kind, count};
  send(&head, sizeof head);
  send(bytes, count);
}

void ChildStream::send_waiting() {
  if (!waiting_.empty()) send_frame(Kind::values, waiting_.data(), waiting_.size());
  waiting_.clear();
}

void ChildStream::put_bytes(const void *bytes, std::size_t count) {
  if (waiting_.size() + count > sent_at_once) send_waiting();
  if (count > sent_at_once) return send_frame(Kind::values, bytes, count);
  const auto *begin = static_cast<const std::byte *>(bytes);
  waiting_.insert(waiting_.end(), begin, begin + count);
}

void ChildStream::end_message() {
  send_waiting();
  send_frame(Kind::end, nullptr, 0);
}

void ChildStream::refuse(bool broken, const std::string &why) {
  waiting_.clear();
  send_frame(broken ? Kind::broken : Kind::refused, why.data(), why.size());
}

void ChildStream::receive(void *to, std::size_t count) {
  auto *next = static_cast<char *>(to);
  while (count > 0) {
    pollfd waiting{socket_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, patience_ms_);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) lost(true);
    const ssize_t got = ::recv(socket_, next, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) lost(false);
    next += got;
    count -= static_cast<std::size_t>(got);
  }
}

void ChildStream::drop(std::size_t count) {
  std::array<std::byte, 1 << 14> part;
  for (; count > 0; count -= std::min(count, part.size())) receive(part.data(), std::min(count, part.size()));
}

ChildStream::Kind ChildStream::next_frame() {
  Head head{};
  receive(&head, sizeof head);
  left_ = static_cast<std::size_t>(head.size);
  over_ = head.kind != Kind::values;
  return head.kind;
}

void ChildStream::throw_refusal(Kind kind) {
  constexpr std::size_t longest = std::size_t{1} << 16;
  std::string why(std::min(left_, longest), '\0');
  receive(why.data(), why.size());
  drop(left_ - why.size());
  left_ = 0;
  if (!why.starts_with(name_)) why = name_ + ": " + why;
  if (kind == Kind::broken) throw Broken(why);
  throw DataError(why);
}

void ChildStream::take_bytes(void *to, std::size_t count) {
  auto *next = static_cast<std::byte *>(to);
  while (count > 0) {
    if (over_) lost(false); // it said less than it should
    if (left_ == 0) {
      const Kind kind = next_frame();
      if (kind == Kind::refused || kind == Kind::broken) throw_refusal(kind);
      continue;
    }
    const std::size_t part = std::min(count, left_);
    receive(next, part);
    left_ -= part;
    next += part;
    count -= part;
  }
}

void ChildStream::take_end() {
  while (!over_) {
    drop(std::exchange(left_, 0));
    const Kind kind = next_frame();
    if (kind == Kind::refused || kind == Kind::broken) throw_refusal(kind);
  }
}

void ChildStream::pass_to_end() {
  while (!over_) {
    drop(std::exchange(left_, 0));
    next_frame();
  }
  drop(std::exchange(left_, 0)); // of a refusal
}

} // namespace engram::data
