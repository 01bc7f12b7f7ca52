"""Statistics and distances of spike trains that were observed in some windows, by NumPy and loops over all windows and
pairs. Writes observation.json."""
import json
import os

import numpy as np

rng = np.random.default_rng(17)
windows = [[0.0, 330.0], [330.0, 500.0], [900.0, 1333.0], [1400.0, 1455.0], [2000.0, 3000.0]]  # the first two touch
width, cost, tau, bin_of_lag, last_lag = 40.0, 0.1, 12.0, 5.0, 8


def train(shape, mean):
    times = np.round(np.cumsum(rng.gamma(shape, mean / shape, 400)), 3)
    return np.concatenate([within(times, w) for w in windows])


def within(times, window):
    last = window[1] == windows[-1][1] or window[1] not in [w[0] for w in windows]
    return times[(times >= window[0]) & ((times < window[1]) | (last & (times == window[1])))]


def statistics(t):
    parts = [np.diff(within(t, w)) for w in windows]
    d = np.concatenate(parts)
    pairs = np.concatenate([np.stack([p[:-1], p[1:]]) for p in parts if len(p) > 1], axis=1)
    apart, both = pairs[1] - pairs[0], pairs[1] + pairs[0]
    counts = np.concatenate([np.histogram(t, w[0] + width * np.arange(int((w[1] - w[0]) / width) + 1))[0] for w in windows])
    return {
        "times": t.tolist(),
        "rate": 1000 * len(t) / sum(b - a for a, b in windows),
        "mean_interval": d.mean(),
        "cv": d.std() / d.mean(),
        "cv2": np.mean(2 * np.abs(apart) / both),
        "lv": np.mean(3 * (apart / both) ** 2),
        "fano": np.var(counts, ddof=1) / counts.mean(),
    }


def victor_purpura(a, b):
    cost_of = np.zeros((len(a) + 1, len(b) + 1))
    cost_of[:, 0], cost_of[0, :] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost_of[i, j] = min(cost_of[i - 1, j] + 1, cost_of[i, j - 1] + 1,
                                cost_of[i - 1, j - 1] + cost * abs(a[i - 1] - b[j - 1]))
    return cost_of[-1, -1]


def van_rossum_square(a, b):
    k = lambda x, y: np.exp(-np.abs(np.subtract.outer(x, y)) / tau).sum()
    return k(a, a) + k(b, b) - 2 * k(a, b)


def correlogram(a, b, same):
    counts = [0] * (2 * last_lag + 1)
    for w in windows:
        for i, s in enumerate(within(a, w)):
            for j, t in enumerate(within(b, w)):
                lag = (t - s) / bin_of_lag
                k = int(np.sign(lag) * np.floor(abs(lag) + 0.5))
                if not (same and i == j) and abs(k) <= last_lag:
                    counts[k + last_lag] += 1
    return counts


trains = [train(1, 15), train(3, 25)]
a, b = trains
out = {
    "windows": windows, "width": width, "cost": cost, "tau": tau, "bin_of_lag": bin_of_lag, "last_lag": last_lag,
    "trains": [statistics(t) for t in trains],
    "victor_purpura": sum(victor_purpura(within(a, w), within(b, w)) for w in windows),
    "van_rossum": np.sqrt(sum(van_rossum_square(within(a, w), within(b, w)) for w in windows)),
    "cross_correlogram": correlogram(a, b, False),
    "autocorrelogram": correlogram(a, a, True),
}
with open(os.path.join(os.path.dirname(__file__), "observation.json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
