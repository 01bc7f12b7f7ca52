"""Rate maps by scipy.ndimage's Gaussian filter, autocorrelograms by a loop over shifts, grid scores by
scipy.ndimage.map_coordinates, border scores by scipy.ndimage.label. Writes spatial.json."""
import json
import os

import numpy as np
from scipy import ndimage

rng = np.random.default_rng(2)
nothing = lambda m: [[None if np.isnan(v) else float(v) for v in row] for row in m]


def rate_map(time, x, y, spikes, size, bin_size, sd, least, gap):
    rows, columns = size
    occupancy, counts = np.zeros(size), np.zeros(size)
    at = lambda k: (min(rows - 1, int(y[k] / bin_size)), min(columns - 1, int(x[k] / bin_size)))
    inside = lambda k: 0 <= x[k] <= columns * bin_size and 0 <= y[k] <= rows * bin_size
    for k in range(len(time) - 1):
        if inside(k) and time[k + 1] - time[k] <= gap:
            occupancy[at(k)] += time[k + 1] - time[k]
    for s in spikes:
        k = np.searchsorted(time, s, "right") - 1
        if 0 <= k < len(time) - 1 and inside(k) and time[k + 1] - time[k] <= gap:
            counts[at(k)] += 1
    smooth = lambda m: ndimage.gaussian_filter(m, sd / bin_size, mode="constant", truncate=4)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = 1000 * smooth(counts) / smooth(occupancy)
    rate[occupancy <= least] = np.nan
    return rate, occupancy, counts


def information(rate, occupancy):
    known = (occupancy > 0) & ~np.isnan(rate)
    p, r = occupancy[known] / occupancy[known].sum(), rate[known]
    mean = np.sum(p * r)
    fired = r > 0
    bits = np.sum(p[fired] * r[fired] * np.log2(r[fired] / mean))
    return {"bits_per_second": bits, "bits_per_spike": bits / mean, "sparsity": mean**2 / np.sum(p * r**2)}


def autocorrelogram(rate, least):
    rows, columns = rate.shape
    out = np.full((2 * rows - 1, 2 * columns - 1), np.nan)
    for i in range(1 - rows, rows):
        for j in range(1 - columns, columns):
            a = rate[max(0, -i) : rows - max(0, i), max(0, -j) : columns - max(0, j)]
            b = rate[max(0, i) : rows - max(0, -i), max(0, j) : columns - max(0, -j)]
            known = ~np.isnan(a) & ~np.isnan(b)
            if known.sum() >= least:
                out[i + rows - 1, j + columns - 1] = np.corrcoef(a[known], b[known])[0, 1]
    return out


def grid_score(m, margin):
    rows, columns = (np.array(m.shape) - 1) // 2
    i, j = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    radius = np.hypot(i, j)
    reach = min(rows, columns)
    profile = [np.nanmean(m[np.rint(radius) == d]) for d in range(reach + 1)]
    inner = next(d for d in range(1, reach) if profile[d] < 0.2 or profile[d] < min(profile[d - 1], profile[d + 1] + 1e-15))
    turned = {}
    for angle in [30, 60, 90, 120, 150]:
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        places = np.round([c * i - s * j + rows, s * i + c * j + columns], 9)
        known = (places >= 0).all(0) & (places[0] <= 2 * rows) & (places[1] <= 2 * columns)
        turned[angle] = np.where(known, ndimage.map_coordinates(m, places, order=1, mode="nearest"), np.nan)
    best = (-np.inf, 0)
    for outer in np.arange(inner + margin, min(rows, columns) + 1 - margin + 1e-9):
        ring = (radius > inner) & (radius <= outer)
        r = {}
        for angle, t in turned.items():
            known = ring & ~np.isnan(t) & ~np.isnan(m)
            r[angle] = np.corrcoef(m[known], t[known])[0, 1]
        best = max(best, (min(r[60], r[120]) - max(r[30], r[90], r[150]), outer))
    return {"score": best[0], "inner": float(inner), "outer": float(best[1])}


def border_score(rate, bin_size, threshold=0.3, least_area=200):
    fields, count = ndimage.label(np.nan_to_num(rate) > threshold * np.nanmax(rate))
    for f in range(1, count + 1):
        if np.sum(fields == f) * bin_size**2 < least_area:
            fields[fields == f] = 0
    walls = [fields[0], fields[-1], fields[:, 0], fields[:, -1]]
    coverage = max(np.mean(w == f) for w in walls for f in range(1, count + 1))
    away = ndimage.distance_transform_cdt(np.pad(np.ones(rate.shape, int), 1), "taxicab")[1:-1, 1:-1] - 0.5
    weight = np.where(fields > 0, np.nan_to_num(rate), 0)
    distance = np.sum(away * weight) / weight.sum() / (min(rate.shape) / 2)
    return {"score": (coverage - distance) / (coverage + distance), "coverage": coverage, "distance": distance}


# A walk with pauses of the tracking, positions outside and spikes at any time.
n = 1200
step = rng.normal(0, 2.5, (n, 2))
place = np.zeros((n, 2))
place[0] = [15, 10]
for k in range(1, n):
    place[k] = np.clip(place[k - 1] + step[k], -1, [36, 31])
place = np.round(place, 1)
time = np.cumsum(rng.choice([20.0, 20.0, 20.0, 40.0, 300.0], n, p=[0.3, 0.3, 0.29, 0.1, 0.01]))
near = np.exp(-np.sum((place - [20, 12]) ** 2, 1) / 60)
spikes = np.sort(np.round(np.concatenate([time[rng.uniform(size=n) < 0.4 * near] + 5.5, rng.uniform(0, time[-1] + 50, 40)]), 1))
size, bin_size = (12, 14), 2.5
rate, occupancy, counts = rate_map(time, place[:, 0], place[:, 1], spikes, size, bin_size, 4.0, 20.0, 100.0)

# Maps with NaN: a hexagonal grid, a square one, a border field and two fields of which one is too small.
y, x = np.mgrid[:24, :26] + 0.5
waves = lambda angles, spacing: sum(np.cos(2 * np.pi / spacing * (x * np.cos(a) + y * np.sin(a))) for a in np.radians(angles))
hexagonal = np.round(np.maximum(0, 2 + waves([10, 70, 130], 7.0) + rng.normal(0, 0.6, x.shape)), 2)
square = np.round(np.maximum(0, 2 + waves([10, 100], 8.0) + rng.normal(0, 0.6, x.shape)), 2)
border = np.round(12 * np.exp(-(x**2) / 18) * (y > 4) + 6 * np.exp(-((x - 20) ** 2 + (y - 18) ** 2) / 5), 2)
maps = {}
for name, m in [("hexagonal", hexagonal), ("square", square), ("border", border)]:
    m = m.copy()
    m[rng.uniform(size=m.shape) < 0.03] = np.nan
    auto = autocorrelogram(m, 20)
    maps[name] = {"rate": nothing(m), "grid": grid_score(auto, 4), "border": border_score(m, 2.5)}

out = {
    "time": time.tolist(),
    "x": place[:, 0].tolist(),
    "y": place[:, 1].tolist(),
    "spikes": spikes.tolist(),
    "rate": nothing(rate),
    "occupancy": occupancy.tolist(),
    "counts": counts.tolist(),
    "information": information(rate, occupancy),
    "autocorrelogram": nothing(autocorrelogram(rate, 20)),
    "maps": maps,
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f)
