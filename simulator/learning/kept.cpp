#include "learning/kept.hpp"

#include "error/error.hpp"

#include <algorithm>
#include <type_traits>

namespace engram::learning {

namespace {

template <class T> Saved saved(const Kept &kept, const T *values, std::size_t count) {
  return {kept.name, count ? kept.rows : 0, count ? kept.columns : 0, std::vector<T>(values, values + count)};
}

Saved saved(const Kept &kept) {
  return std::visit(
      [&](const auto *at) {
        using Held = std::remove_cvref_t<decltype(*at)>;
        if constexpr (std::is_same_v<Held, double>)
          return saved(kept, at, 1);
        else if constexpr (requires { at->memptr(); })
          return saved(kept, at->memptr(), at->n_elem);
        else
          return saved(kept, at->data(), at->size());
      },
      kept.at);
}

void put(const Kept &kept, const Saved &saved) {
  const auto take = [&](auto begin, auto end) {
    std::visit(
        [&](auto *at) {
          using Held = std::remove_cvref_t<decltype(*at)>;
          if constexpr (std::is_same_v<Held, double>) {
            *at = begin == end ? 0 : static_cast<double>(*begin);
          } else if constexpr (requires { at->memptr(); }) {
            at->set_size(saved.rows, saved.columns);
            std::transform(begin, end, at->begin(),
                           [](auto value) { return static_cast<typename Held::elem_type>(value); });
          } else {
            at->resize(static_cast<std::size_t>(end - begin));
            std::transform(begin, end, at->begin(),
                           [](auto value) { return static_cast<typename Held::value_type>(value); });
          }
        },
        kept.at);
  };
  std::visit([&](const auto &values) { take(values.begin(), values.end()); }, saved.values);
}

std::string shape_text(std::size_t rows, std::size_t columns) {
  return std::to_string(rows) + " x " + std::to_string(columns);
}

} // namespace

std::vector<Saved> save(const std::vector<Kept> &kept) {
  std::vector<Saved> out;
  out.reserve(kept.size());
  for (const auto &one : kept) out.push_back(saved(one));
  return out;
}

void restore(const std::vector<Kept> &kept, const std::vector<Saved> &all, const std::string &source) {
  std::vector<const Saved *> of;
  for (const auto &one : kept) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Saved &s) { return s.name == one.name; });
    if (std::count_if(kept.begin(), kept.end(), [&](const Kept &k) { return k.name == one.name; }) > 1)
      throw Broken("two states are called '" + one.name + "'");
    if (found == all.end()) throw data::DataError(source + ": does not hold the state '" + one.name + "' of the model");
    const bool nothing = found->rows == 0 && found->columns == 0;
    if (!nothing && (found->rows != one.rows || found->columns != one.columns))
      throw data::DataError(source + ": the state '" + one.name + "' is " + shape_text(found->rows, found->columns) +
                            ", the model's is " + shape_text(one.rows, one.columns));
    of.push_back(&*found);
  }
  for (const auto &one : all)
    if (std::none_of(kept.begin(), kept.end(), [&](const Kept &k) { return k.name == one.name; }))
      throw data::DataError(source + ": holds a state '" + one.name + "', which the model does not have");
  for (std::size_t k = 0; k < kept.size(); ++k) put(kept[k], *of[k]);
}

} // namespace engram::learning
