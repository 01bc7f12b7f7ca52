"""Partial least squares regression by scikit-learn, its power method run to the end: writes pls.json beside it."""
import json
import pathlib

import numpy as np
from sklearn.cross_decomposition import PLSRegression

rng = np.random.default_rng(6)


def case(conditions, features, neurons, components):
    x = np.round(rng.normal(size=(conditions, features)) * np.linspace(0.5, 2, features) + 1, 3)
    signal = x @ rng.normal(size=(features, neurons)) / np.sqrt(features)
    y = np.round(signal + rng.normal(size=(conditions, neurons)) + 3, 3)
    at = np.round(rng.normal(size=(3, features)) + 1, 3)
    predicted = [PLSRegression(k, scale=False, tol=1e-28, max_iter=200000).fit(x, y).predict(at).reshape(3, -1).tolist()
                 for k in components]
    return {"x": x.tolist(), "y": y.tolist(), "at": at.tolist(), "components": components, "predicted": predicted}


out = {"tall": case(20, 8, 4, [1, 3, 8]), "one": case(14, 6, 1, [1, 2, 5]), "wide": case(12, 25, 3, [1, 5, 11]),
       "many": case(24, 10, 40, [2, 6]), "many features": case(40, 45, 34, [3, 10])}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
