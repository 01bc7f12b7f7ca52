#include "data/mat_file.hpp"

#include "data/bytes.hpp"
#include "data/decode.hpp"
#include "data/hdf5_object.hpp"
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

/// The elements of a version 5 file fill it to its end, each 8 bytes that say its size, and so many more (MAT-File
/// Format, MathWorks, 1-8). matio lists the variables that it finds whole, and says nothing of what was cut off.
void check_end(std::ifstream &in, std::size_t size, bool little, const std::string &path) {
  std::size_t at = 128;
  while (at < size) {
    std::array<std::byte, 8> tag{};
    in.clear();
    in.seekg(static_cast<std::streamoff>(at));
    in.read(reinterpret_cast<char *>(tag.data()), tag.size());
    const std::size_t length = decode<std::uint32_t>(tag.data() + 4, !little);
    if (in.gcount() != static_cast<std::streamsize>(tag.size()) || length > size - at - tag.size())
      throw DataError(path + ": is truncated: it ends within a variable");
    at += tag.size() + length;
  }
}

/// No variable holds more than gzip may unpack to.
void check_claim(const matvar_t *variable, const std::string &path) {
  if (variable == nullptr) return;
  const std::size_t size = std::filesystem::file_size(path),
                    each = static_cast<std::size_t>(std::max(1, variable->data_size));
  constexpr std::size_t largest_ratio = 1100;
  std::size_t bytes = each;
  bool overflow = false;
  for (const std::size_t extent : shape_of(variable))
    overflow = overflow || __builtin_mul_overflow(bytes, extent, &bytes);
  if (!overflow && (bytes <= always_unpacked || bytes / largest_growth <= size)) return;
  throw DataError(path + ": " + printable(variable->name ? variable->name : "a variable") + " claims to be " +
                  mat_shape(shape_of(variable)) +
                  (overflow || bytes / largest_ratio > size
                       ? ", more than the file can hold"
                       : ", more than " + std::to_string(largest_growth) +
                             " times the file's size: not read (if it is meant so, save it without compression, with "
                             "-v6)"));
}

} // namespace

MatKind mat_kind(const std::string &path) {
  require_file(path);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw DataError(path + ": cannot be opened: " + std::strerror(errno == 0 ? EIO : errno));
  std::array<char, 128> header{};
  in.read(header.data(), header.size());
  const bool whole = in.gcount() == static_cast<std::streamsize>(header.size());
  if (whole && std::memcmp(header.data(), "\x89HDF\r\n\x1a\n", 8) == 0) return MatKind::plain_hdf5;
  // matio takes nearly any file for one of version 4, so the header is looked at here.
  const bool little = header[126] == 'I' && header[127] == 'M', big = header[126] == 'M' && header[127] == 'I';
  const char major = little ? header[125] : header[124];
  if (!whole || !(little || big) || (major != 1 && major != 2))
    throw DataError(path + ": is not a MATLAB file of version 5 to 7.3");
  if (major == 2) return MatKind::version73;
  check_end(in, std::filesystem::file_size(path), little, path);
  return MatKind::version5;
}

MatFile::MatFile(const std::string &path) : path_(path), kind_(mat_kind(path)), file_(nullptr, &Mat_Close) {
  // The message is char * before matio 1.5.28, and const char * from there on.
  Mat_LogInitFunc("engram", [](int, auto *message) { complaint() = message == nullptr ? "" : message; });
  if (kind_ == MatKind::version5) {
    file_.reset(Mat_Open(path.c_str(), MAT_ACC_RDONLY));
    if (!file_) throw DataError(path + ": is not a readable MATLAB file" + because());
    return;
  }
  hdf5_ = hdf5::open_read(path);
  if (const auto outside = hdf5::outside_files(path); !outside.empty()) // MATLAB itself writes all into one file
    throw DataError(path + ": takes values from " + printable_list(outside) + ": not read of a MATLAB file");
}

std::string MatFile::header() const {
  if (kind_ == MatKind::plain_hdf5) return "";
  std::string header(116, ' '); // text, up to a zero byte where there is one
  std::ifstream(path_, std::ios::binary).read(header.data(), static_cast<std::streamsize>(header.size()));
  header.resize(std::min(header.find('\0'), header.size()));
  header.erase(header.find_last_not_of(" \n") + 1);
  return header;
}

std::vector<std::string> MatFile::names() const {
  if (kind_ != MatKind::version5) {
    auto names = hdf5::children(hdf5::open_group(hdf5_.get(), "/").get());
    std::erase_if(names, [](const std::string &name) { return name.starts_with('#'); }); // MATLAB's own: #refs#, …
    return names;
  }
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
  return kind_ == MatKind::version5 ? read_version5(wanted) : read_version73(wanted);
}

MatVariable MatFile::read_version73(const std::string &name) const {
  const std::string where = path_ + ": " + printable(name);
  try {
    const hdf5::Handle object = hdf5::open_object(hdf5_.get(), name);
    if (!object) throw DataError(where + " cannot be opened");
    return read_hdf5_variable(object.get(), name, where);
  } catch (const hdf5::Failure &error) {
    const std::string what = error.what();
    throw DataError(what.starts_with(path_) ? what : where + ": " + what);
  }
}

MatVariable MatFile::read_version5(const std::string &name) const {
  const auto damaged = [&] { return DataError(path_ + ": " + printable(name) + " cannot be read" + because()); };
  Mat_Rewind(file_.get());
  MatVariable variable(Mat_VarReadInfo(file_.get(), name.c_str()), &Mat_VarFree);
  if (!variable) throw damaged();
  check_claim(variable.get(), path_);
  Mat_Rewind(file_.get());
  complaint().clear();
  variable.reset(Mat_VarRead(file_.get(), name.c_str()));
  // Where matio complains, it may have left values unread, as zeros.
  if (!variable || !complaint().empty()) throw damaged();
  return variable;
}

} // namespace engram::data
