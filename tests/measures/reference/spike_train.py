"""Statistics of spike trains by NumPy, SciPy and loops over all pairs. Writes spike_train.json."""
import json
import os

import numpy as np
from scipy.stats import variation

rng = np.random.default_rng(11)
start, stop = 100.0, 2100.0


def train(shape, mean):
    times = start + np.cumsum(rng.gamma(shape, mean / shape, 400))
    return np.round(times[times < stop], 3)


def statistics(t):
    d = np.diff(t)
    return {
        "times": t.tolist(),
        "rate": 1000 * len(t) / (stop - start),
        "mean_interval": d.mean(),
        "cv": variation(d),  # SciPy: population standard deviation over mean
        "cv2": np.mean(2 * np.abs(np.diff(d)) / (d[1:] + d[:-1])),
        "lv": np.mean(3 * np.diff(d) ** 2 / (d[1:] + d[:-1]) ** 2),
    }


def fano(counts):
    return np.var(counts, ddof=1) / np.mean(counts)


def correlogram(a, b, width, last, same):
    counts = [0] * (2 * last + 1)
    for i, s in enumerate(a):
        for j, t in enumerate(b):
            if same and i == j:
                continue
            lag = (t - s) / width
            k = int(np.sign(lag) * np.floor(abs(lag) + 0.5))  # halves away from 0
            if abs(k) <= last:
                counts[k + last] += 1
    return counts


trains = [train(shape, mean) for shape, mean in [(1, 20), (4, 15), (0.5, 30), (1, 25)]]
width = 50.0
edges = np.arange(start, stop + width / 2, width)
counts = [np.histogram(t, edges)[0] for t in trains]
out = {
    "start": start,
    "stop": stop,
    "trains": [statistics(t) for t in trains],
    "width": width,
    "counts": [c.tolist() for c in counts],
    "fano": [fano(c) for c in counts],
    "fano_trials": fano([len(t) for t in trains]),
    "psth": (np.sum(counts, 0) / len(trains) / width * 1000).tolist(),
    "correlogram": {
        "width": 4.0,
        "max_lag": 60.0,
        "cross": correlogram(trains[0], trains[1], 4.0, 15, False),
        "auto": correlogram(trains[1], trains[1], 4.0, 15, True),
    },
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f)
