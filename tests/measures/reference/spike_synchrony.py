"""ISI-distance, SPIKE-distance and SPIKE-synchronization from their definitions as functions of time, evaluated between
events, and over all pairs of spikes. Edges as in PySpike. Writes spike_synchrony.json."""
import json
import os

import numpy as np

rng = np.random.default_rng(3)
start, stop = 50.0, 350.0


def extended(t):
    t = t if len(t) else np.array([start, stop])
    n = len(t)
    before = min(start, t[0] - (t[1] - t[0])) if n > 1 else start
    after = max(stop, t[-1] + (t[-1] - t[-2])) if n > 1 else stop
    return np.concatenate([[before], t, [after]]), t


def interval(t, time):
    e, real = extended(t)
    return e[e > time].min() - e[e <= time].max()


def spike_local(t, other, time):
    """S of a train at a time, by the spikes around it."""
    e, real = extended(t)
    o, _ = extended(other)
    apart = lambda spike: np.abs(o - spike).min()
    before, after = e[e <= time].max(), e[e > time].min()
    first, last = real[0], real[-1]
    d_before = apart(before) if before >= first else apart(first)
    d_after = apart(after) if after <= last else apart(last)
    return (d_before * (after - time) + d_after * (time - before)) / (after - before)


def isi_at(a, b, time):
    x, y = interval(a, time), interval(b, time)
    return abs(x - y) / max(x, y)


def spike_at(a, b, time):
    x, y = interval(a, time), interval(b, time)
    return (spike_local(a, b, time) * y + spike_local(b, a, time) * x) / (2 * ((x + y) / 2) ** 2)


def over_time(f, a, b):
    """Between events f is linear, for which the mean of two points placed alike about the middle is exact."""
    events = np.unique(np.concatenate([[start, stop], a, b]))
    total = 0
    for u, v in zip(events[:-1], events[1:]):
        total += (v - u) * (f(a, b, u + 0.25 * (v - u)) + f(a, b, u + 0.75 * (v - u))) / 2
    return total / (stop - start)


def coincidences(a, b, max_tau=np.inf):
    found = 0
    for i, s in enumerate(a):
        for j, t in enumerate(b):
            around = [stop - start, 2 * max_tau]
            for train, k in [(a, i), (b, j)]:
                around += [train[k] - train[k - 1]] if k > 0 else []
                around += [train[k + 1] - train[k]] if k + 1 < len(train) else []
            found += 2 * (abs(s - t) < min(around) / 2 or s == t)
    return found, len(a) + len(b)


def sync(pairs, max_tau=np.inf):
    found = np.sum([coincidences(a, b, max_tau) for a, b in pairs], axis=0)
    return found[0] / found[1] if found[1] else 1.0


def train(n):
    return np.sort(rng.choice(np.arange(start * 100, stop * 100), n, replace=False)) / 100


base = train(20)
jittered = np.sort(np.clip(base + np.round(rng.normal(0, 3, 20), 2), start, stop))
shared = np.unique(np.concatenate([base[::3], train(10)]))
edges = np.unique(np.concatenate([[start], train(8), [stop]]))
trains = [base, jittered, shared, train(7), edges, train(1), np.array([]), np.round(np.arange(60, 350, 20.0), 2)]
trains = [np.round(t, 2) for t in trains]
assert all(len(np.unique(t)) == len(t) for t in trains)
pairs = [(i, j) for i in range(len(trains)) for j in range(i + 1, len(trains))]
by_pair = [
    {
        "pair": [i, j],
        "isi": over_time(isi_at, trains[i], trains[j]),
        "spike": over_time(spike_at, trains[i], trains[j]),
        "sync": sync([(trains[i], trains[j])]),
        "sync_3_ms": sync([(trains[i], trains[j])], 3.0),
    }
    for i, j in pairs
]
out = {
    "start": start,
    "stop": stop,
    "trains": [t.tolist() for t in trains],
    "pairs": by_pair,
    "isi": float(np.mean([p["isi"] for p in by_pair])),
    "spike": float(np.mean([p["spike"] for p in by_pair])),
    "sync": sync([(trains[i], trains[j]) for i, j in pairs]),
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f)
