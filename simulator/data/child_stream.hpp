// A ChildStream carries values between a process and its child, in both directions.
//
// One message is any number of values and an end, or the reason why no more of it comes. Numbers travel as this machine
// holds them. put() and take() are for numbers, texts, pairs, vectors, and structs that have a function members(): what
// one side puts, the other takes in the same order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace engram::data {

class ChildStream {
public:
  /// `socket` stays the caller's. `name`: begins what a refusal says.
  ChildStream(int socket, std::string name, int patience_ms)
      : name_(std::move(name)), socket_(socket), patience_ms_(patience_ms) {}
  virtual ~ChildStream() = default;
  ChildStream(const ChildStream &) = delete;
  ChildStream &operator=(const ChildStream &) = delete;

  void put_bytes(const void *bytes, std::size_t count);
  void end_message();
  /// Ends the message too: why there is no more of it. `broken`: for a fault of engram, not of the file.
  void refuse(bool broken, const std::string &why);

  /// The next message is taken from here on.
  void begin_message() { over_ = false; }
  /// Errors: DataError, or Broken, for what the other side refused.
  void take_bytes(void *to, std::size_t count);
  /// The end of the message, past all that was not taken. Errors: as take_bytes().
  void take_end();
  /// The same, where a refusal no longer matters.
  void pass_to_end();

  const std::string &name() const { return name_; }

protected:
  int socket() const { return socket_; }

private:
  enum class Kind : std::uint64_t { values, end, refused, broken };
  struct Head {
    Kind kind;
    std::uint64_t size; ///< bytes that follow
  };

  /// The other side is gone, or has been silent for too long.
  [[noreturn]] virtual void lost(bool silent) = 0;

  void send(const void *bytes, std::size_t count);
  void send_frame(Kind kind, const void *bytes, std::size_t count);
  void send_waiting();
  void receive(void *to, std::size_t count);
  void drop(std::size_t count);
  Kind next_frame();
  [[noreturn]] void throw_refusal(Kind kind);

  std::string name_;
  int socket_, patience_ms_;
  std::vector<std::byte> waiting_; ///< to be sent
  std::size_t left_ = 0;           ///< bytes of the frame that were not yet taken
  bool over_ = false;
};

template <class T>
concept PlainValue = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::byte>;
/// A struct with a function members(), which ties all its members.
template <class T>
concept HasMembers = requires(T &value) {
  members(value);
};

template <PlainValue T> void put(ChildStream &to, const T &value) { to.put_bytes(&value, sizeof value); }
template <PlainValue T> void take(ChildStream &from, T &value) { from.take_bytes(&value, sizeof value); }

inline void put(ChildStream &to, const std::string &text) {
  put(to, text.size());
  to.put_bytes(text.data(), text.size());
}
template <class A, class B> void put(ChildStream &to, const std::pair<A, B> &pair);
template <HasMembers T> void put(ChildStream &to, const T &value);
template <class T> void put(ChildStream &to, const std::vector<T> &values) {
  put(to, values.size());
  if constexpr (PlainValue<T>)
    to.put_bytes(values.data(), values.size() * sizeof(T));
  else
    for (const T &value : values) put(to, value);
}
template <class A, class B> void put(ChildStream &to, const std::pair<A, B> &pair) {
  put(to, pair.first);
  put(to, pair.second);
}
template <HasMembers T> void put(ChildStream &to, const T &value) {
  std::apply([&](const auto &...each) { (put(to, each), ...); }, members(const_cast<T &>(value))); // changes none
}

// A child whose memory is damaged may send any count: memory grows with what really comes.
inline constexpr std::size_t taken_at_once = std::size_t{1} << 24; // bytes

template <class Values> void take_plain(ChildStream &from, Values &values) {
  using T = typename Values::value_type;
  std::size_t count = 0;
  take(from, count);
  values.clear();
  values.reserve(count);
  while (values.size() < count) {
    const std::size_t done = values.size(), part = std::min(count - done, taken_at_once / sizeof(T));
    values.resize(done + part);
    from.take_bytes(values.data() + done, part * sizeof(T));
  }
}

inline void take(ChildStream &from, std::string &text) { take_plain(from, text); }
template <class A, class B> void take(ChildStream &from, std::pair<A, B> &pair);
template <HasMembers T> void take(ChildStream &from, T &value);
template <class T> void take(ChildStream &from, std::vector<T> &values) {
  if constexpr (PlainValue<T>) {
    take_plain(from, values);
  } else {
    std::size_t count = 0;
    take(from, count);
    values.clear();
    for (std::size_t k = 0; k < count; ++k) take(from, values.emplace_back());
  }
}
template <class A, class B> void take(ChildStream &from, std::pair<A, B> &pair) {
  take(from, pair.first);
  take(from, pair.second);
}
template <HasMembers T> void take(ChildStream &from, T &value) {
  std::apply([&](auto &...each) { (take(from, each), ...); }, members(value));
}

template <class T> T taken(ChildStream &from) {
  T value{};
  take(from, value);
  return value;
}

} // namespace engram::data
