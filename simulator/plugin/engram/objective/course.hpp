// The loss of a term that looks at the whole course of a trial, and its gradient.
#ifndef ENGRAM_OBJECTIVE_COURSE_HPP
#define ENGRAM_OBJECTIVE_COURSE_HPP

#include <engram/objective/reader.hpp>
#include <engram/shared.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace engram::terms {

/// How a course lies in memory: neuron i in trial b and step k at i + b rows + k block. Labels have one row, and no
/// block.
struct CourseLayout {
  std::size_t rows = 0, trials = 0, steps = 0, block = 0;
  std::size_t at(std::size_t i, std::size_t b, std::size_t k) const { return i + b * rows + k * block; }
};

/// The course of one neuron in one trial: x[k], step by step.
template <class T, class X> struct NeuronCourse {
  const Source<T> &source;
  CourseLayout layout;
  std::size_t neuron, trial;
  std::size_t size() const { return layout.steps; }
  X operator[](std::size_t k) const { return source.template at<X>(layout.at(neuron, trial, k)); }
  bool missing(std::size_t k) const { return source.is_missing(layout.at(neuron, trial, k)); }
};

/// The course of one trial: x(i, k).
template <class T, class X> struct TrialCourse {
  const Source<T> &source;
  CourseLayout layout;
  std::size_t trial;
  std::size_t size() const { return layout.rows; }
  std::size_t steps() const { return layout.steps; }
  X operator()(std::size_t i, std::size_t k) const { return source.template at<X>(layout.at(i, trial, k)); }
  bool missing(std::size_t i, std::size_t k) const { return source.is_missing(layout.at(i, trial, k)); }
};

/// The course of a batch: x(i, b, k).
template <class T, class X> struct BatchCourse {
  const Source<T> &source;
  CourseLayout layout;
  std::size_t size() const { return layout.rows; }
  std::size_t trials() const { return layout.trials; }
  std::size_t steps() const { return layout.steps; }
  X operator()(std::size_t i, std::size_t b, std::size_t k) const { return source.template at<X>(layout.at(i, b, k)); }
  bool missing(std::size_t i, std::size_t b, std::size_t k) const { return source.is_missing(layout.at(i, b, k)); }
};

/// One number of a gradient that the author gives. Null: nobody asks for it.
template <class T> struct Slope {
  T *to;
  const Slope &operator=(Scalar<T> value) const { // NOLINT: it stands for the number
    if (to != nullptr) *to = value.value;
    return *this;
  }
  const Slope &operator+=(Scalar<T> value) const {
    if (to != nullptr) *to += value.value;
    return *this;
  }
};

/// The gradient that the author gives, laid out as the signal; steps before `from` are asked for by nobody.
template <class T> struct Slopes {
  T *out;
  CourseLayout layout;
  std::size_t from, neuron = 0, trial = 0;
  Slope<T> at(std::size_t i, std::size_t b, std::size_t k) const {
    return {k < from ? nullptr : out + layout.at(i, b, k - from)};
  }
  Slope<T> operator[](std::size_t k) const { return at(neuron, trial, k); }                      ///< of neuron()
  Slope<T> operator()(std::size_t i, std::size_t k) const { return at(i, trial, k); }            ///< of trial()
  Slope<T> operator()(std::size_t i, std::size_t b, std::size_t k) const { return at(i, b, k); } ///< of batch()
};

template <class O, class T> struct CourseDerivatives : ConstantsReader<O, T> {
  using typename ConstantsReader<O, T>::S;
  using typename ConstantsReader<O, T>::Constants;
  static constexpr std::size_t W = 4; // derivatives are taken by so many numbers at a time

  template <class X> using Neuron = NeuronCourse<T, X>;
  template <class X> using Trial = TrialCourse<T, X>;
  template <class X> using Batch = BatchCourse<T, X>;

  static constexpr bool by_neuron = requires(const Neuron<S> &x, const Constants &p) { O::neuron(x, x, p); }
  || requires(const Neuron<S> &x, const Constants &p, S step) { O::neuron(x, x, p, step); };
  static constexpr bool by_trial = requires(const Trial<S> &x, const Constants &p) { O::trial(x, x, p); }
  || requires(const Trial<S> &x, const Constants &p, S step) { O::trial(x, x, p, step); };
  static constexpr bool by_batch = requires(const Batch<S> &x, const Constants &p) { O::batch(x, x, p); }
  || requires(const Batch<S> &x, const Constants &p, S step) { O::batch(x, x, p, step); };
  static_assert(by_neuron + by_trial + by_batch == 1,
                "a term has one of neuron(x, y, p), trial(x, y, p) and batch(x, y, p)");

  ENGRAM_WHOLE static engram_status loss(const engram_compared *in, void *loss, engram_message *message) {
    return guarded(message, [&] {
      const Sides sides(*in);
      T *out = static_cast<T *>(loss);
      if constexpr (by_batch) {
        std::fill_n(out, in->trials, sides.template batch<S>().value);
      } else {
        for (std::size_t b = 0; b < in->trials; ++b) {
          if constexpr (by_trial) {
            out[b] = sides.template trial<S>(b).value;
          } else {
            S sum = T(0);
            for (std::size_t i = 0; i < in->neurons; ++i) sum += sides.template neuron<S>(i, b);
            out[b] = sum.value;
          }
        }
      }
    });
  }

  ENGRAM_WHOLE static engram_status gradient(const engram_compared *in, void *of_signal, void *of_target,
                                             engram_message *message) {
    return guarded(message, [&] {
      if (of_target != nullptr) throw std::invalid_argument("no gradient is taken by the target of a course");
      if (of_signal == nullptr) return;
      T *out = static_cast<T *>(of_signal);
      Sides sides(*in);
      std::fill_n(out, sides.x_layout.block * (in->steps - in->from), T(0));
      if constexpr (given_by_neuron || given_by_trial || given_by_batch)
        given(sides, out);
      else
        taken(sides, out);
    });
  }

private:
  // Both sides of the comparison, and calls of the loss in numbers of type X.
  struct Sides {
    explicit Sides(const engram_compared &compared)
        : in(compared), x{static_cast<const T *>(in.signal), in.neurons},
          y{static_cast<const T *>(in.target), in.target_rows}, x_layout{in.neurons, in.trials, in.steps,
                                                                         in.neurons * in.trials},
          y_layout{in.target_rows, in.trials, in.steps,
                   O::about.target == ENGRAM_TARGET_LABELS ? 0 : in.target_rows * in.trials},
          p(ConstantsReader<O, T>::constants(in)), step(static_cast<T>(in.step)) {}

    template <class X> Neuron<X> neuron_x(std::size_t i, std::size_t b) const { return {x, x_layout, i, b}; }
    template <class X> Neuron<X> neuron_y(std::size_t i, std::size_t b) const {
      return {y, y_layout, in.target_rows == 1 ? 0 : i, b};
    }
    template <class X> X neuron(std::size_t i, std::size_t b) const {
      if constexpr (requires { O::neuron(neuron_x<X>(i, b), neuron_y<X>(i, b), p); })
        return X(O::neuron(neuron_x<X>(i, b), neuron_y<X>(i, b), p));
      else
        return X(O::neuron(neuron_x<X>(i, b), neuron_y<X>(i, b), p, step));
    }
    template <class X> X trial(std::size_t b) const {
      const Trial<X> of_x{x, x_layout, b}, of_y{y, y_layout, b};
      if constexpr (requires { O::trial(of_x, of_y, p); })
        return X(O::trial(of_x, of_y, p));
      else
        return X(O::trial(of_x, of_y, p, step));
    }
    template <class X> X batch() const {
      const Batch<X> of_x{x, x_layout}, of_y{y, y_layout};
      if constexpr (requires { O::batch(of_x, of_y, p); })
        return X(O::batch(of_x, of_y, p));
      else
        return X(O::batch(of_x, of_y, p, step));
    }

    const engram_compared &in;
    Source<T> x, y;
    CourseLayout x_layout, y_layout;
    Constants p;
    S step;
  };

  // Does the author give the gradient?
  static constexpr bool given_by_neuron = requires(const Neuron<S> &x, const Constants &p, const Slopes<T> &out) {
    O::neuron_gradient(x, x, p, out);
  };
  static constexpr bool given_by_trial = requires(const Trial<S> &x, const Constants &p, const Slopes<T> &out) {
    O::trial_gradient(x, x, p, out);
  };
  static constexpr bool given_by_batch = requires(const Batch<S> &x, const Constants &p, const Slopes<T> &out) {
    O::batch_gradient(x, x, p, out);
  };
  static_assert(
      (!given_by_neuron || by_neuron) && (!given_by_trial || by_trial) && (!given_by_batch || by_batch),
      "the gradient that is given is of the form of the loss: neuron_gradient, trial_gradient, batch_gradient");

  static void given(const Sides &sides, T *out) {
    const auto &in = sides.in;
    Slopes<T> slopes{out, sides.x_layout, in.from};
    if constexpr (given_by_batch) {
      const Batch<S> x{sides.x, sides.x_layout}, y{sides.y, sides.y_layout};
      O::batch_gradient(x, y, sides.p, slopes);
      for (std::size_t k = 0; k < sides.x_layout.block * (in.steps - in.from); ++k)
        out[k] *= static_cast<T>(in.trials); // each trial has this loss
    } else {
      for (slopes.trial = 0; slopes.trial < in.trials; ++slopes.trial) {
        const std::size_t b = slopes.trial;
        if constexpr (given_by_trial) {
          const Trial<S> x{sides.x, sides.x_layout, b}, y{sides.y, sides.y_layout, b};
          O::trial_gradient(x, y, sides.p, slopes);
        } else {
          for (slopes.neuron = 0; slopes.neuron < in.neurons; ++slopes.neuron)
            O::neuron_gradient(sides.template neuron_x<S>(slopes.neuron, b),
                               sides.template neuron_y<S>(slopes.neuron, b), sides.p, slopes);
        }
      }
    }
  }

  // By numbers that carry derivatives.
  static void taken(Sides &sides, T *out) {
    using Several = Dual<S, W>;
    const auto &in = sides.in;
    const auto &layout = sides.x_layout;
    const std::size_t before = in.from * layout.block, all = in.steps * layout.block;
    auto &by = sides.x;
    by.seeded = true;
    if constexpr (by_batch) {
      for (by.from = before; by.from < all; by.from += W) {
        const auto loss = sides.template batch<Several>();
        for (std::size_t part = 0; part < std::min(W, all - by.from); ++part) // each trial has this loss
          out[by.from - before + part] = static_cast<T>(in.trials) * loss.part[part].value;
      }
    } else if constexpr (by_trial) {
      for (std::size_t b = 0; b < in.trials; ++b)
        for (std::size_t k = in.from; k < in.steps; ++k)
          for (std::size_t first = 0; first < in.neurons; first += W) {
            by.from = layout.at(first, b, k);
            const auto loss = sides.template trial<Several>(b);
            for (std::size_t part = 0; part < std::min(W, in.neurons - first); ++part)
              out[by.from - before + part] = loss.part[part].value;
          }
    } else {
      by.stride = layout.block;
      for (std::size_t b = 0; b < in.trials; ++b)
        for (std::size_t i = 0; i < in.neurons; ++i)
          for (std::size_t k = in.from; k < in.steps; k += W) {
            by.from = layout.at(i, b, k);
            const auto loss = sides.template neuron<Several>(i, b);
            for (std::size_t part = 0; part < std::min(W, in.steps - k); ++part)
              out[by.from - before + part * layout.block] = loss.part[part].value;
          }
    }
  }
};

} // namespace engram::terms

#endif
