#include "data/mat_file.hpp"

#include "data/bytes.hpp"
#include "data/hdf5_outside.hpp"
#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace engram::data {

namespace {

/// matio's last complaint; it has no other way to say why.
std::string &complaint() {
  static std::string text;
  return text;
}

std::string because() {
  const std::string text = printable(std::exchange(complaint(), {}), 120);
  return text.empty() ? "" : ": " + text;
}

/// matio takes nearly any file for one of version 4; the header is checked here.
void check_header(const std::string &path) {
  require_file(path);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw DataError(path + ": cannot be opened: " + std::strerror(errno == 0 ? EIO : errno));
  std::array<char, 128> header{};
  in.read(header.data(), header.size());
  const bool whole = in.gcount() == static_cast<std::streamsize>(header.size());
  if (whole && std::memcmp(header.data(), "\x89HDF\r\n\x1a\n", 8) == 0)
    throw DataError(path + ": is an HDF5 file without the header of a MATLAB file");
  const bool little = header[126] == 'I' && header[127] == 'M', big = header[126] == 'M' && header[127] == 'I';
  const char major = little ? header[125] : header[124];
  if (!whole || !(little || big) || (major != 1 && major != 2))
    throw DataError(path + ": is not a MATLAB file of version 5 to 7.3");
}

/// No variable holds more than gzip may unpack to, or, of HDF5, than deflate can unpack from the whole file and what a
/// sparse dataset may leave out.
void check_claim(const matvar_t *variable, const std::string &path, bool hdf5) {
  if (variable == nullptr) return;
  const std::size_t size = std::filesystem::file_size(path),
                    each = static_cast<std::size_t>(std::max(1, variable->data_size));
  constexpr std::size_t largest_ratio = 1100;
  std::size_t bytes = each;
  bool overflow = false;
  for (const std::size_t extent : shape_of(variable))
    overflow = overflow || __builtin_mul_overflow(bytes, extent, &bytes);
  if (!overflow && (bytes <= always_unpacked || bytes / (hdf5 ? largest_ratio : largest_growth) <= size)) return;
  throw DataError(path + ": " + printable(variable->name ? variable->name : "a variable") + " claims to be " +
                  mat_shape(shape_of(variable)) +
                  (overflow || bytes / largest_ratio > size
                       ? ", more than the file can hold"
                       : ", more than " + std::to_string(largest_growth) +
                             " times the file's size: not read (if it is meant so, save it without compression, with "
                             "-v6)"));
}

} // namespace

MatFile::MatFile(const std::string &path) : path_(path), file_(nullptr, &Mat_Close) {
  check_header(path);
  // The message is char * before matio 1.5.28, and const char * from there on.
  Mat_LogInitFunc("engram", [](int, auto *message) { complaint() = message == nullptr ? "" : message; });
  file_.reset(Mat_Open(path.c_str(), MAT_ACC_RDONLY));
  if (!file_) throw DataError(path + ": is not a readable MATLAB file" + because());
  if (is_hdf5()) // MATLAB itself writes all into one file
    if (const auto outside = hdf5::outside_files(path); !outside.empty())
      throw DataError(path + ": takes values from " + printable_list(outside) + ": not read of a MATLAB file");
}

std::string MatFile::header() const {
  const char *text = Mat_GetHeader(file_.get());
  std::string header = text == nullptr ? "" : text;
  header.erase(header.find_last_not_of(" \n") + 1);
  return header;
}

std::vector<std::string> MatFile::names() const {
  std::size_t count = 0;
  complaint().clear();
  char *const *names = Mat_GetDir(file_.get(), &count);
  // One variable that matio does not understand ends the list.
  if (!complaint().empty() && (names == nullptr || count == 0))
    throw DataError(path_ + ": the list of variables cannot be read" + because());
  if (names == nullptr) return {};
  return {names, names + count};
}

MatVariable MatFile::read(const std::string &name) const {
  std::string wanted = name;
  const auto all = names();
  const std::string list_complaint = because();
  if (wanted.empty()) {
    if (all.empty()) throw DataError(path_ + ": holds no variables");
    if (all.size() > 1) throw DataError(path_ + ": holds several variables, name one of: " + printable_list(all));
    wanted = all.front();
  }
  if (std::find(all.begin(), all.end(), wanted) == all.end())
    throw DataError(path_ + ": no variable " + data::quoted(wanted) + "; " + suggest(wanted, all) +
                    (list_complaint.empty() ? "" : " (the list ends early" + list_complaint + ")"));
  const auto damaged = [&] { return DataError(path_ + ": " + printable(wanted) + " cannot be read" + because()); };
  Mat_Rewind(file_.get());
  MatVariable variable(Mat_VarReadInfo(file_.get(), wanted.c_str()), &Mat_VarFree);
  if (!variable) throw damaged();
  check_claim(variable.get(), path_, is_hdf5());
  Mat_Rewind(file_.get());
  complaint().clear();
  variable.reset(Mat_VarRead(file_.get(), wanted.c_str()));
  // Where matio complains, it may have left values unread, as zeros.
  if (!variable || !complaint().empty()) throw damaged();
  return variable;
}

} // namespace engram::data
