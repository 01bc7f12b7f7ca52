#include "cli/inspect_text.hpp"

#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

namespace engram::cli {
namespace {

using data::Node;

constexpr std::size_t most_children = 40, most_facts = 24, widest_name = 36, longest_note = 60, longest_text = 40;

/// Characters, not bytes: the later bytes of one in UTF-8 begin with the bits 10.
std::size_t width(const std::string &text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

std::string padded(const std::string &text, std::size_t to) {
  return text + std::string(to > width(text) ? to - width(text) : 0, ' ');
}

/// One line, valid for a terminal whatever the file holds.
std::string plain(const std::string &text, std::size_t limit) {
  std::string line;
  for (const char c : text) // no runs of blanks, which wrapped texts have
    if (c != '\r' && !((c == ' ' || c == '\n' || c == '\t') && line.ends_with(' ')))
      line += c == '\n' || c == '\t' ? ' ' : c;
  while (line.ends_with(' ')) line.pop_back();
  return data::printable(line, limit);
}

std::string frequency(double hz) {
  if (hz >= 1e6) return fmt::format("{:.6g} MHz", hz / 1e6);
  return hz >= 1000 ? fmt::format("{:.6g} kHz", hz / 1000) : fmt::format("{:.6g} Hz", hz);
}

std::string span_text(double s) {
  if (s < 0 || !std::isfinite(s)) return fmt::format("{:g} s", s);
  if (s != 0 && s < 1) return fmt::format("{:.4g} ms", s * 1000);
  if (s < 600) return fmt::format("{:.6g} s", s);
  return s < 7200 ? fmt::format("{:.4g} min", s / 60) : fmt::format("{:.4g} h", s / 3600);
}

std::string shape(const Node &node) {
  std::string text;
  for (const std::size_t extent : node.shape) text += (text.empty() ? "" : " × ") + std::to_string(extent);
  return text;
}

std::string number(double value) {
  const bool whole = std::abs(value) < 1e9 && value == std::trunc(value);
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.5g}", value);
}

std::string values(const Node &node) {
  const std::size_t most = node.kind == "series" ? 3 : node.values.size(); // a file may have hundreds of sweeps
  std::string text;
  for (std::size_t i = 0; i < std::min(most, node.values.size()); ++i)
    text += (text.empty() ? "" : ", ") + number(node.values[i]);
  return std::min(most, node.values.size()) < node.of_values ? text + ", …" : text;
}

std::size_t size(const Node &node) {
  std::size_t product = 1;
  for (const std::size_t extent : node.shape) product *= extent;
  return product;
}

std::string texts(const Node &node) {
  std::string list;
  std::size_t shown = 0;
  for (const std::string &text : node.texts) {
    if (list.size() > 120) break;
    list += (shown++ == 0 ? "" : ", ") + ('"' + plain(text, longest_text) + '"');
  }
  return node.of_values > shown ? list + fmt::format(", … of {} different", node.of_values) : list;
}

/// The text after a node's name. `cut`: its children are not shown.
std::string line(const Node &node, bool cut) {
  std::vector<std::string> words;
  if (!node.object.empty() && !node.name.starts_with(node.object)) words.push_back(plain(node.object, longest_text));
  const bool one = node.shape.empty() || (size(node) == 1 && node.kind != "series");
  if (!node.type.empty() && node.kind != "struct" && node.kind != "cell")
    words.push_back(one ? node.type : shape(node) + " " + node.type);
  if (node.kind == "struct" || node.kind == "cell") words.push_back(shape(node) + " " + node.kind);
  if (!node.unit.empty()) words.push_back(plain(node.unit, longest_text));
  if (!std::isnan(node.rate_hz)) words.push_back(frequency(node.rate_hz));
  if (!std::isnan(node.duration_s)) {
    words.push_back(span_text(node.duration_s));
    if (!std::isnan(node.start_s) && node.start_s != 0)
      words.back() +=
          " from " + (std::abs(node.start_s) < 1e6 ? span_text(node.start_s) : fmt::format("{:.10g} s", node.start_s));
  }
  for (const std::string &fact : node.facts) words.push_back(plain(fact, 100));
  if (cut) words.push_back(fmt::format("{} inside", node.children.size()));
  std::string text;
  for (const std::string &word : words) text += (text.empty() ? "" : ", ") + word;
  if (!node.values.empty()) text += (text.empty() ? "" : ": ") + values(node);
  if (!node.texts.empty()) text += (text.empty() ? "" : ": ") + texts(node);
  if (!node.note.empty()) text += (text.empty() ? "" : "  ") + ("(" + plain(node.note, longest_note) + ")");
  return text;
}

void add_tree(const std::vector<Node> &nodes, std::size_t level, std::size_t depth, std::string &out) {
  const std::string indent(2 * level, ' ');
  std::size_t widest = 0;
  for (const Node &node : nodes) widest = std::max(widest, std::min(width(plain(node.name, widest_name)), widest_name));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i == most_children) {
      out += indent + fmt::format("… {} more (--json has all)\n", nodes.size() - i);
      return;
    }
    const Node &node = nodes[i];
    const bool cut = level + 1 == depth && !node.children.empty();
    const std::string text = line(node, cut);
    out += indent +
           (node.name.empty() ? text
            : text.empty()    ? plain(node.name, widest_name)
                              : padded(plain(node.name, widest_name), widest + 2) + text) +
           "\n";
    if (!cut) add_tree(node.children, level + 1, depth, out);
  }
}

} // namespace

std::string inspect_text(const data::FileDescription &file, std::size_t depth) {
  std::string out = data::printable_line(std::filesystem::path(file.path).filename().string()) + ": " + file.format;
  if (!file.version.empty()) out += " " + plain(file.version, longest_text);
  if (!file.title.empty()) out += ", " + plain(file.title, 160);
  if (!file.identifier.empty()) out += " [" + plain(file.identifier, 80) + "]";
  out += "\n";
  std::size_t widest = 0;
  for (const auto &[name, value] : file.facts) widest = std::max(widest, width(plain(name, widest_name)));
  for (std::size_t i = 0; i < std::min(file.facts.size(), most_facts); ++i)
    out += "  " + padded(plain(file.facts[i].first, widest_name), widest + 2) + plain(file.facts[i].second, 100) + "\n";
  if (file.facts.size() > most_facts)
    out += fmt::format("  … {} more (--json has all)\n", file.facts.size() - most_facts);
  out += "\n";
  if (file.children.empty()) return out + "nothing is in it\n";
  add_tree(file.children, 0, depth, out);
  return out;
}

} // namespace engram::cli
