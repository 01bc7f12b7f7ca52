// parse() reads an expression by recursive descent, from the operators that bind least to those that bind most.
#include "dynamics/equations/expression.hpp"
#include "dynamics/equations/functions.hpp"
#include "input/document.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace engram::dynamics::equations {

namespace {

constexpr std::size_t longest_text = 10000; // bytes
constexpr int deepest = 100;                // parentheses and signs within each other

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Token {
  enum class Kind { number, word, sign, end };
  Kind kind = Kind::end;
  std::string text; ///< as it stands there
  double number = 0;
  std::size_t column = 1;
};

class Tokens {
public:
  explicit Tokens(std::string_view text) : text_(text) { next(); }
  const Token &now() const { return now_; }
  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      step(1);
    now_ = {Token::Kind::end, "", 0, column_};
    if (at_ == text_.size()) return;
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
    if (is_letter(c)) {
      std::size_t length = 1;
      while (at_ + length < text_.size() && (is_letter(text_[at_ + length]) || is_digit(text_[at_ + length]))) ++length;
      return take(Token::Kind::word, length);
    }
    for (const std::string_view two : {"<=", ">=", "==", "!=", "&&", "||", "**"})
      if (text_.substr(at_, 2) == two) return take(Token::Kind::sign, 2);
    if (std::string_view("+-*/^(),<>!?:").find(c) != std::string_view::npos) return take(Token::Kind::sign, 1);
    if (c == '=') throw Mistake{column_, "'=' is no operator; equality is written =="};
    std::size_t length = 1; // a character beyond ASCII is several bytes
    while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0U) == 0x80U) ++length;
    throw Mistake{column_, fmt::format("unexpected '{}'", input::shown(text_.substr(at_, length)))};
  }

private:
  void step(std::size_t bytes) {
    at_ += bytes;
    column_ += bytes; // all that is stepped over is ASCII
  }
  void take(Token::Kind kind, std::size_t length) {
    now_ = {kind, std::string(text_.substr(at_, length)), 0, column_};
    step(length);
  }
  void number() {
    double value = 0;
    const char *first = text_.data() + at_, *last = text_.data() + text_.size();
    const auto [end, error] = std::from_chars(first, last, value);
    const auto length = static_cast<std::size_t>(end - first);
    if (error != std::errc())
      throw Mistake{column_, fmt::format("'{}' is no number that double precision holds",
                                         input::shown(text_.substr(at_, std::max<std::size_t>(length, 1))))};
    if (end != last && (is_letter(*end) || is_digit(*end) || *end == '.'))
      throw Mistake{column_ + length, fmt::format("'{}' follows a number; a product is written with *, and a unit in "
                                                  "\"unit\"",
                                                  *end)};
    now_ = {Token::Kind::number, std::string(first, end), value, column_};
    step(length);
  }

  std::string_view text_;
  std::size_t at_ = 0, column_ = 1;
  Token now_;
};

class Parser {
public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Expression all() {
    choice();
    if (tokens_.now().kind != Token::Kind::end) unexpected("an operator");
    return std::move(out_);
  }

private:
  using Place = std::size_t; // in out_.terms

  const Token &now() const { return tokens_.now(); }
  bool is(std::string_view text) const { return now().kind != Token::Kind::number && now().text == text; }
  [[noreturn]] void unexpected(std::string_view wanted) const {
    if (now().kind == Token::Kind::end)
      throw Mistake{now().column, fmt::format("the text ends where {} should stand", wanted)};
    throw Mistake{now().column, fmt::format("'{}' stands where {} should", input::shown(now().text), wanted)};
  }
  void expect(std::string_view sign, std::string_view wanted) {
    if (!is(sign)) unexpected(wanted);
    tokens_.next();
  }
  Place add(Term term) {
    out_.terms.push_back(std::move(term));
    return out_.terms.size() - 1;
  }
  Place call(std::string name, std::vector<Place> parts, std::size_t column) {
    return add({Term::Kind::call, 0, std::move(name), std::move(parts), column});
  }

  // Counts how deep expressions stand within each other: the parser calls itself for each.
  struct Depth {
    explicit Depth(Parser &parser) : parser_(parser) {
      if (++parser_.depth_ > deepest)
        throw Mistake{parser_.now().column, fmt::format("more than {} expressions within each other", deepest)};
    }
    ~Depth() { --parser_.depth_; }
    Depth(const Depth &) = delete;
    Depth &operator=(const Depth &) = delete;
    Parser &parser_;
  };

  // a op b op c … from the left; `names`: by sign, the function.
  template <class Part> Place chain(const std::map<std::string_view, std::string_view> &names, Part part) {
    Place left = part();
    while (now().kind != Token::Kind::number && names.contains(now().text)) {
      const std::string name(names.at(now().text));
      const std::size_t column = now().column;
      tokens_.next();
      const Place right = part();
      left = call(name, {left, right}, column);
    }
    return left;
  }

  Place choice() {
    const Depth deeper(*this);
    const Place condition = disjunction();
    if (!is("?")) return condition;
    const std::size_t column = now().column;
    tokens_.next();
    const Place yes = choice();
    expect(":", "the ':' of condition ? a : b");
    const Place no = choice();
    return call("where", {condition, yes, no}, column);
  }
  Place disjunction() {
    static const std::map<std::string_view, std::string_view> names{{"or", "or"}, {"||", "or"}};
    return chain(names, [this] { return conjunction(); });
  }
  Place conjunction() {
    static const std::map<std::string_view, std::string_view> names{{"and", "and"}, {"&&", "and"}};
    return chain(names, [this] { return negation(); });
  }
  Place negation() {
    if (!is("not") && !is("!")) return comparison();
    const Depth deeper(*this);
    const std::size_t column = now().column;
    tokens_.next();
    const Place of = negation();
    return call("not", {of}, column);
  }
  bool at_comparison() const {
    for (const char *sign : {"<", "<=", ">", ">=", "==", "!="})
      if (is(sign)) return true;
    return false;
  }
  Place comparison() {
    const Place left = sum();
    if (!at_comparison()) return left;
    const Token sign = now();
    tokens_.next();
    const Place right = sum();
    if (at_comparison())
      throw Mistake{now().column, "comparisons are not chained: write a < b and b < c in the place of a < b < c"};
    return call(sign.text, {left, right}, sign.column);
  }
  Place sum() {
    static const std::map<std::string_view, std::string_view> names{{"+", "+"}, {"-", "-"}};
    return chain(names, [this] { return product(); });
  }
  Place product() {
    static const std::map<std::string_view, std::string_view> names{{"*", "*"}, {"/", "/"}};
    return chain(names, [this] { return signed_power(); });
  }
  Place signed_power() { // −x ^ 2 is −(x ^ 2)
    if (!is("-") && !is("+")) return raised();
    const Depth deeper(*this);
    const Token sign = now();
    tokens_.next();
    const Place of = signed_power();
    return sign.text == "-" ? call("-", {of}, sign.column) : of;
  }
  Place raised() { // from the right: x ^ y ^ z is x ^ (y ^ z)
    const Place base = atom();
    if (!is("^") && !is("**")) return base;
    const Depth deeper(*this);
    const std::size_t column = now().column;
    tokens_.next();
    const Place exponent = signed_power();
    return call("pow", {base, exponent}, column);
  }
  Place atom() {
    const Token token = now();
    if (token.kind == Token::Kind::number) {
      tokens_.next();
      return add({Term::Kind::number, token.number, "", {}, token.column});
    }
    if (is("(")) {
      tokens_.next();
      const Place inside = choice();
      expect(")", "a ')'");
      return inside;
    }
    if (token.kind != Token::Kind::word || token.text == "and" || token.text == "or")
      unexpected("a number, a name or a '('");
    tokens_.next();
    if (!is("(")) return add({Term::Kind::name, 0, token.text, {}, token.column});
    tokens_.next();
    std::vector<Place> parts;
    if (!is(")")) parts.push_back(choice());
    while (is(",")) {
      tokens_.next();
      parts.push_back(choice());
    }
    expect(")", "a ',' or a ')'");
    check_call(token.text, parts.size(), token.column);
    return call(token.text, std::move(parts), token.column);
  }

  Tokens tokens_;
  Expression out_;
  int depth_ = 0;
};

} // namespace

Expression parse(std::string_view text) {
  if (text.size() > longest_text)
    throw Mistake{1, fmt::format("a text of {} characters; no more than {} are read", text.size(), longest_text)};
  return Parser(text).all();
}

} // namespace engram::dynamics::equations
