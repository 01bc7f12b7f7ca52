#include "learning/shared_object.hpp"

#include "learning/plugin_error.hpp"

#include <cstdint>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <exception>
#include <filesystem>
#include <fstream>
#include <link.h>
#include <utility>

namespace engram::learning {
namespace {

// Says why the file is not a whole shared library of this machine's word size; "" when it is one. The loader maps and
// touches the segments that the program headers name. Beyond the end of the file that is SIGBUS, not an error.
std::string what_is_wrong(const std::string &path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return "is not a file";
  std::ifstream file(path, std::ios::binary);
  if (!file) return "cannot be read";
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error) return "cannot be read";

  ElfW(Ehdr) header{};
  if (!file.read(reinterpret_cast<char *>(&header), sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return "is not a shared library";
  if (header.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) || header.e_type != ET_DYN ||
      header.e_phentsize != sizeof(ElfW(Phdr)))
    return "is not a shared library of this kind of machine";
  const std::uint64_t table = std::uint64_t{header.e_phnum} * sizeof(ElfW(Phdr));
  if (header.e_phoff > size || table > size - header.e_phoff) return "is cut short";
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (unsigned k = 0; k < header.e_phnum; ++k) {
    ElfW(Phdr) segment{};
    if (!file.read(reinterpret_cast<char *>(&segment), sizeof segment)) return "is cut short";
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) return "is cut short";
  }
  return "";
}

} // namespace

SharedObject::SharedObject(const std::string &path) {
  if (const auto wrong = what_is_wrong(path); !wrong.empty()) throw PluginError(path + ": " + wrong);
  // The loader searches its own folders for a name without a slash.
  const auto file = path.find('/') == std::string::npos ? "./" + path : path;
  // dlopen() is declared as a function that throws nothing, but a constructor of the library may. By a pointer that the
  // compiler cannot see through, its promise does not hold.
  void *(*volatile load)(const char *, int) = &dlopen;
  try {
    handle_ = load(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  } catch (const std::exception &error) {
    throw PluginError(path + ": an exception leaves it while it is loaded: " + error.what());
  } catch (...) {
    throw PluginError(path + ": an exception leaves it while it is loaded");
  }
  if (handle_ != nullptr) return;
  const char *reason = dlerror();
  std::string text = reason != nullptr ? reason : "unknown reason";
  if (text.starts_with(file + ": ")) text.erase(0, file.size() + 2);
  throw PluginError(path + ": cannot be loaded: " + text);
}

SharedObject::~SharedObject() {
  if (handle_ != nullptr) dlclose(handle_);
}

SharedObject::SharedObject(SharedObject &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

SharedObject &SharedObject::operator=(SharedObject &&other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

void *SharedObject::find(const char *symbol) const { return dlsym(handle_, symbol); }

} // namespace engram::learning
