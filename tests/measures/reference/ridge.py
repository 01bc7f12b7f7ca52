"""Ridge regression by scikit-learn, and leaving one condition out by as many fits: writes ridge.json beside it."""
import json
import pathlib

import numpy as np
from sklearn.linear_model import Ridge, RidgeCV

rng = np.random.default_rng(5)


def case(conditions, features, neurons, penalties):
    x = np.round(rng.normal(size=(conditions, features)) + 2, 4)
    signal = x @ rng.normal(size=(features, neurons)) / np.sqrt(features)
    y = np.round(signal + rng.normal(size=(conditions, neurons)) * np.linspace(0.2, 3, neurons) - 1, 4)
    at = np.round(rng.normal(size=(3, features)) + 2, 4)
    held_out = [list(map(int, part)) for part in np.array_split(rng.permutation(conditions), 5)]
    rows = np.arange(conditions)

    error = np.zeros((len(penalties), neurons))
    for index, penalty in enumerate(penalties):
        for c in rows:
            fit = Ridge(alpha=penalty, solver="svd").fit(x[rows != c], y[rows != c])
            error[index] += (y[c] - fit.predict(x[c:c + 1])[0]) ** 2 / conditions
    each = RidgeCV(alphas=penalties, alpha_per_target=True).fit(x, y)
    predicted, chosen = np.zeros_like(y), []
    for held in held_out:
        training = np.setdiff1d(rows, held)
        fit = RidgeCV(alphas=penalties, alpha_per_target=True).fit(x[training], y[training])
        predicted[held] = fit.predict(x[held])
        chosen.append(list(fit.alpha_))
    return {
        "x": x.tolist(), "y": y.tolist(), "at": at.tolist(), "penalties": list(penalties), "held_out": held_out,
        "path": [Ridge(alpha=p, solver="svd").fit(x, y).predict(at).tolist() for p in penalties],
        "error": error.tolist(), "penalty": list(each.alpha_), "weights": each.coef_.T.tolist(),
        "intercept": each.intercept_.tolist(),
        "common_penalty": float(RidgeCV(alphas=penalties).fit(x, y).alpha_),
        "predicted": predicted.tolist(), "chosen": chosen,
    }


penalties = [0.01, 0.3, 3.0, 40.0, 500.0]
out = {"tall": case(24, 6, 5, penalties), "wide": case(15, 30, 4, penalties)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
