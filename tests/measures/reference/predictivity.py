"""Cross-validated predictivity with scikit-learn and NumPy: writes predictivity.json beside it."""
import json
import pathlib

import numpy as np
from sklearn.cross_decomposition import PLSRegression
from sklearn.linear_model import RidgeCV

from reliability import split_half

rng = np.random.default_rng(8)
conditions, features, neurons, repeats, model_repeats = 30, 8, 4, 4, 4
latent = rng.normal(size=(conditions, features, 1))
x = np.round(latent + 0.4 * rng.normal(size=(conditions, features, model_repeats)), 3)
signal = latent[:, :, 0] @ rng.normal(size=(features, neurons)) / np.sqrt(features)
y = np.round(signal[:, :, None] + np.array([0.5, 1, 1.5, 30])[:, None] *
             rng.normal(size=(conditions, neurons, repeats)), 3)
penalties = [0.1, 1.0, 10.0, 100.0]
held_out = [sorted(map(int, part)) for part in np.array_split(rng.permutation(conditions), 4)]


def run(regression):
    mean = y.mean(2)
    predicted, by_repeat = np.zeros_like(mean), np.zeros((conditions, neurons, model_repeats))
    r = []
    for held in held_out:
        training = np.setdiff1d(np.arange(conditions), held)
        fit = regression().fit(x.mean(2)[training], mean[training])
        predicted[held] = fit.predict(x.mean(2)[held])
        for repeat in range(model_repeats):
            part = fit.predict(x[held, :, repeat])
            by_repeat[held, :, repeat] = part - part.mean(0)
        r.append([np.corrcoef(predicted[held, n], mean[held, n])[0, 1] for n in range(neurons)])
    raw = np.mean(r, axis=0)
    reliability, of_model = split_half(y), split_half(by_repeat)
    known = [a is not None and a >= 0.3 for a in reliability]
    return {"predicted": predicted.tolist(), "raw": raw.tolist(), "reliability": reliability,
            "model_reliability": of_model,
            "corrected": [r / np.sqrt(a * m) if k else None
                          for k, r, a, m in zip(known, raw, reliability, of_model)]}


out = {"features": x.tolist(), "responses": y.tolist(), "penalties": penalties, "held_out": held_out,
       "least_reliability": 0.3,
       "ridge": run(lambda: RidgeCV(alphas=penalties, alpha_per_target=True)),
       "pls": run(lambda: PLSRegression(3, scale=False, tol=1e-28, max_iter=100000))}
assert out["ridge"]["corrected"].count(None) == 1
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
