#!/usr/bin/env bash
# The controlled steppers of Boost.Odeint 1.74 (Debian 12) accept a step whose error estimate is NaN, and lengthen the next.
#
# Seen: Torricelli's law, dh/dt = −√h from h = 1, with runge_kutta_dopri5 at tolerances of 1e-6. A first step of 5 is too
# long: an intermediate stage has h < 0, so the estimate of the error is NaN. try_step answers success, the level is NaN,
# and the next step is 4.5 times as long. One would have guessed that the step is refused and halved, since an error that
# is no number is not below the tolerance. (The test is "error > 1", which NaN does not pass.)
#
# Package: libboost1.74-dev 1.74.0+ds1-21 of Debian 12, its headers alone. Also wants g++.
# engram measures the error with a norm of its own, which is infinite where an error is NaN: controlled_dopri5 then tries
# a fifth of the step, and a run whose step can be no shorter ends, with the region and the neuron.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libboost1.74-dev=1.74.0+ds1-21 >download.log 2>&1 ||
  { cat download.log; echo "the package of Debian 12 is not to be had here"; exit 2; }
dpkg -x ./*.deb root

cat >outflow.cpp <<'C'
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <cstdio>
#include <vector>
namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;
int main() {
  auto stepper = odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(1e-6, 1e-6);
  State level{1};
  double t = 0, dt = 5;
  const auto outflow = [](const State &h, State &dhdt, double) { dhdt[0] = -std::sqrt(h[0]); };
  const auto result = stepper.try_step(outflow, level, t, dt);
  std::printf("%s, level %s, next step %g\n", result == odeint::success ? "accepted" : "refused",
              std::isnan(level[0]) ? "NaN" : "a number", dt);
}
C
g++ -std=c++17 -O1 -isystem root/usr/include outflow.cpp -o outflow

seen=$(./outflow)
echo "$seen"
[[ $seen == "accepted, level NaN, next step 22.5" ]] || { echo "CHANGED: expected a step that is accepted with NaN"; exit 1; }
echo "as described"
