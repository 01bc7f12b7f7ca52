"""Spike-triggered averages and covariances by loops over spikes and NumPy's cov, separability by its SVD, a Gabor fit by
scipy.optimize.curve_fit. Writes receptive_field.json."""
import json
import os

import numpy as np
from scipy.optimize import curve_fit

rng = np.random.default_rng(21)
samples, pixels, lags = 400, 3, 4
stimulus = np.round(rng.normal(0.3, 1, (samples, pixels)), 2)
drive = np.convolve(stimulus[:, 1], [0, 0.8, 0.4], "full")[:samples]
spikes = rng.poisson(np.exp(0.5 * drive - 0.8))

rows = []
for t in range(lags - 1, samples):
    for _ in range(spikes[t]):
        rows.append([stimulus[t - lag] for lag in range(lags)])
rows = np.array(rows)  # spikes × lags × pixels
sta = rows.mean(0)
flat = rows.reshape(len(rows), -1)
prior = np.array([[stimulus[t - lag] for lag in range(lags)] for t in range(lags - 1, samples)]).reshape(-1, lags * pixels)
change = np.cov(flat.T) - np.cov(prior.T)
axis = sta.ravel() - np.tile(stimulus.mean(0), lags)
axis /= np.linalg.norm(axis)
project = np.eye(lags * pixels) - np.outer(axis, axis)
inside = np.linalg.eigvalsh(project @ change @ project)
drop = np.argmin(np.abs(inside))  # that of the axis itself, 0
assert abs(inside[drop]) < 1e-12
field = sta - stimulus.mean(0)
s = np.linalg.svd(field, compute_uv=False)


def gabor(at, a, x0, y0, theta, sx, sy, f, phase):
    x, y = at
    c, s = np.cos(np.radians(theta)), np.sin(np.radians(theta))
    u, v = (x - x0) * c + (y - y0) * s, -(x - x0) * s + (y - y0) * c
    return a * np.exp(-(u**2) / (2 * sx**2) - v**2 / (2 * sy**2)) * np.cos(2 * np.pi * f * u + np.radians(phase))


y, x = np.mgrid[:15, :17]
gabors = []
for truth in [(1, 8.3, 6.4, 35, 2.2, 3.1, 0.17, 60), (2, 6, 8, 120, 1.8, 2.5, 0.1, 200), (1, 9, 7, 5, 2.5, 2.0, 0.3, 310)]:
    image = np.round(gabor((x, y), *truth) + rng.normal(0, 0.08, x.shape), 3)
    p, cov = curve_fit(gabor, (x.ravel(), y.ravel()), image.ravel(), truth, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    gabors.append({"image": image.tolist(), "parameters": p.tolist(), "errors": np.sqrt(np.diag(cov)).tolist()})

out = {
    "lags": lags,
    "stimulus": stimulus.tolist(),
    "spikes": spikes.tolist(),
    "spike_count": len(rows),
    "average": sta.tolist(),
    "eigenvalues": np.linalg.eigvalsh(change)[::-1].tolist(),
    "eigenvalues_without_average": np.delete(inside, drop)[::-1].tolist(),
    "separability": s[0] ** 2 / np.sum(s**2),
    "gabors": gabors,
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f)
