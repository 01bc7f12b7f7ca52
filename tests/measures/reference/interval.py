"""Quantiles with NumPy, percentile bootstrap with SciPy: writes interval.json beside it."""
import json
import pathlib

import numpy as np
from scipy import stats

rng = np.random.default_rng(11)
values = np.round(rng.gamma(2.0, size=41), 4)
even = np.round(rng.normal(size=12), 4)
p = [0, 0.025, 0.1, 0.5, 0.77, 0.975, 1]


def bootstrap(statistic):
    got = stats.bootstrap((values,), statistic, n_resamples=200000, confidence_level=0.9, method="percentile",
                          batch=5000, random_state=rng).confidence_interval
    return [float(got.low), float(got.high)]


out = {"values": values.tolist(), "even": even.tolist(), "p": p, "quantiles": np.quantile(values, p).tolist(),
       "even quantiles": np.quantile(even, p).tolist(), "mean": bootstrap(np.mean), "median": bootstrap(np.median)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
