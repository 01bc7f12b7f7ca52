"""Measures of responses of which some are missing, from their definitions with NumPy: writes incomplete.json beside it.

`uneven`: conditions have 1 to 5 repeats. `patchy`: neurons lack trials that others have, too.
"""
import itertools
import json
import pathlib

import numpy as np

rng = np.random.default_rng(11)


def plain(x):
    """Lists, with null for NaN."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    x = np.asarray(x, float)
    if x.ndim == 0:
        return None if np.isnan(x) else float(x)
    return [plain(v) for v in x]


def own_repeats(responses, neuron):
    """The repeats that a neuron has, of the conditions with two at least: lists of (repeat, response)."""
    out = []
    for condition in responses[:, neuron]:
        there = [(r, x) for r, x in enumerate(condition) if not np.isnan(x)]
        if len(there) >= 2:
            out.append(there)
    return out


def halves(responses, neuron):
    """Mean correlation of halves over all orders of the repeats, and what Spearman-Brown makes of it."""
    conditions = own_repeats(responses, neuron)
    r = []
    for order in itertools.permutations(range(responses.shape[2])):
        first, second = [], []
        for there in conditions:
            x = [x for _, x in sorted(there, key=lambda item: order.index(item[0]))]
            h = len(x) // 2
            first.append(np.mean(x[:h]))
            second.append(np.mean(x[h:2 * h]))
        r.append(np.corrcoef(first, second)[0, 1])
    length = sum(1 / (len(c) // 2) for c in conditions) / sum(1 / len(c) for c in conditions)
    mean = np.mean(r)
    return mean, np.std(r), length * mean / (1 + (length - 1) * mean) if mean >= 0 else np.nan


def power(responses, neuron):
    x = [np.array([v for _, v in c]) for c in own_repeats(responses, neuron)]
    noise = np.array([v.var(ddof=1) for v in x])
    signal = np.var([v.mean() for v in x], ddof=1) - np.mean([n / len(v) for n, v in zip(noise, x)])
    return signal, noise.mean()


def pairwise(x):
    """Correlation of each two columns over the rows that both have."""
    n = x.shape[1]
    out = np.full((n, n), np.nan)
    for i in range(n):
        for j in range(n):
            both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            if both.sum() >= 3:
                out[i, j] = np.corrcoef(x[both, i], x[both, j])[0, 1]
    return out


def residuals(responses):
    """Trials by neurons, of the conditions in which a neuron has two repeats."""
    left = responses - np.nanmean(responses, axis=2, keepdims=True)
    count = (~np.isnan(responses)).sum(2, keepdims=True)
    return np.where(count >= 2, left, np.nan).transpose(0, 2, 1).reshape(-1, responses.shape[1])


def crossnobis(responses, precision):
    """Each pair of trials of different repeats, as rsatoolbox's calc_rdm_unbalanced with cv_descriptor. Each product of
    two neurons is averaged over the trials that both have."""
    C, N, R = responses.shape

    def similarity(i, j, n, m):
        products = [responses[i, n, r] * responses[j, m, s] for r in range(R) for s in range(R)
                    if r != s and not np.isnan(responses[i, n, r]) and not np.isnan(responses[j, m, s])]
        return np.mean(products) if products else np.nan

    out = []
    for i, j in itertools.combinations(range(C), 2):
        out.append(sum(precision[n, m] * (similarity(i, i, n, m) + similarity(j, j, n, m) - similarity(i, j, n, m)
                                          - similarity(i, j, m, n)) for n in range(N) for m in range(N)) / N)
    return out


def over_shared(means, distance):
    out = []
    for i, j in itertools.combinations(range(len(means)), 2):
        shared = np.flatnonzero(~np.isnan(means[i]) & ~np.isnan(means[j]))
        out.append(distance(means[i][shared], means[j][shared], shared))
    return out


def noise_covariance(responses):
    """rsatoolbox's 'shrinkage_diag', one pair of neurons at a time, over the trials of both."""
    C, N, R = responses.shape
    left = responses - np.nanmean(responses, axis=2, keepdims=True)
    s, correlation, variance = np.zeros((N, N)), np.zeros((N, N)), np.zeros((N, N))
    n, dof = np.zeros((N, N)), np.zeros((N, N))
    products = {}
    for j in range(N):
        for k in range(N):
            both = ~np.isnan(left[:, j]) & ~np.isnan(left[:, k])
            own = [(~np.isnan(left[:, a])).sum(1) for a in (j, k)]
            common = both.sum(1)
            n[j, k] = common.sum()
            dof[j, k] = sum(m * (1 - 1 / a - 1 / b + m / (a * b)) for m, a, b in zip(common, *own) if m > 0)
            products[j, k] = (left[:, j] * left[:, k])[both]
            s[j, k] = products[j, k].sum() / dof[j, k]
    over = under = 0
    for j, k in itertools.permutations(range(N), 2):
        w = products[j, k] / np.sqrt(s[j, j] * s[k, k])
        mean, square = w.sum() / (n[j, k] - 1), (w ** 2).sum() / (n[j, k] - 1)
        over += n[j, k] / dof[j, k] ** 2 * (square - mean ** 2)
        under += mean ** 2
    shrinkage = min(1, max(0, over / under))
    return np.where(np.eye(N, dtype=bool), s, (1 - shrinkage) * s), shrinkage


def independent_noise(responses):
    count = (~np.isnan(responses)).sum(2)
    return [np.mean([np.nanvar(responses[c, n], ddof=1) / count[c, n] for n in range(responses.shape[1])
                     if count[c, n] >= 2]) for c in range(len(responses))]


def case(responses, precision):
    neurons = range(responses.shape[1])
    found = np.array([halves(responses, n) for n in neurons])
    powers = np.array([power(responses, n) for n in neurons])
    covariance, shrinkage = noise_covariance(responses)
    return {
        'responses': responses, 'precision': precision, 'halves': found[:, 0], 'spread of halves': found[:, 1],
        'reliability': found[:, 2], 'signal': powers[:, 0], 'noise': powers[:, 1],
        'signal correlation': pairwise(np.nanmean(responses, axis=2)),
        'noise correlation': pairwise(residuals(responses)),
        'crossnobis': crossnobis(responses, precision),
        'covariance': covariance, 'shrinkage': shrinkage,
    }


C, N, R = 8, 4, 5
mixing = rng.normal(size=(N, N))
whole = np.round(rng.normal(size=(C, N, 1)) * 1.5 + 3 + np.einsum('cmr,mn->cnr', rng.normal(size=(C, N, R)), mixing), 3)
A = rng.normal(size=(N, N + 2))
precision = np.round(A @ A.T, 3)

uneven = whole.copy()
for c, repeats in enumerate([2, 5, 3, 4, 2, 5, 3, 5]):
    uneven[c, :, rng.permutation(R)[repeats:]] = np.nan
patchy = whole.copy()
for n, c, r in [(0, 0, 1), (0, 3, 2), (0, 3, 4), (2, 5, 0), (2, 1, 1), (2, 1, 3), (2, 1, 4), (3, 0, 1)]:
    patchy[c, n, r] = np.nan

means = np.round(rng.normal(2, 1, (5, 6)), 3)
means[1, 2] = means[1, 5] = means[3, 0] = np.nan
B = rng.normal(size=(6, 9))
of_six = np.round(B @ B.T, 3)
covariance_of_six = np.linalg.inv(of_six)
rdms = {
    'X': means, 'precision': of_six,
    'correlation': over_shared(means, lambda a, b, s: 1 - np.corrcoef(a, b)[0, 1]),
    'euclidean': over_shared(means, lambda a, b, s: np.mean((a - b) ** 2)),
    'mahalanobis': over_shared(
        means, lambda a, b, s: (a - b) @ np.linalg.inv(covariance_of_six[np.ix_(s, s)]) @ (a - b) / len(s)),
}
out = {'uneven': case(uneven, precision), 'patchy': case(patchy, precision), 'rdms': rdms,
       'independent noise': independent_noise(patchy)}
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(plain(out)))
