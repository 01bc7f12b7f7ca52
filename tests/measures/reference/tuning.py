"""Indices of tuning by NumPy, and fits by scipy.optimize.curve_fit. Writes tuning.json."""
import json
import os

import numpy as np
from scipy.optimize import curve_fit

rng = np.random.default_rng(8)


def orientation(t, b, a, m, k):
    return b + a * np.exp(k * (np.cos(2 * np.radians(t - m)) - 1))


def direction(t, b, a, o, m, k):
    c = np.cos(np.radians(t - m))
    return b + a * np.exp(k * (c - 1)) + o * np.exp(k * (-c - 1))


def gaussian(x, b, a, m, s):
    return b + a * np.exp(-((x - m) ** 2) / (2 * s**2))


def fit(f, x, y, truth):
    p, cov = curve_fit(f, x, y, truth, xtol=1e-14, ftol=1e-14, gtol=1e-14, maxfev=20000)
    residual = np.sum((y - f(x, *p)) ** 2)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "parameters": p.tolist(),
        "errors": np.sqrt(np.diag(cov)).tolist(),
        "r_squared": 1 - residual / np.sum((y - y.mean()) ** 2),
    }


def noisy(f, x, truth, sd):
    return np.round(f(x, *truth) + rng.normal(0, sd, len(x)), 3)


def fits(f, x, truths, sd, axis=lambda x: x):
    return [fit(f, axis(x), noisy(f, axis(x), t, sd), t) for t in truths]


half = np.arange(0, 180, 15.0)
full = np.arange(0, 360, 22.5)
line = np.arange(-10, 11, 1.0)
hertz = np.round(500 * 2 ** np.arange(0, 6.1, 0.5), 2)
log_fits = fits(gaussian, hertz, [(5, 20, np.log2(2000), 0.8), (3, 8, np.log2(9000), 1.5)], 0.8, np.log2)
for e in log_fits:
    e["x"] = hertz.tolist()

# Indices: by index arithmetic on evenly spaced angles.
r = np.round(np.abs(direction(full, 2, 20, 9, 62, 2.5) + rng.normal(0, 1.5, 16)), 3)
best = int(np.argmax(r))
at = lambda turn: r[(best + turn) % 16]
pref, orth = (at(0) + at(8)) / 2, (at(4) + at(-4)) / 2
vector = lambda period: np.sum(r * np.exp(2j * np.pi * full / period)) / r.sum()
n = len(r)
a = (r.sum() / n) ** 2 / (np.sum(r**2) / n)
population = np.round(rng.gamma(0.7, 5, (9, 6)), 3)
treves_rolls = lambda m, axis: np.mean(m, axis) ** 2 / np.mean(m**2, axis)
indices = {
    "angle": full.tolist(),
    "response": r.tolist(),
    "osi": (pref - orth) / (pref + orth),
    "dsi": (at(0) - at(8)) / (at(0) + at(8)),
    "l_ori": abs(vector(180)),
    "l_dir": abs(vector(360)),
    "preferred_orientation": np.degrees(np.angle(vector(180))) / 2 % 180,
    "preferred_direction": np.degrees(np.angle(vector(360))) % 360,
    "rolls_tovee": a,
    "sparseness": (1 - a) / (1 - 1 / n),
    "depth": (n - r.sum() / r.max()) / (n - 1),
    "population": population.tolist(),
    "lifetime_sparseness": ((1 - treves_rolls(population, 0)) / (1 - 1 / 9)).tolist(),
    "population_sparseness": ((1 - treves_rolls(population, 1)) / (1 - 1 / 6)).tolist(),
}
out = {
    "indices": indices,
    "orientation": fits(orientation, half, [(3, 15, 40, 2.0), (1, 8, 172, 5.0), (10, -6, 95, 1.5)], 0.7),
    "direction": fits(direction, full, [(2, 20, 9, 62, 2.5), (4, 12, 11, 350, 4.0)], 0.8),
    "gaussian": fits(gaussian, line, [(5, 20, 1.5, 2.5), (2, -4, -6, 3.0)], 0.6),
    "log_gaussian": log_fits,
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f)
