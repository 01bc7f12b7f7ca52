// Ranks are the processes that do one command together, on one machine or on many: what they tell each other goes
// through this class. A process that nobody started as one of several is the only rank.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace engram::ranks {

using Bytes = std::vector<std::byte>;

/// What all ranks gave, one after another. Kept from call to call, it does not allocate again.
struct Gathered {
  Bytes bytes;
  std::vector<std::size_t> begin; ///< size() + 1: those of rank r are bytes[begin[r]] … bytes[begin[r + 1] − 1]
  std::span<const std::byte> of(int rank) const {
    const auto r = static_cast<std::size_t>(rank);
    return {bytes.data() + begin[r], begin[r + 1] - begin[r]};
  }
};

struct Message {
  int from = 0;
  Bytes bytes;
};

/// Only one thread of a process may call these: that which opened the ranks. Errors: Failed, when the ranks cannot hear
/// each other.
class Ranks {
public:
  virtual ~Ranks() = default;
  Ranks() = default;
  Ranks(const Ranks &) = delete;
  Ranks &operator=(const Ranks &) = delete;

  virtual int rank() const = 0; ///< 0 … size() − 1
  virtual int size() const = 0;
  virtual int on_this_machine() const = 0; ///< ranks that share it, this one among them
  bool is_first() const { return rank() == 0; }

  // All ranks make these calls, in the same order.
  virtual void barrier() = 0;
  /// What each rank gives reaches all.
  virtual void all_gather(std::span<const std::byte> own, Gathered &out) = 0;
  /// What each rank gives reaches rank 0; `out` of the others stays as it is.
  virtual void gather(std::span<const std::byte> own, Gathered &out) = 0;
  /// `bytes` of rank `from` reach all others, in `bytes`.
  virtual void broadcast(Bytes &bytes, int from) = 0;

  // Messages between two, in the order in which they were sent.
  /// Returns once `bytes` may be changed, which may be before the other has asked for them.
  virtual void send(int to, std::span<const std::byte> bytes) = 0;
  /// The next message of any rank; none after `seconds` without one.
  virtual std::optional<Message> receive(double seconds) = 0;

  /// Ends all ranks, wherever they are. The launcher ends with `exit_code`.
  [[noreturn]] virtual void abort(int exit_code) = 0;
};

/// The only rank.
std::unique_ptr<Ranks> alone();

/// What a launcher (mpirun, srun) says of this process in its environment.
struct Launched {
  int rank = 0;
  int size = 1; ///< 0: only the MPI library knows
};
/// None where no launcher started it. Loads nothing.
std::optional<Launched> launched();
/// A process that this one starts shall not take itself for a rank: removes what launched() reads from the environment.
void forget_launcher();

/// Opens MPI, by the library `file` (libengram_mpi.so), where a launcher started this process as one of several;
/// else alone(). Errors: Failed where several were started and MPI cannot be opened, or knows of another number of
/// them.
std::unique_ptr<Ranks> open(const std::string &file);

/// Says why the library cannot be opened; what MPI it stands on where it can. MPI is not started.
struct Library {
  std::string mpi;     ///< such as "Open MPI v4.1.4"; empty: it cannot be opened
  std::string problem; ///< empty: none
};
Library examine(const std::string &file);

} // namespace engram::ranks
