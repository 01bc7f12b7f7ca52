// write_feedback() replaces the key "feedback" by the projections that it stands for.
#include "model/reader.hpp"

#include <algorithm>
#include <set>

namespace engram::model {
namespace {

bool has_apical(const Dynamics &dynamics) {
  return std::find(dynamics.compartments.begin(), dynamics.compartments.end(), "apical") != dynamics.compartments.end();
}

bool is_forward(const Projection &projection, const Model &model, const Vocabulary &vocabulary) {
  return projection.from.port == "rate" && projection.to.port == "soma" &&
         projection.from.region != projection.to.region &&
         !dynamics_of(model.regions[projection.from.region], vocabulary).stimulus;
}

// Regions from which a directed path of forward projections leads to `goal`, and `goal`.
std::vector<bool> reaching(std::size_t goal, const Model &model, const Vocabulary &vocabulary) {
  std::vector<std::vector<std::size_t>> sources(model.regions.size());
  for (const auto &projection : model.projections)
    if (is_forward(projection, model, vocabulary)) sources[projection.to.region].push_back(projection.from.region);
  std::vector<bool> reached(model.regions.size());
  std::vector<std::size_t> open{goal};
  reached[goal] = true;
  while (!open.empty()) {
    const std::size_t region = open.back();
    open.pop_back();
    for (const std::size_t source : sources[region]) {
      if (reached[source]) continue;
      reached[source] = true;
      open.push_back(source);
    }
  }
  return reached;
}

// Those into which a term delivers errors, or attention.
std::vector<std::size_t> taught_regions(const Model &model) {
  using enum Objective::Delivery;
  std::vector<std::size_t> out;
  for (const Objective *term : terms_of(model))
    if ((term->delivery == vector || term->delivery == attention) && term->region != unresolved &&
        std::find(out.begin(), out.end(), term->region) == out.end())
      out.push_back(term->region);
  return out;
}

} // namespace

const std::vector<FeedbackKind> &feedback_kinds() {
  static const std::vector<FeedbackKind> kinds{
      {"random", "fixed random weights beside each forward projection", "along each forward projection backwards"},
      {"direct", "fixed random weights from the output to each region", "from the output straight to each region",
       true},
      {"transpose", "the forward weights, transposed", "through the forward weights, transposed, at every moment",
       false, "transpose_of"},
      {"sign", "random magnitudes with the forward weights' signs",
       "through random magnitudes with the signs of the forward weights", false, "sign_of", true}};
  return kinds;
}

void write_feedback(input::Document &document, const Model &model, const Vocabulary &vocabulary,
                    input::Problems &problems) {
  input::Json &learning = document.value.at("learning");
  const input::Json feedback = learning.at("feedback");
  const input::Place place = document.places.at("/learning/feedback");
  const auto outputs = taught_regions(model);
  if (outputs.empty()) {
    problems.add("/learning/feedback",
                 "feedback carries errors, so it needs an objective that is delivered as a vector or as attention");
    return;
  }
  const std::string name = feedback.is_string() ? feedback.get<std::string>() : feedback.at("type").get<std::string>();
  // The schema lets no other name through.
  const auto &kind = *std::find_if(feedback_kinds().begin(), feedback_kinds().end(),
                                   [&](const FeedbackKind &one) { return one.name == name; });
  std::set<std::pair<std::size_t, std::size_t>> there; // error -> apical, by regions
  for (const auto &projection : model.projections)
    if (projection.from.port == "error" && projection.to.port == "apical")
      there.emplace(projection.from.region, projection.to.region);
  input::Json &projections = document.value.at("architecture")["projections"];
  if (!projections.is_array()) projections = input::Json::array();
  const auto write = [&](const Projection &forward, std::size_t output, const std::vector<bool> &reached) {
    if (!is_forward(forward, model, vocabulary) || !reached[forward.to.region]) return;
    const std::size_t target = forward.from.region;
    const std::size_t source = kind.direct ? output : forward.to.region;
    if (source == target || !has_apical(dynamics_of(model.regions[target], vocabulary)) ||
        !offers(dynamics_of(model.regions[source], vocabulary), "error"))
      return;
    if (!there.emplace(source, target).second) return;
    input::Json weights = {{"normal", {{"gain", 1}}}};
    if (feedback.is_object() && feedback.contains("weights")) weights = feedback.at("weights");
    if (!kind.follows.empty()) weights = {{kind.follows, forward.name}};
    if (kind.gain && feedback.is_object() && feedback.contains("gain")) weights["gain"] = feedback.at("gain");
    document.places.set(input::below("/architecture/projections", projections.size()), place);
    projections.push_back({{"from", model.regions[source].name + ".error"},
                           {"to", model.regions[target].name + ".apical"},
                           {"connect", default_of(vocabulary.patterns)->name},
                           {"weights", weights}});
  };
  for (const std::size_t output : outputs) {
    const auto reached = reaching(output, model, vocabulary);
    for (const auto &forward : model.projections) write(forward, output, reached);
  }
  learning.erase("feedback");
}

} // namespace engram::model
