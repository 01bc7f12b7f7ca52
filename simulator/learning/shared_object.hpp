// A SharedObject is an open shared library.
#pragma once

#include <string>

namespace engram::learning {

/// Owns a dlopen handle; move-only. What was looked up in it is valid as long as it lives.
class SharedObject {
public:
  /// Opens it with its symbols kept to itself. Errors: PluginError. The file is looked at before it is handed to
  /// the loader, which may crash the process on an ELF file that is cut short.
  explicit SharedObject(const std::string &path);
  ~SharedObject();
  SharedObject(SharedObject &&other) noexcept;
  SharedObject &operator=(SharedObject &&other) noexcept;
  SharedObject(const SharedObject &) = delete;
  SharedObject &operator=(const SharedObject &) = delete;

  /// The address of a symbol; nullptr when there is none.
  void *find(const char *symbol) const;

private:
  void *handle_ = nullptr;
};

} // namespace engram::learning
