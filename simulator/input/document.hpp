// A Document is JSON that remembers the file and line of each of its values.
#pragma once

#include "input/input_error.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engram::input {

using Json = nlohmann::ordered_json;

struct Place {
  std::shared_ptr<const std::string> file;
  std::size_t line = 0;
};

/// Where each JSON pointer stands. A pointer that is not there stands where its nearest ancestor does.
class Places {
public:
  Place at(std::string_view pointer) const;
  /// Is the value's own place known? Not so of a default.
  bool has(std::string_view pointer) const { return places_.find(pointer) != places_.end(); }
  void set(const std::string &pointer, Place place) { places_[pointer] = std::move(place); }
  /// Forgets a pointer and all below it.
  void erase(const std::string &pointer);
  /// Takes over all of `other` at and below `pointer`.
  void copy(const std::string &pointer, const Places &other);
  std::size_t size() const { return places_.size(); }

private:
  std::map<std::string, Place, std::less<>> places_;
};

struct Document {
  Json value;
  Places places;
};

/// Collects what is wrong, with its place; after the first hundred it only counts.
class Problems {
public:
  explicit Problems(const Places &places) : places_(&places) {}
  void add(const std::string &pointer, const std::string &message);
  /// Did a file or --set give the value? Not so of a default.
  bool given(const std::string &pointer) const { return places_->has(pointer); }
  /// A line for what can be run and may not be meant.
  void warn(const std::string &pointer, const std::string &message);
  /// "file:line: /pointer: warning: message", each line once.
  const std::vector<std::string> &warnings() const { return warnings_; }
  bool empty() const { return list_.empty(); }
  std::size_t count() const { return list_.size() + uncounted_; }
  /// Throws InputError if there are any.
  void raise() const;

private:
  const Places *places_;
  std::vector<Problem> list_;
  std::vector<std::string> warnings_;
  std::size_t uncounted_ = 0;
};

/// `problem` with the file and line of its pointer, where it has no line yet.
Problem placed(Problem problem, const Places &places);

/// "/a/b" + key, with '~' and '/' escaped (RFC 6901).
std::string below(const std::string &pointer, std::string_view key);
std::string below(const std::string &pointer, std::size_t index);

/// Text that is safe to print in a message: shortened, and control or broken bytes replaced.
std::string shown(std::string_view text);

/// Parses JSON with comments. Refuses duplicate keys, numbers that are not finite, and what is nested too deeply.
/// Errors: InputError with file, line and pointer.
Document parse(std::string_view text, const std::string &file);

/// Reads a text file. Errors: InputError when it is not a regular file, cannot be read, or is larger than 64 MiB.
std::string read_text(const std::string &path);

} // namespace engram::input
