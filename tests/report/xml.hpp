// read() is a strict reader of XML, for figures: what it takes is well-formed (XML 1.0, fifth edition), and more is
// refused than the standard asks, as figures have no comments, no CDATA, no declarations and no single quotes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace xml {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text; ///< of its own, without that of its children
  std::vector<Element> children;

  const std::string &at(const std::string &attribute) const { return attributes.at(attribute); }
  bool has(const std::string &attribute, const std::string &value) const {
    const auto found = attributes.find(attribute);
    return found != attributes.end() && found->second == value;
  }
  double number(const std::string &attribute) const {
    std::size_t read = 0;
    const double value = std::stod(at(attribute), &read);
    if (read != at(attribute).size()) throw std::runtime_error(attribute + " is no number: " + at(attribute));
    return value;
  }
};

class Reader {
public:
  explicit Reader(std::string_view text) : text_(text) {}
  Element document() {
    Element root = element();
    blanks();
    if (at_ != text_.size()) fail("text after the end");
    return root;
  }

private:
  [[noreturn]] void fail(const std::string &what) const {
    throw std::runtime_error(what + " at byte " + std::to_string(at_) + ": " +
                             std::string(text_.substr(at_ > 30 ? at_ - 30 : 0, 60)));
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail("expected " + std::string(word));
  }
  bool blanks() {
    const std::size_t before = at_;
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') ++at_;
    return at_ > before;
  }
  std::string name() {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (!letter(peek())) fail("expected a name");
    std::string out;
    while (letter(peek()) || (peek() >= '0' && peek() <= '9') || peek() == '-' || peek() == '.' || peek() == ':')
      out += text_[at_++];
    return out;
  }
  // One character of text, as UTF-8. Production 2 says which there are.
  std::string character() {
    if (take("&amp;")) return "&";
    if (take("&lt;")) return "<";
    if (take("&gt;")) return ">";
    if (take("&quot;")) return "\"";
    if (take("&apos;") || take("&#39;")) return "'";
    const auto first = static_cast<unsigned char>(peek());
    if (first == '&' || first == '<') fail("a character that must be escaped");
    if (text_.substr(at_, 3) == "]]>") fail("the end of CDATA");
    const std::size_t bytes = first < 0x80   ? 1
                              : first < 0xc2 ? 0
                              : first < 0xe0 ? 2
                              : first < 0xf0 ? 3
                              : first < 0xf5 ? 4
                                             : 0;
    if (bytes == 0 || at_ + bytes > text_.size()) fail("no UTF-8");
    std::uint32_t code = bytes == 1 ? first : first & (0xffU >> (bytes + 1));
    for (std::size_t k = 1; k < bytes; ++k) {
      const auto next = static_cast<unsigned char>(text_[at_ + k]);
      if ((next & 0xc0) != 0x80) fail("no UTF-8");
      code = code << 6 | (next & 0x3fU);
    }
    const bool allowed = code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xd800) ||
                         (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code < 0x110000);
    if (!allowed) fail("a character that XML does not have");
    const std::string out(text_.substr(at_, bytes));
    at_ += bytes;
    return out;
  }
  Element element() {
    Element e;
    expect("<");
    e.name = name();
    for (;;) {
      const bool apart = blanks();
      if (take("/>")) return e;
      if (take(">")) break;
      if (!apart) fail("attributes that touch");
      const std::string attribute = name();
      expect("=\"");
      std::string value;
      while (peek() != '"') {
        if (at_ == text_.size()) fail("an open quote");
        value += character();
      }
      expect("\"");
      if (!e.attributes.emplace(attribute, value).second) fail("an attribute twice");
    }
    while (!take("</")) {
      if (at_ == text_.size()) fail("an open element");
      if (peek() == '<')
        e.children.push_back(element());
      else
        e.text += character();
    }
    if (name() != e.name) fail("the end of another element");
    blanks();
    expect(">");
    return e;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Errors: std::runtime_error with the place.
inline Element read(const std::string &text) { return Reader(text).document(); }

/// All elements of this name, in the order of the text, that fit.
inline std::vector<Element> all(
    const Element &root, const std::string &name,
    const std::function<bool(const Element &)> &fits = [](const Element &) { return true; }) {
  std::vector<Element> out;
  if (root.name == name && fits(root)) out.push_back(root);
  for (const auto &child : root.children) {
    auto below = all(child, name, fits);
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

} // namespace xml
