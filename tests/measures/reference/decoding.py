"""Decoding with scikit-learn: writes decoding.json beside it."""
import json
import pathlib

import numpy as np
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import NearestCentroid

rng = np.random.default_rng(10)


class LedoitWolfDiscriminant:
    """Shrinkage from the trials about the mean of their label, as they are (not scaled)."""

    def fit(self, x, labels):
        residual = np.concatenate([x[labels == label] - x[labels == label].mean(0) for label in np.unique(labels)])
        self.shrinkage = ledoit_wolf_shrinkage(residual, assume_centered=True)
        self.fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=self.shrinkage).fit(x, labels)
        return self

    def predict(self, x):
        return self.fitted.predict(x)


def case(trials, neurons):
    labels = rng.choice([2, 5, 9], size=trials, p=[0.5, 0.3, 0.2])
    centres = rng.normal(size=(10, neurons)) * 1.3 / np.sqrt(neurons)
    x = np.round(centres[labels] + rng.normal(size=(trials, neurons)) * np.linspace(0.3, 1, neurons), 3)
    penalties = [0.1, 1.0, 10.0, 100.0, 1000.0]
    split = list(StratifiedKFold(4, shuffle=True, random_state=1).split(x, labels))
    out = {"x": x.tolist(), "labels": labels.tolist(), "held_out": [held.tolist() for _, held in split],
           "penalties": penalties, "whole_shrinkage": float(ledoit_wolf_shrinkage(x - x.mean(0), assume_centered=True))}
    decoders = {"shrunk": lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3),
                "ledoit_wolf": LedoitWolfDiscriminant, "centroid": NearestCentroid,
                "ridge": lambda: RidgeClassifierCV(alphas=penalties)}
    for name, decoder in decoders.items():
        decoded = np.zeros_like(labels)
        for training, held in split:
            decoded[held] = decoder().fit(x[training], labels[training]).predict(x[held])
        out[name] = {"decoded": decoded.tolist(), "confusion": confusion_matrix(labels, decoded).tolist(),
                     "accuracy": float(np.mean(decoded == labels)),
                     "balanced": float(balanced_accuracy_score(labels, decoded))}
    return out


out = {"tall": case(60, 5), "wide": case(36, 50)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
for name, entry in out.items():
    print(name, {key: value["accuracy"] for key, value in entry.items() if isinstance(value, dict)})
