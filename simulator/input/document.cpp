#include "input/document.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace engram::input {

namespace {
constexpr std::size_t told = 100;
constexpr std::size_t largest_file = std::size_t{64} << 20;
} // namespace

Place Places::at(std::string_view pointer) const {
  while (true) {
    const auto found = places_.find(pointer);
    if (found != places_.end()) return found->second;
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

void Places::erase(const std::string &pointer) {
  places_.erase(pointer);
  const auto first = places_.lower_bound(pointer + '/');
  places_.erase(first, places_.lower_bound(pointer + static_cast<char>('/' + 1)));
}

void Places::copy(const std::string &pointer, const Places &other) {
  const auto self = other.places_.find(pointer);
  if (self != other.places_.end()) places_[pointer] = self->second;
  const auto last = other.places_.lower_bound(pointer + static_cast<char>('/' + 1));
  for (auto it = other.places_.lower_bound(pointer + '/'); it != last; ++it) places_[it->first] = it->second;
}

void Problems::add(const std::string &pointer, const std::string &message) {
  if (list_.size() >= told) {
    ++uncounted_;
    return;
  }
  const Place place = places_->at(pointer);
  list_.push_back({place.file ? *place.file : "", place.line, shown(pointer), message});
}

void Problems::warn(const std::string &pointer, const std::string &message) {
  const Place place = places_->at(pointer);
  auto line = to_text({place.file ? *place.file : "", place.line, shown(pointer), "warning: " + message});
  if (std::find(warnings_.begin(), warnings_.end(), line) == warnings_.end()) warnings_.push_back(std::move(line));
}

Problem placed(Problem problem, const Places &places) {
  if (problem.line > 0 || problem.pointer.empty()) return problem;
  const auto place = places.at(problem.pointer);
  if (place.file) problem.file = *place.file;
  problem.line = place.line;
  return problem;
}

void Problems::raise() const {
  if (list_.empty()) return;
  auto list = list_;
  if (uncounted_) list.push_back({list.front().file, 0, "", "and " + std::to_string(uncounted_) + " more problems"});
  throw InputError(std::move(list));
}

std::string below(const std::string &pointer, std::string_view key) {
  std::string out = pointer + "/";
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string below(const std::string &pointer, std::size_t index) { return pointer + "/" + std::to_string(index); }

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 400;
  std::string out(text.substr(0, longest));
  for (char &c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  // A cut, or a parser's quotation of the input, may leave half a character: then only ASCII is kept.
  if (Json(out).dump(-1, ' ', false, Json::error_handler_t::ignore).size() !=
      Json(out).dump(-1, ' ', false, Json::error_handler_t::replace).size())
    for (char &c : out)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text.size() > longest ? out + "…" : out;
}

std::string read_text(const std::string &path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw InputError({{path, 0, "", "no such file"}});
  if (!std::filesystem::is_regular_file(status)) throw InputError({{path, 0, "", "not a file"}});
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError({{path, 0, "", "cannot be opened"}});
  std::string text;
  std::vector<char> block(1 << 16);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > largest_file)
      throw InputError({{path, 0, "", "larger than 64 MiB; put large arrays into files of their own"}});
  }
  if (in.bad()) throw InputError({{path, 0, "", "cannot be read"}});
  return text;
}

} // namespace engram::input
