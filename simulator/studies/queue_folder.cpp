#include "studies/queue_folder.hpp"

#include "error/error.hpp"
#include "input/document.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sys/file.h>
#include <unistd.h>

namespace engram::studies {

using input::Json;

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_at(const std::string &path, const char *what) {
  throw Failed(path + ": cannot be " + what + ": " + std::strerror(errno));
}

LockedFile open_file(const std::string &path, int flags) {
  LockedFile out(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (out.descriptor() < 0) fail_at(path, flags & O_CREAT ? "written" : "read");
  return out;
}

void take_lock(const LockedFile &file, const std::string &path) {
  while (::flock(file.descriptor(), LOCK_EX) != 0)
    if (errno != EINTR) fail_at(path, "locked");
}

// Does no process hold a lock on it? Also where it is not there.
bool is_free(const std::string &path) {
  const LockedFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file.descriptor() < 0 || ::flock(file.descriptor(), LOCK_SH | LOCK_NB) == 0;
}

// Records of `width` characters, whole ones, from number `first` on. Locks are where machines agree on a file's state.
std::vector<std::string> records(const std::string &path, std::size_t width, std::size_t first) {
  const auto file = open_file(path, O_RDWR | O_CREAT);
  take_lock(file, path);
  std::string text;
  char buffer[4096];
  for (auto at = static_cast<off_t>(first * width);;) {
    const auto got = ::pread(file.descriptor(), buffer, sizeof buffer, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_at(path, "read");
    if (got == 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
    at += got;
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; at + width <= text.size(); at += width) out.push_back(text.substr(at, width));
  return out;
}

// Adds a record where there are fewer than `most`; returns its number. What a process that was killed has written half
// is overwritten.
std::optional<std::size_t> add_record(const std::string &path, const std::string &record, std::size_t most) {
  const auto file = open_file(path, O_RDWR | O_CREAT);
  take_lock(file, path);
  const auto size = ::lseek(file.descriptor(), 0, SEEK_END);
  if (size < 0) fail_at(path, "read");
  const auto number = static_cast<std::size_t>(size) / record.size();
  if (number >= most) return {};
  const auto wrote =
      ::pwrite(file.descriptor(), record.data(), record.size(), static_cast<off_t>(number * record.size()));
  if (wrote != static_cast<ssize_t>(record.size())) {
    if (wrote >= 0) errno = ENOSPC;
    fail_at(path, "written");
  }
  return number;
}

constexpr std::size_t claim_width = 8, end_width = 20;

} // namespace

LockedFile::~LockedFile() {
  if (file_ >= 0) ::close(file_);
}

void QueueFolder::clear() const {
  std::error_code error;
  if (!fs::exists(path_, error)) return;
  // Ranks that lost their leader end what they run with a checkpoint.
  for (int tries = 0;; ++tries) {
    std::string busy;
    for (const auto &entry : fs::directory_iterator(path_, error))
      if (const auto name = entry.path().filename().string(); name.starts_with("rank-") && !is_free(entry.path()))
        busy = name.substr(5);
    if (busy.empty()) break;
    if (tries == 300) throw Failed(path_ + ": rank " + busy + " of another program is at work on this study");
    ::usleep(50'000);
  }
  fs::remove_all(path_, error);
  if (error) throw Failed(path_ + ": cannot be removed: " + error.message());
}

LockedFile QueueFolder::publish(const std::vector<Job> &jobs, const std::string &launch) const {
  clear();
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) throw Failed(path_ + ": cannot be made: " + error.message());
  Json all{{"engram", ENGRAM_VERSION}, {"launch", launch}, {"jobs", Json::array()}};
  for (const auto &job : jobs) all["jobs"].push_back({{"words", job.words}, {"log", job.log}});
  std::vector<std::uint8_t> text; // no JSON: names of files need not be UTF-8
  Json::to_msgpack(all, text);
  // It has the lock before it has its name.
  const auto begun = file("jobs.begun");
  auto out = open_file(begun, O_RDWR | O_CREAT | O_EXCL);
  take_lock(out, begun);
  for (std::size_t done = 0; done < text.size();) {
    const auto wrote = ::write(out.descriptor(), text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) fail_at(begun, "written");
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
  fs::rename(begun, file("jobs"), error);
  if (error) throw Failed(begun + ": cannot be renamed: " + error.message());
  return out;
}

std::optional<std::vector<Job>> QueueFolder::jobs(const std::string &launch) const {
  if (!leader_is_alive()) return {};
  std::ifstream opened(file("jobs"), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(opened), {}};
  const auto all = Json::from_msgpack(text, true, false);
  if (!all.is_object() || all.value("launch", "") != launch) return {};
  if (all.value("engram", "") != ENGRAM_VERSION)
    throw Failed(
        fmt::format("{}: rank 0 is engram {}, and this is " ENGRAM_VERSION, file("jobs"), all.value("engram", "")));
  std::vector<Job> out;
  for (const auto &job : all.at("jobs"))
    out.push_back({job.at("words").get<std::vector<std::string>>(), job.at("log").get<std::string>()});
  return out;
}

bool QueueFolder::leader_is_alive() const { return !is_free(file("jobs")); }

LockedFile QueueFolder::enter(std::size_t rank) const {
  auto out = open_file(rank_file(rank), O_RDWR | O_CREAT);
  take_lock(out, rank_file(rank));
  return out;
}

bool QueueFolder::has_entered(std::size_t rank) const {
  std::error_code error;
  return fs::exists(rank_file(rank), error);
}

bool QueueFolder::is_gone(std::size_t rank) const { return is_free(rank_file(rank)); }

std::optional<std::size_t> QueueFolder::claim(std::size_t rank, std::size_t count) const {
  return add_record(file("claims"), fmt::format("{:>{}}\n", rank, claim_width - 1), count);
}

std::vector<std::size_t> QueueFolder::claims(std::size_t first) const {
  std::vector<std::size_t> out;
  for (const auto &record : records(file("claims"), claim_width, first)) out.push_back(std::stoul(record));
  return out;
}

void QueueFolder::tell_end(std::size_t job, JobEnd end) const {
  add_record(file("ends"), fmt::format("{:>9} {:>4} {:>4}\n", job, end.exit_code, end.signal),
             std::numeric_limits<std::size_t>::max());
}

std::vector<std::pair<std::size_t, JobEnd>> QueueFolder::ends(std::size_t known) const {
  std::vector<std::pair<std::size_t, JobEnd>> out;
  for (const auto &record : records(file("ends"), end_width, known))
    out.emplace_back(std::stoul(record.substr(0, 9)),
                     JobEnd{std::stoi(record.substr(10, 4)), std::stoi(record.substr(15, 4)), {}});
  return out;
}

void QueueFolder::tell_stop() const {
  const LockedFile made(::open(file("stop").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
}

bool QueueFolder::stop_was_told() const {
  std::error_code error;
  return fs::exists(file("stop"), error);
}

} // namespace engram::studies
