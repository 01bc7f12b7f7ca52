// This is libengram_mpi.so: ranks by MPI. Nothing else of engram includes mpi.h or links MPI.
#include "error/error.hpp"
#include "ranks/mpi/interface.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <thread>

namespace engram::ranks {
namespace {

void check(int code, const char *what) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Failed(std::string("MPI: ") + what + ": " + text);
}

constexpr std::size_t piece = std::size_t{1} << 30; // bytes of a call, as MPI counts with int
constexpr int mail = 1, parts = 2;                  // tags

class Mpi final : public Ranks {
public:
  Mpi() {
    int provided = 0;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "cannot start");
    check(MPI_Comm_dup(MPI_COMM_WORLD, &all_), "cannot start"); // a plugin may use MPI too
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(all_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(all_, &rank_);
    MPI_Comm_size(all_, &size_);
    if (provided < MPI_THREAD_FUNNELED) throw Failed("MPI: this library does not go with threads");
    MPI_Comm here = MPI_COMM_NULL;
    check(MPI_Comm_split_type(all_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &here), "cannot start");
    MPI_Comm_size(here, &here_);
    MPI_Comm_free(&here);
    counts_.resize(static_cast<std::size_t>(size_));
    places_.resize(static_cast<std::size_t>(size_));
  }
  ~Mpi() override {
    MPI_Comm_free(&all_);
    MPI_Finalize();
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int on_this_machine() const override { return here_; }
  void barrier() override { check(MPI_Barrier(all_), "a rank does not answer"); }

  void all_gather(std::span<const std::byte> own, Gathered &out) override {
    const unsigned long long mine = own.size();
    lengths_.resize(static_cast<std::size_t>(size_));
    check(MPI_Allgather(&mine, 1, MPI_UNSIGNED_LONG_LONG, lengths_.data(), 1, MPI_UNSIGNED_LONG_LONG, all_),
          "a rank does not answer");
    lay_out(out);
    if (out.bytes.size() <= INT_MAX) {
      for (std::size_t r = 0; r < counts_.size(); ++r) {
        counts_[r] = static_cast<int>(lengths_[r]);
        places_[r] = static_cast<int>(out.begin[r]);
      }
      check(MPI_Allgatherv(own.data(), static_cast<int>(own.size()), MPI_BYTE, out.bytes.data(), counts_.data(),
                           places_.data(), MPI_BYTE, all_),
            "a rank does not answer");
      return;
    }
    std::copy(own.begin(), own.end(), out.bytes.begin() + static_cast<std::ptrdiff_t>(out.begin[own_place()]));
    for (int r = 0; r < size_; ++r)
      spread(out.bytes.data() + out.begin[static_cast<std::size_t>(r)], out.of(r).size(), r);
  }

  void gather(std::span<const std::byte> own, Gathered &out) override {
    const unsigned long long mine = own.size();
    lengths_.resize(static_cast<std::size_t>(size_));
    check(MPI_Gather(&mine, 1, MPI_UNSIGNED_LONG_LONG, lengths_.data(), 1, MPI_UNSIGNED_LONG_LONG, 0, all_),
          "a rank does not answer");
    if (rank_ != 0) {
      for (std::size_t done = 0; done < own.size(); done += piece)
        check(
            MPI_Send(own.data() + done, static_cast<int>(std::min(piece, own.size() - done)), MPI_BYTE, 0, parts, all_),
            "rank 0 does not answer");
      return;
    }
    lay_out(out);
    std::copy(own.begin(), own.end(), out.bytes.begin());
    for (int r = 1; r < size_; ++r) {
      std::byte *to = out.bytes.data() + out.begin[static_cast<std::size_t>(r)];
      const std::size_t count = out.of(r).size();
      for (std::size_t done = 0; done < count; done += piece)
        check(MPI_Recv(to + done, static_cast<int>(std::min(piece, count - done)), MPI_BYTE, r, parts, all_,
                       MPI_STATUS_IGNORE),
              "a rank does not answer");
    }
  }

  void broadcast(Bytes &bytes, int from) override {
    unsigned long long length = bytes.size();
    check(MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG_LONG, from, all_), "a rank does not answer");
    bytes.resize(length);
    spread(bytes.data(), bytes.size(), from);
  }

  void send(int to, std::span<const std::byte> bytes) override {
    if (bytes.size() > INT_MAX) throw Failed("MPI: a message is too long");
    check(MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, to, mail, all_), "a rank does not answer");
  }

  std::optional<Message> receive(double seconds) override {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    for (int tries = 0;; ++tries) {
      int there = 0;
      MPI_Status status;
      check(MPI_Iprobe(MPI_ANY_SOURCE, mail, all_, &there, &status), "a rank does not answer");
      if (there) {
        int count = 0;
        check(MPI_Get_count(&status, MPI_BYTE, &count), "a message cannot be read");
        Message message{status.MPI_SOURCE, Bytes(static_cast<std::size_t>(count))};
        check(MPI_Recv(message.bytes.data(), count, MPI_BYTE, message.from, mail, all_, MPI_STATUS_IGNORE),
              "a message cannot be read");
        return message;
      }
      if (Clock::now() >= end) return std::nullopt;
      if (tries > 100) std::this_thread::sleep_for(std::chrono::microseconds(500)); // leaves the core to who computes
    }
  }

  [[noreturn]] void abort(int exit_code) override {
    MPI_Abort(all_, exit_code);
    std::_Exit(exit_code);
  }

private:
  std::size_t own_place() const { return static_cast<std::size_t>(rank_); }
  void lay_out(Gathered &out) const {
    out.begin.assign(1, 0);
    for (const auto length : lengths_) out.begin.push_back(out.begin.back() + length);
    out.bytes.resize(out.begin.back());
  }
  void spread(std::byte *bytes, std::size_t count, int from) {
    for (std::size_t done = 0; done < count; done += piece)
      check(MPI_Bcast(bytes + done, static_cast<int>(std::min(piece, count - done)), MPI_BYTE, from, all_),
            "a rank does not answer");
  }

  MPI_Comm all_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1, here_ = 1;
  std::vector<unsigned long long> lengths_;
  std::vector<int> counts_, places_;
};

} // namespace
} // namespace engram::ranks

extern "C" {
__attribute__((visibility("default"))) const char *engram_mpi_version() {
  static const std::string version = [] {
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    MPI_Get_library_version(text, &length);
    const std::string whole(text);
    return std::string(ENGRAM_VERSION "\n") + whole.substr(0, whole.find_first_of(",\n"));
  }();
  return version.c_str();
}
__attribute__((visibility("default"))) engram::ranks::Ranks *engram_mpi_open() { return new engram::ranks::Mpi; }
}
