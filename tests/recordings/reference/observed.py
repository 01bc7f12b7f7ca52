"""Spike statistics within observation intervals, and mean responses to trials, of the files in ../shared/cases, read by h5py.
Writes observed.json. Run with the path of that folder."""
import json
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]


def units(name):
    with h5py.File(os.path.join(folder, name + ".nwb")) as file:
        table = file["units"]
        spikes = np.split(table["spike_times"][:], table["spike_times_index"][:-1].astype(int))
        if "obs_intervals" in table:
            watched = np.split(table["obs_intervals"][:], table["obs_intervals_index"][:-1].astype(int))
        else:  # the extent of the trials, which holds all spikes
            trials = file["intervals/trials"]
            watched = [np.array([[trials["start_time"][:].min(), trials["stop_time"][:].max()]])] * len(spikes)
        return spikes, watched


def statistics(spikes, watched):
    parts = [np.sort(spikes[(spikes >= a) & (spikes <= b)]) for a, b in watched]
    gaps = [np.diff(p) for p in parts]
    d = np.concatenate(gaps)
    pairs = np.concatenate([np.stack([g[:-1], g[1:]], axis=1) for g in gaps])
    change = (pairs[:, 1] - pairs[:, 0]) / pairs.sum(axis=1) if len(pairs) else np.array([])
    bins = [a + 0.1 * np.arange(int((b - a) / 0.1 * (1 + 1e-12) + 1e-9) + 1) for a, b in watched]
    counts = np.concatenate([np.histogram(p, e)[0] for p, e in zip(parts, bins)])
    out = {"rate_hz": sum(map(len, parts)) / np.sum(watched[:, 1] - watched[:, 0]), "isi_ms": 1000 * d.mean()}
    if len(d) > 1:
        out.update(cv=d.std() / d.mean(), cv2=np.mean(2 * abs(change)), lv=np.mean(3 * change**2))
    return out | {"fano_100ms": counts.var(ddof=1) / counts.mean()}


out = {"spikes": {}}
for name in ["obs-intervals", "obs-gap", "sparse-spikes", "spike-outside-obs"]:
    each = [statistics(*unit) for unit in zip(*units(name))]
    out["spikes"][name] = {what: float(np.median([e[what] for e in each if what in e])) for what in each[0] | each[-1]}

with h5py.File(os.path.join(folder, "one-short-trial.nwb")) as file:
    trials = file["intervals/trials"]
    start, stop = trials["start_time"][:], trials["stop_time"][:]
    condition = np.array([s.decode() for s in trials["stimulus"][:]])
spikes, _ = units("one-short-trial")
count = np.array([[np.sum((s >= a) & (s < a + 1)) for s in spikes] for a in start])
whole = stop - start > 0.9
out["one-short-trial"] = [count[whole & (condition == c)].mean(axis=0).tolist() for c in ["a", "b"]]

with open(os.path.join(os.path.dirname(__file__), "observed.json"), "w") as file:
    json.dump(out, file, indent=1)
    file.write("\n")
