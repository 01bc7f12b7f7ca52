#include "conformance/guarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <new>

namespace engram::conformance {

namespace {

constexpr unsigned char pattern = 0xA5;

// A signal handler can reach nothing but globals. Slots are taken and freed without a lock.
struct Slot {
  std::atomic<const char *> name{nullptr};
  const char *pages = nullptr, *begin = nullptr, *end = nullptr, *last = nullptr;
};
std::array<Slot, 4096> slots;

void take(const char *name, const char *pages, const char *begin, const char *end, const char *last) {
  for (auto &slot : slots) {
    const char *empty = nullptr;
    if (slot.name.load() != nullptr || !slot.name.compare_exchange_strong(empty, "")) continue;
    slot.pages = pages;
    slot.begin = begin;
    slot.end = end;
    slot.last = last;
    slot.name.store(name);
    return;
  }
}

} // namespace

Guarded::Guarded(std::string name, const void *values, std::size_t bytes, Access access)
    : name_(std::move(name)), bytes_(bytes), page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
  if (access == Access::plain) {
    plain_.resize(bytes + 1); // a pointer to something, even to nothing
    data_ = plain_.data();
    if (bytes > 0) std::memcpy(data_, values, bytes);
    return;
  }
  const std::size_t inner = (bytes + page_ - 1) / page_ * page_ + (bytes == 0 ? page_ : 0);
  mapped_ = inner + 2 * page_;
  void *pages = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<char *>(pages);
  char *first = pages_ + page_;
  mprotect(first, inner, PROT_READ | PROT_WRITE);
  std::memset(first, pattern, inner);
  data_ = first + inner - bytes;
  if (bytes > 0) std::memcpy(data_, values, bytes);
  if (access == Access::read) mprotect(first, inner, PROT_READ);
  take(name_.c_str(), pages_, data_, data_ + bytes, pages_ + mapped_);
}

Guarded::~Guarded() {
  if (!pages_) return;
  for (auto &slot : slots) {
    if (slot.pages != pages_ || slot.name.load() == nullptr) continue;
    slot.name.store(nullptr);
    break;
  }
  munmap(pages_, mapped_);
}

bool Guarded::damaged() const {
  if (!pages_) return false;
  for (const char *p = pages_ + page_; p < data_; ++p)
    if (static_cast<unsigned char>(*p) != pattern) return true;
  return false;
}

void describe_address(const void *address, char *text, std::size_t capacity) {
  text[0] = '\0';
  const auto *at = static_cast<const char *>(address);
  for (const auto &slot : slots) {
    const char *name = slot.name.load();
    if (name == nullptr || at < slot.pages || at >= slot.last) continue;
    const char *where = at >= slot.end ? "beyond the end of " : at < slot.begin ? "before " : "read-only ";
    std::snprintf(text, capacity, "%s%s", where, name);
    return;
  }
}

} // namespace engram::conformance
