// Guarded memory detects stray accesses. Each array ends at a page that cannot be read, and the array itself may be
// read-only.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace engram::conformance {

/// One array with a guard page behind it, a guard page before it, and a known pattern in the gap before it.
/// Named, so that a fault can be told by name. Not copyable.
class Guarded {
public:
  /// plain: memory without guards, which is quicker to get.
  enum class Access { read, write, plain };
  Guarded(std::string name, const void *values, std::size_t bytes, Access access);
  ~Guarded();
  Guarded(const Guarded &) = delete;
  Guarded &operator=(const Guarded &) = delete;

  void *data() const { return data_; }
  /// Was the gap before the array written to?
  bool damaged() const;
  const std::string &name() const { return name_; }

private:
  std::string name_;
  std::vector<char> plain_;
  char *pages_ = nullptr, *data_ = nullptr;
  std::size_t mapped_ = 0, bytes_ = 0, page_ = 0;
};

/// An array of T in guarded memory.
template <class T> class GuardedArray : public Guarded {
public:
  GuardedArray(std::string name, const std::vector<T> &values, Access access)
      : Guarded(std::move(name), values.data(), values.size() * sizeof(T), access), count_(values.size()) {}
  T *get() const { return static_cast<T *>(data()); }
  std::vector<T> values() const { return std::vector<T>(get(), get() + count_); }

private:
  std::size_t count_;
};

/// Who owns the address: "after pre.rate", "pre.rate (read-only)"; "" when it belongs to no guarded array. Safe to be
/// called from a signal handler: writes into `text`.
void describe_address(const void *address, char *text, std::size_t capacity);

} // namespace engram::conformance
