// nlohmann's parser keeps no positions. So it reads through an iterator that counts lines, and builds the document
// through its SAX events: one reading gives the values and their places.
#include "input/document.hpp"

#include <iterator>

namespace engram::input {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_keys = 10000;    // keys of one object: looking one up is linear
constexpr std::size_t most_places = 200000; // values beyond stand where their array does
constexpr std::size_t most_elements = 256;  // numbers of one array that have a place of their own

struct Reading {
  std::size_t lines = 0; // newlines read so far
  char last = 0;
  // The line of the last byte read; a newline belongs to the line that it ends (a number is only known to end
  // when the byte after it has been read).
  std::size_t line() const { return last == '\n' ? lines : lines + 1; }
};

class Bytes {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = char;

  Bytes(const char *at, Reading *reading) : at_(at), reading_(reading) {}
  char operator*() const { return *at_; }
  Bytes &operator++() {
    reading_->last = *at_;
    if (*at_ == '\n') ++reading_->lines;
    ++at_;
    return *this;
  }
  Bytes operator++(int) {
    Bytes old = *this;
    ++*this;
    return old;
  }
  bool operator==(const Bytes &other) const { return at_ == other.at_; }
  bool operator!=(const Bytes &other) const { return at_ != other.at_; }

private:
  const char *at_;
  Reading *reading_;
};

class Builder {
public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  Builder(const std::string &file, const Reading &reading)
      : file_(std::make_shared<const std::string>(file)), reading_(reading) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(number_integer_t value) { return put(value); }
  bool number_unsigned(number_unsigned_t value) { return put(value); }
  bool number_float(number_float_t value, const string_t &) { return put(value); }
  bool string(string_t &value) { return put(std::move(value)); }
  bool binary(binary_t &) { return false; } // JSON text has none
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t &name) {
    Level &level = levels_.back();
    if (level.value->size() >= most_keys) fail(level.pointer, "more than 10000 keys in one object");
    if (level.value->contains(name)) fail(below(level.pointer, name), "the key stands here a second time");
    level.key = name;
    level.line = reading_.line();
    return true;
  }

  bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &error) {
    if (error.id == 406) fail(next(), "the number is too large for a 64-bit float");
    std::string text = error.what();
    // "[json.exception.parse_error.101] parse error at line 3, column 7: syntax error while parsing value - …"
    const auto from = text.find(": ");
    if (from != std::string::npos) text = text.substr(from + 2);
    const auto dash = text.find(" - ");
    if (text.rfind("syntax error", 0) == 0 && dash != std::string::npos)
      text = "syntax error: " + text.substr(dash + 3);
    fail(next(), shown(text));
  }

  Document take() { return {std::move(root_), std::move(places_)}; }

private:
  struct Level {
    Json *value;
    std::string pointer;
    std::string key;
    std::size_t line;
  };

  [[noreturn]] void fail(const std::string &pointer, const std::string &message) const {
    throw InputError({{*file_, reading_.line(), shown(pointer), message}});
  }

  // The pointer of the value that comes next.
  std::string next() const {
    if (levels_.empty()) return "";
    const Level &level = levels_.back();
    if (level.value->is_array()) return below(level.pointer, level.value->size());
    return level.key.empty() ? level.pointer : below(level.pointer, level.key);
  }

  Json *place(Json value, bool container) {
    if (levels_.empty()) {
      places_.set("", {file_, reading_.line()});
      root_ = std::move(value);
      return &root_;
    }
    Level &level = levels_.back();
    const bool array = level.value->is_array();
    if (places_.size() < most_places && (!array || container || level.value->size() < most_elements))
      places_.set(next(), {file_, array ? reading_.line() : level.line});
    if (array) {
      level.value->push_back(std::move(value));
      return &level.value->back();
    }
    Json &slot = (*level.value)[level.key];
    slot = std::move(value);
    return &slot;
  }

  bool put(Json value) {
    place(std::move(value), false);
    return true;
  }

  bool open(Json container) {
    if (levels_.size() >= deepest) fail(next(), "nested more than 64 deep");
    std::string pointer = next();
    Json *value = place(std::move(container), true);
    levels_.push_back({value, std::move(pointer), "", reading_.line()});
    return true;
  }

  bool close() {
    levels_.pop_back();
    if (!levels_.empty()) levels_.back().key.clear();
    return true;
  }

  std::shared_ptr<const std::string> file_;
  const Reading &reading_;
  Json root_;
  Places places_;
  std::vector<Level> levels_; // pointers stay valid: an array or object grows only once its last child is closed
};

} // namespace

Document parse(std::string_view text, const std::string &file) {
  Reading reading;
  Builder builder(file, reading);
  Json::sax_parse(Bytes(text.data(), &reading), Bytes(text.data() + text.size(), &reading), &builder,
                  nlohmann::detail::input_format_t::json, true, true);
  return builder.take();
}

} // namespace engram::input
