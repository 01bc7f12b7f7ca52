"""Victor and Purpura's distance as a problem of assignment (SciPy), van Rossum's as double sums and, to check those, as
an integral on a grid. Writes spike_distance.json."""
import json
import os

import numpy as np
from scipy.optimize import linear_sum_assignment

rng = np.random.default_rng(5)


def victor_purpura(a, b, q):
    """Each spike is matched to one of the other train at the cost of its move, or to nothing at the cost 1."""
    n, m = len(a), len(b)
    cost = np.zeros((n + m, n + m))
    cost[:n, :m] = q * np.abs(a[:, None] - b[None, :]) if n and m else 0
    cost[:n, m:] = 1
    cost[n:, :m] = 1
    return cost[linear_sum_assignment(cost)].sum()


def van_rossum(a, b, tau):
    kernel = lambda x, y: np.exp(-np.abs(x[:, None] - y[None, :]) / tau).sum()
    return np.sqrt(max(0, kernel(a, a) + kernel(b, b) - 2 * kernel(a, b)))


def van_rossum_on_grid(a, b, tau, step=0.002):
    t = np.arange(0, 300 + 20 * tau, step) + step / 2
    f = sum((np.where(t >= s, np.exp(-np.maximum(t - s, 0) / tau), 0) for s in a), np.zeros_like(t))
    g = sum((np.where(t >= s, np.exp(-np.maximum(t - s, 0) / tau), 0) for s in b), np.zeros_like(t))
    return np.sqrt(2 / tau * np.sum((f - g) ** 2) * step)


cases = []
for n, m in [(12, 15), (20, 8), (0, 5), (9, 9), (1, 1)]:
    a, b = np.sort(np.round(rng.uniform(0, 300, n), 2)), np.sort(np.round(rng.uniform(0, 300, m), 2))
    if n == m == 9:
        b[::2] = a[::2]  # some equal times
        b = np.sort(b)
    case = {"a": a.tolist(), "b": b.tolist(), "victor_purpura": [], "van_rossum": []}
    for q in [0, 0.005, 0.05, 0.4, 10]:
        case["victor_purpura"].append([q, victor_purpura(a, b, q)])
    for tau in [1.0, 12.0, 150.0]:
        exact = van_rossum(a, b, tau)
        assert abs(exact - van_rossum_on_grid(a, b, tau)) < 2e-3 * max(1, exact), (exact, tau)
        case["van_rossum"].append([tau, exact])
    cases.append(case)
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump({"cases": cases}, f)
