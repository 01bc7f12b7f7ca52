"""Dimensionality with NumPy and scikit-learn: writes dimensionality.json beside it."""
import json
import pathlib

import numpy as np
from sklearn.decomposition import PCA

rng = np.random.default_rng(9)


def case(conditions, neurons):
    x = np.round(rng.normal(size=(conditions, 6)) @ (rng.normal(size=(6, neurons)) * np.arange(1, 7)[:, None]) +
                 rng.normal(size=(conditions, neurons)) + 4, 3)
    spectrum = np.linalg.eigvalsh(np.cov(x.T))[::-1][:min(conditions - 1, neurons)]
    reached = np.cumsum(PCA().fit(x).explained_variance_ratio_)
    shares = [0.3, 0.5, 0.9, 0.99]
    return {"x": x.tolist(), "spectrum": spectrum.tolist(),
            "participation": float(spectrum.sum() ** 2 / (spectrum ** 2).sum()), "shares": shares,
            "components": [int(np.searchsorted(reached, share) + 1) for share in shares]}


out = {"tall": case(20, 9), "wide": case(8, 25)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
