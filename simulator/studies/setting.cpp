#include "studies/setting.hpp"

namespace engram::studies {

std::string setting_of(const std::string &pointer, const input::Json &value) {
  return pointer + "=" + value.dump(-1, ' ', true);
}

bool is_pointer(const std::string &text, std::string &why) {
  if (text.find('=') != std::string::npos) {
    why = "has a '=' in the pointer, which --set cannot take";
    return false;
  }
  if (text == "/extends" || text.starts_with("/extends/")) {
    why = "a setting cannot change what a file extends: name the files in 'models'";
    return false;
  }
  for (std::size_t k = 0; k < text.size(); ++k)
    if (text[k] == '~' && (k + 1 == text.size() || (text[k + 1] != '0' && text[k + 1] != '1'))) {
      why = "'~' is written ~0 in a pointer, and '/' within a key ~1";
      return false;
    }
  return true;
}

std::string as_word(const input::Json &value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::string shell_word(const std::string &word) {
  const auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%=";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

} // namespace engram::studies
