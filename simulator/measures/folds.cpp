#include "measures/folds.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "numeric/watch.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace engram::measures {

namespace {

void require_count(std::size_t conditions, std::size_t folds) {
  if (folds < 2 || folds > conditions)
    throw NotApplicable("cross-validation of " + std::to_string(conditions) + " conditions needs between 2 and " +
                        std::to_string(conditions) + " folds, not " + std::to_string(folds));
}

// Conditions in this order are dealt out like cards.
std::vector<Fold> deal(const std::vector<std::size_t> &order, std::size_t folds) {
  std::vector<std::size_t> fold_of(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) fold_of[order[k]] = k % folds;
  std::vector<std::vector<arma::uword>> held(folds), rest(folds);
  for (std::size_t c = 0; c < order.size(); ++c)
    for (std::size_t f = 0; f < folds; ++f) (fold_of[c] == f ? held : rest)[f].push_back(c);
  std::vector<Fold> out(folds);
  for (std::size_t f = 0; f < folds; ++f) out[f] = {arma::uvec(rest[f]), arma::uvec(held[f])};
  return out;
}

std::vector<std::size_t> shuffled(std::size_t conditions, std::uint64_t seed) {
  return numeric::permutation({seed, numeric::Purpose::resample, numeric::name_key("folds")}, conditions);
}

} // namespace

std::vector<Fold> make_folds(std::size_t conditions, std::size_t folds, std::uint64_t seed) {
  require_count(conditions, folds);
  return deal(shuffled(conditions, seed), folds);
}

std::vector<Fold> make_folds(const arma::uvec &labels, std::size_t folds, std::uint64_t seed) {
  require_count(labels.n_elem, folds);
  auto order = shuffled(labels.n_elem, seed);
  // Sorted by label, the deal goes on from one label to the next.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return labels[a] < labels[b]; });
  return deal(order, folds);
}

void require_partition(const std::vector<Fold> &folds, std::size_t conditions) {
  std::vector<std::size_t> times(conditions);
  bool sound = folds.size() > 1;
  for (const auto &fold : folds) {
    std::vector<char> seen(conditions);
    sound = sound && fold.held_out.n_elem + fold.training.n_elem == conditions;
    for (const auto *part : {&fold.held_out, &fold.training})
      for (const auto c : *part) {
        if (c >= conditions || seen[c]) throw std::invalid_argument("a fold names a condition twice, or one too many");
        seen[c] = 1;
      }
    for (const auto c : fold.held_out) ++times[c];
  }
  sound = sound && std::all_of(times.begin(), times.end(), [](std::size_t t) { return t == 1; });
  if (!sound) throw std::invalid_argument("the folds do not hold out each of the conditions once");
}

void for_each_part(int threads, std::size_t count, const std::function<void(std::size_t)> &work) {
  const std::size_t helpers = std::min(count, static_cast<std::size_t>(std::max(1, threads))) - (count > 0 ? 1 : 0);
  const numeric::WatchedLoop loop(count);
  std::atomic<std::size_t> next{0}, done{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto take = [&](bool tells) {
    try {
      for (std::size_t k = next++; k < count; k = next++) {
        work(k);
        ++done;
        if (tells) loop.done(done);
      }
    } catch (...) { // whatever it is, it is thrown again in the calling thread
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
      next = count; // the others stop after what they are at
    }
  };
  {
    std::vector<std::jthread> team;
    for (std::size_t k = 0; k < helpers; ++k) team.emplace_back(take, false);
    take(true);
  }
  if (failure) std::rethrow_exception(failure);
}

} // namespace engram::measures
