// The loss of a term, its gradient and its product with the second derivatives, for all neurons and trials of a batch.
#ifndef ENGRAM_OBJECTIVE_DERIVATIVES_HPP
#define ENGRAM_OBJECTIVE_DERIVATIVES_HPP

#include <engram/objective/reader.hpp>
#include <engram/shared.hpp>

#include <algorithm>

namespace engram::terms {

template <class O, class T> struct Derivatives : Reader<O, T> {
  using R = Reader<O, T>;
  using typename R::Constants;
  using typename R::S;
  static constexpr std::size_t W = 4; // derivatives are taken by so many numbers at a time

  static Source<T> signal(const engram_compared &in) { return {static_cast<const T *>(in.signal), in.neurons}; }
  static Source<T> target(const engram_compared &in) { return {static_cast<const T *>(in.target), in.target_rows}; }

  ENGRAM_WHOLE static engram_status loss(const engram_compared *in, void *loss, engram_message *message) {
    return guarded(message, [&] {
      const auto x = signal(*in), y = target(*in);
      const auto p = R::constants(*in);
      const S step = static_cast<T>(in->step);
      T *out = static_cast<T *>(loss);
      if constexpr (R::by_batch) {
        std::fill_n(out, in->trials, R::template batch<S>({x, in->trials}, {y, in->trials}, p, step).value);
      } else {
        for (std::size_t b = 0; b < in->trials; ++b) {
          if constexpr (R::by_trial) {
            out[b] = R::template trial<S>({x, b}, {y, b}, p, step).value;
          } else {
            S sum = T(0);
            for (std::size_t i = 0; i < in->neurons; ++i)
              if (const auto place = place_of(*in, i, b); place.given)
                sum += R::template neuron<S>(x.template at<S>(place.x), y.template at<S>(place.y), p, step);
            out[b] = sum.value;
          }
        }
      }
    });
  }

  ENGRAM_WHOLE static engram_status gradient(const engram_compared *in, void *of_signal, void *of_target,
                                             engram_message *message) {
    return guarded(message, [&] {
      const auto first = [](const auto &x, std::size_t part) { return x.part[part].value; };
      take<Dual<S, 1>, Dual<S, W>>(*in, nullptr, false, static_cast<T *>(of_signal), first);
      take<Dual<S, 1>, Dual<S, W>>(*in, nullptr, true, static_cast<T *>(of_target), first);
    });
  }

  ENGRAM_WHOLE static engram_status hessian_product(const engram_compared *in, const void *v, void *of_signal,
                                                    void *of_target, engram_message *message) {
    return guarded(message, [&] {
      using V = Dual<S, 1>;
      const auto second = [](const auto &x, std::size_t part) { return x.part[part].part[0].value; };
      const T *way = static_cast<const T *>(v);
      take<Dual<V, 1>, Dual<V, W>>(*in, way, false, static_cast<T *>(of_signal), second);
      take<Dual<V, 1>, Dual<V, W>>(*in, way, true, static_cast<T *>(of_target), second);
    });
  }

private:
  // A neuron in a trial: where its signal and its target stand, and whether there is a target.
  struct Place {
    std::size_t x, y;
    bool given;
  };
  static Place place_of(const engram_compared &in, std::size_t i, std::size_t b) {
    const std::size_t x = i + b * in.neurons, y = in.target_rows == in.neurons ? x : b;
    const T *values = static_cast<const T *>(in.target);
    return {x, y, values == nullptr || in.target_rows == 0 || !std::isnan(values[y])};
  }

  // out = the derivative by each number of the signal, or of the target; `of` finds it in what the loss returned.
  template <class One, class Several, class Of>
  static void take(const engram_compared &in, const T *way, bool by_target, T *out, Of of) {
    if (out == nullptr) return;
    auto x = signal(in), y = target(in);
    auto &by = by_target ? y : x;
    x.way = way;
    by.seeded = true;
    const std::size_t rows = by.rows, count = rows * in.trials;
    const auto p = R::constants(in);
    const S step = static_cast<T>(in.step);
    if constexpr (R::by_batch) {
      for (by.from = 0; by.from < count; by.from += W) {
        const auto loss = R::template batch<Several>({x, in.trials}, {y, in.trials}, p, step);
        for (std::size_t part = 0; part < std::min(W, count - by.from); ++part) // each trial has this loss
          out[by.from + part] = static_cast<T>(in.trials) * of(loss, part);
      }
    } else if constexpr (R::by_trial) {
      for (std::size_t b = 0; b < in.trials; ++b)
        for (std::size_t first = 0; first < rows; first += W) {
          by.from = first + b * rows;
          const auto loss = R::template trial<Several>({x, b}, {y, b}, p, step);
          for (std::size_t part = 0; part < std::min(W, rows - first); ++part) out[by.from + part] = of(loss, part);
        }
    } else {
      std::fill_n(out, count, T(0));
      for (std::size_t b = 0; b < in.trials; ++b)
        for (std::size_t i = 0; i < in.neurons; ++i) {
          const auto place = place_of(in, i, b);
          if (!place.given) continue;
          by.from = by_target ? place.y : place.x;
          out[by.from] +=
              of(R::template neuron<One>(x.template at<One>(place.x), y.template at<One>(place.y), p, step), 0);
        }
    }
  }
};

} // namespace engram::terms

#endif
