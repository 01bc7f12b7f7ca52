"""Reliability of repeated responses from its definitions, with NumPy: writes reliability.json beside it."""
import itertools
import json
import pathlib

import numpy as np

rng = np.random.default_rng(7)


def split_half(responses):
    """Mean over all pairs of disjoint halves, to the length of all repeats (Spearman-Brown); None below 0."""
    repeats, out = responses.shape[2], []
    half, length = repeats // 2, repeats / (repeats // 2)
    for neuron in range(responses.shape[1]):
        r = [np.corrcoef(responses[:, neuron, list(a)].mean(1), responses[:, neuron, list(b)].mean(1))[0, 1]
             for a in itertools.combinations(range(repeats), half)
             for b in itertools.combinations(sorted(set(range(repeats)) - set(a)), half)]
        out.append(length * np.mean(r) / (1 + (length - 1) * np.mean(r)) if np.mean(r) >= 0 else None)
    return out


def signal_power(trials):
    """Trials (N) by conditions (T), as in calc_CCnorm.m of Schoppe et al. 2016."""
    n = len(trials)
    return (np.var(trials.sum(0), ddof=1) - np.var(trials, axis=1, ddof=1).sum()) / (n * (n - 1))


def explained(trials, predicted):
    """Cadena et al. 2019."""
    noise = np.mean(np.var(trials, axis=0, ddof=1))
    return 1 - (np.mean((trials - predicted) ** 2) - noise) / (np.var(trials) - noise)


def z_scored(responses):
    return (responses - responses.mean(2, keepdims=True)) / responses.std(2, ddof=1, keepdims=True)


def pooled(residuals):
    """Conditions and repeats as trials, by neuron."""
    return np.corrcoef(np.moveaxis(residuals, 1, 0).reshape(residuals.shape[1], -1)).tolist()


def case(conditions, neurons, repeats):
    signal = rng.normal(size=(conditions, neurons, 1)) * 2 + 5
    shared = rng.normal(size=(conditions, 1, repeats))
    responses = np.round(signal + shared + rng.normal(size=(conditions, neurons, repeats)), 3)
    predicted = np.round(signal[:, :, 0] + rng.normal(size=(conditions, neurons)), 3)
    trials = [responses[:, n].T for n in range(neurons)]
    signal_powers = np.array([signal_power(t) for t in trials])
    total = np.array([np.var(t, axis=1, ddof=1).mean() for t in trials])
    absolute = np.array([np.corrcoef(t.mean(0), predicted[:, n])[0, 1] for n, t in enumerate(trials)])
    maximum = np.sqrt(signal_powers / np.array([np.var(t.mean(0), ddof=1) for t in trials]))
    return {
        "responses": responses.tolist(), "predicted": predicted.tolist(), "reliability": split_half(responses),
        "signal": signal_powers.tolist(), "noise": (total - signal_powers).tolist(),
        "explainable": (signal_powers / total).tolist(),
        "explained": [explained(t, predicted[:, n]) for n, t in enumerate(trials)],
        "absolute": absolute.tolist(), "maximum": maximum.tolist(), "normalized": (absolute / maximum).tolist(),
        "signal correlation": np.corrcoef(responses.mean(2).T).tolist(),
        "noise correlation": pooled(z_scored(responses)),
        "residual correlation": pooled(responses - responses.mean(2, keepdims=True)),
    }


out = {"even": case(12, 3, 4), "odd": case(10, 4, 5)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
