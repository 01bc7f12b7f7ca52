#!/usr/bin/env python3
"""Feedback weights by regression discontinuity, the network of Guerguiev, Kording & Richards 2020 in NumPy.

Usage: rdd.py [--seconds 90] [--seeds 3] [--lower 100] [--upper 10]

Written from the paper's equations with the parameters of the authors' program: Euler steps of 1 ms, somata that move
while they are refractory, exactly a fifth of the lower neurons driven, others every 100 ms, and a fit in the drive u itself.
It prints, for each seed, the correlation of the estimates with the forward weights and the share of equal signs; the
means are quoted in tests/rules/rdd.cpp and plugins/rdd/README.md.
"""
import argparse

import numpy as np

THRESHOLD, RESET, REFRACTORY = 1.0, -1.0, 3
LEAK, DENDRITE = 0.1, 0.6  # per ms
TAU_L, TAU_S = 10.0, 3.0  # ms
NOISE_RATE, NOISE_WEIGHT = 0.2, 4.0  # per ms
WINDOW, NEAR, RANGE, ETA = 30, 0.1, 10.0, 0.001


class Filtered:
    """Spikes through kappa(t) = (exp(-t / tau_l) - exp(-t / tau_s)) / (tau_l - tau_s), as the next step sees them."""

    def __init__(self, size):
        self.slow, self.fast = np.zeros(size), np.zeros(size)

    def take(self, spikes):
        self.slow = (self.slow + spikes) * np.exp(-1 / TAU_L)
        self.fast = (self.fast + spikes) * np.exp(-1 / TAU_S)

    def value(self):
        return (self.slow - self.fast) / (TAU_L - TAU_S)


class Somata:
    def __init__(self, size):
        self.v = np.full(size, RESET)
        self.quiet = np.zeros(size, int)

    def step(self, dendrite):
        self.v = self.v - LEAK * self.v + DENDRITE * (dendrite - self.v)
        self.quiet = np.maximum(self.quiet - 1, 0)
        spikes = (self.v >= THRESHOLD) & (self.quiet == 0)
        self.v[spikes] = RESET
        self.quiet[spikes] = REFRACTORY
        return spikes


class Estimate:
    """beta[j, i]: the jump at the threshold of what follows in upper neuron j on a window of lower neuron i."""

    def __init__(self, upper, lower):
        self.intercept = np.zeros((2, upper, lower))  # without a spike, with one
        self.slope = np.zeros((2, upper, lower))
        self.left = np.zeros(lower, int)
        self.u = np.full(lower, RESET)
        self.greatest = np.zeros(lower)
        self.spiked = np.zeros(lower, int)
        self.sum = np.zeros((upper, lower))
        self.before = np.zeros((upper, lower))
        self.windows = 0

    def step(self, dendrite, v, spikes, q):
        inside = self.left > 0
        self.greatest[inside] = np.maximum(self.greatest[inside], self.u[inside])
        self.u = self.u - LEAK * self.u + DENDRITE * (dendrite - self.u)
        self.sum[:, inside] += q[:, None]
        ending = np.flatnonzero((self.left == 1) & (np.abs(self.greatest - THRESHOLD) <= RANGE))
        for i in ending:
            s, u = self.spiked[i], self.greatest[i]
            error = self.sum[:, i] / WINDOW - self.before[:, i] - (self.slope[s, :, i] * u + self.intercept[s, :, i])
            self.slope[s, :, i] += ETA * error * u
            self.intercept[s, :, i] += ETA * error
        self.windows += len(ending)
        self.left[inside] -= 1
        outside = self.left == 0
        self.u[outside] = v[outside]
        self.spiked[(self.left > 0) & spikes] = 1
        begins = outside & (np.abs(THRESHOLD - v) <= NEAR)
        self.left[begins] = WINDOW
        self.greatest[begins] = v[begins]
        self.spiked[begins] = spikes[begins]
        self.sum[:, begins] = 0
        self.before[:, begins] = q[:, None]

    def beta(self):
        jump = (self.slope[1] - self.slope[0]) * THRESHOLD + self.intercept[1] - self.intercept[0]
        return jump


def run(seed, seconds, lower, upper):
    random = np.random.default_rng(seed)
    weights = random.standard_normal((upper, lower))
    weights *= 0.2 * lower / weights.std()
    heard, of_lower, of_upper = Filtered(lower), Filtered(lower), Filtered(upper)
    somata, above = Somata(lower), Somata(upper)
    estimate = Estimate(upper, lower)
    for step in range(int(1000 * seconds)):
        if step % 100 == 0:
            rate = np.zeros(lower)
            rate[random.choice(lower, lower // 5, replace=False)] = NOISE_RATE
        heard.take(random.poisson(rate))
        dendrite, q = NOISE_WEIGHT * heard.value(), of_upper.value()
        spikes = somata.step(dendrite)
        estimate.step(dendrite, somata.v, spikes, q)
        of_upper.take(above.step(weights @ of_lower.value()))
        of_lower.take(spikes)
    beta = estimate.beta()
    correlation = np.corrcoef(beta.ravel(), weights.ravel())[0, 1]
    return correlation, np.mean(np.sign(beta) == np.sign(weights)), estimate.windows / lower


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--lower", type=int, default=100)
    parser.add_argument("--upper", type=int, default=10)
    given = parser.parse_args()
    found = []
    for seed in range(1, given.seeds + 1):
        found.append(run(seed, given.seconds, given.lower, given.upper))
        print("seed {}: correlation {:.3f}, equal signs {:.1%}, {:.0f} windows per neuron".format(seed, *found[-1]), flush=True)
    print("mean: correlation {:.3f}, equal signs {:.1%}".format(*np.mean(found, axis=0)[:2]))


if __name__ == "__main__":
    main()
