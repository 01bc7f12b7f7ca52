#include "recordings/variant.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

// Of rsa as far as it is not usual: the comparison can only be said with the dissimilarity before it.
std::string of_dissimilarities(const Method &method) {
  const Method usual;
  std::string out;
  const bool noise = method.noise != usual.noise, by = method.by != usual.by || noise;
  if (method.rdm != usual.rdm || by) out += ":" + method.rdm;
  if (by) out += ":" + method.by;
  if (noise) out += ":" + method.noise;
  if (!method.resample.empty()) out += ":resample=" + method.resample;
  return out;
}

std::string text_of(const Method &method) {
  const Method usual;
  std::string out;
  if (method.type == "rsa") out = of_dissimilarities(method);
  if (method.type == "pls" && method.components != usual.components) out = fmt::format(":{}", method.components);
  if (method.type == "tuning" && !method.axis.empty()) out = ":" + method.axis;
  if (method.type == "receptive_field" && method.before > 0) out = fmt::format(":{:g}", method.before);
  if (method.type == "rate_maps") {
    if (method.bin != usual.bin) out = fmt::format(":{:g}", method.bin);
    if (method.smoothing != usual.smoothing) out += fmt::format(":smoothing={:g}", method.smoothing);
  }
  if (method.folds != usual.folds && (method.type == "ridge" || method.type == "pls" || method.type == "decoding"))
    out += fmt::format(":folds={}", method.folds);
  return out;
}

} // namespace

std::string with_variant(const Method &method, const std::string &result) {
  std::string stem = method.type, text = text_of(method);
  if (method.type == "distances" && method.scale > 0) { // its results have the metric in their names
    stem += "." + method.metric;
    text = fmt::format(":{:g}", method.scale);
  }
  return result.starts_with(stem) ? stem + text + result.substr(stem.size()) : result;
}

} // namespace engram::recordings
