"""Whitened similarities of RDMs with a noise covariance of the conditions, as rsatoolbox has them (`cosine_cov` and
`corr_cov` with `sigma_k`, rdm/compare.py and util/matrix.py, read at commit 00c5539; written out here by the definition):
V is formed entry by entry and inverted.

    python3 rdm_whitening.py     writes rdm_whitening.json next to it
"""
import itertools
import json
import pathlib

import numpy as np

random = np.random.default_rng(11)
C = 7
pairs = list(itertools.combinations(range(C), 2))


def plain(x):
    x = np.asarray(x, float)
    if x.ndim == 0:
        return None if np.isnan(x) else float(x)
    return [plain(v) for v in x]


def covariance(sigma_k):
    """xi = C Σ_K Cᵀ with the contrasts of all pairs; V = xi ∘ xi."""
    contrasts = np.zeros((len(pairs), C))
    for row, (i, j) in enumerate(pairs):
        contrasts[row, i], contrasts[row, j] = 1, -1
    return (contrasts @ sigma_k @ contrasts.T) ** 2


def cosine_cov(a, b, sigma_k):
    kept = ~np.isnan(a + b)
    inverse = np.linalg.inv(covariance(sigma_k)[np.ix_(kept, kept)])
    a, b = a[kept], b[kept]
    return a @ inverse @ b / np.sqrt((a @ inverse @ a) * (b @ inverse @ b))


def corr_cov(a, b, sigma_k):
    kept = ~np.isnan(a + b)
    a, b = np.where(kept, a, np.nan), np.where(kept, b, np.nan)
    return cosine_cov(a - np.nanmean(a), b - np.nanmean(b), sigma_k)


A = np.round(random.normal(0, 1, (C, 12)), 2)
full = np.round(A @ A.T / 12 + 0.2 * np.eye(C), 3)
diagonal = np.diag(np.round(random.gamma(2, 1, C) + 0.1, 3))
base = random.gamma(3, 1, len(pairs))
a, b = (np.round(base + random.gamma(2, 1, len(pairs)), 3) for _ in range(2))
few, many = a.copy(), a.copy()
few[[2, 9, 17]] = np.nan
many[[0, 1, 3, 4, 6, 8, 10, 11, 13, 14, 16, 18, 20]] = np.nan
cases = [{'a': plain(x), 'b': plain(b), 'noise': plain(sigma), 'cosine': cosine_cov(x, b, sigma),
          'pearson': corr_cov(x, b, sigma)}
         for sigma in (full, diagonal, np.eye(C)) for x in (a, few, many)]

# The covariance of the noise in the mean responses, by neurons and repeats as samples of it. Repeats × C × neurons.
repeats = np.round(random.normal(0, 1, (4, C, 9)) * random.gamma(2, 1, C)[None, :, None]
                   + 0.5 * random.normal(0, 1, (4, 1, 9)) + random.normal(0, 2, (C, 9)), 3)
R, _, N = repeats.shape
e = repeats - repeats.mean(0)
raw = sum(e[r] @ e[r].T for r in range(R)) / (N * (R - 1)) / R
uneven = repeats.copy()
uneven[3, [1, 4]] = np.nan  # two conditions have three repeats
own = []
for c in range(C):
    x = uneven[:, c][~np.isnan(uneven[:, c, 0])]
    own.append(((x - x.mean(0)) ** 2).sum() / (N * (len(x) - 1)) / len(x))

out = {'cases': cases, 'repeats': plain(repeats), 'raw': plain(raw), 'uneven': plain(uneven), 'independent': plain(own)}
path = pathlib.Path(__file__).with_suffix('.json')
path.write_text(json.dumps(out, separators=(',', ':')) + '\n')
