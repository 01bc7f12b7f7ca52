"""Expected numbers of the representational measures, from SciPy and from the definitions written out.

    python3 representation.py     writes representation.json next to it
"""
import itertools
import json
import pathlib

import numpy as np
from scipy import linalg, spatial, stats
from scipy.spatial.distance import pdist, squareform

random = np.random.default_rng(5)
nan = float('nan')


def rounded(x):
    return np.round(x, 3)


def plain(x):
    """Rows of a matrix, slices of a cube; NaN as null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    x = np.asarray(x, float)
    if x.ndim == 0:
        return None if np.isnan(x) else float(x)
    return [plain(v) for v in x]


# --- dissimilarities ------------------------------------------------------------------------------------------------
def crossnobis(repeats, precision):
    """Leave one repeat out, by the definition (Walther et al. 2016), divided by the number of neurons."""
    R, C, N = repeats.shape
    out = []
    for i, j in itertools.combinations(range(C), 2):
        folds = []
        for r in range(R):
            test = repeats[r, i] - repeats[r, j]
            train = np.mean([repeats[s, i] - repeats[s, j] for s in range(R) if s != r], axis=0)
            folds.append(test @ precision @ train / N)
        out.append(np.mean(folds))
    return out


def shrunk_covariance(x, dof):
    """rsatoolbox's 'shrinkage_diag', one sample and one pair of neurons at a time."""
    n, N = x.shape
    x = x - x.mean(0)
    s = np.array([[sum(x[k, i] * x[k, j] for k in range(n)) / dof for j in range(N)] for i in range(N)])
    over = under = 0
    for i in range(N):
        for j in range(N):
            if i != j:
                w = x[:, i] * x[:, j] / np.sqrt(s[i, i] * s[j, j])
                mean, square = w.sum() / (n - 1), (w ** 2).sum() / (n - 1)
                over += n / dof ** 2 * (square - mean ** 2)
                under += mean ** 2
    shrinkage = min(1, max(0, over / under))
    return np.where(np.eye(N, dtype=bool), s, (1 - shrinkage) * s), shrinkage


X = rounded(random.normal(2, 1, (6, 5)))
repeats = rounded(random.normal(0, 1, (3, 6, 5)) + X)
mixed = rounded(random.normal(0, 1, (3, 6, 5)) @ random.normal(0, 1, (5, 5)))
A = rounded(random.normal(0, 1, (5, 7)))
precision = rounded(A @ A.T)
residual = (mixed - mixed.mean(0)).reshape(18, 5)
covariance, shrinkage = shrunk_covariance(residual, 6 * 2)
rdm = {
    'X': X, 'repeats': repeats, 'precision': precision, 'mixed': mixed,
    'correlation': pdist(X, 'correlation'),
    'euclidean': pdist(X, 'sqeuclidean') / 5,
    'mahalanobis': pdist(X, 'mahalanobis', VI=precision) ** 2 / 5,
    'crossnobis': crossnobis(repeats, precision),
    'cross_validated': crossnobis(repeats, np.eye(5)),
    'square': squareform(pdist(X, 'correlation')),
    'covariance': covariance, 'shrinkage': shrinkage, 'inverse': np.linalg.inv(covariance),
}


# --- comparisons ----------------------------------------------------------------------------------------------------
def whitening(C):
    """Covariance of the distances of C conditions (Diedrichsen et al. 2020): squares of the products of contrasts."""
    contrasts = []
    for i, j in itertools.combinations(range(C), 2):
        c = np.zeros(C)
        c[i], c[j] = 1, -1
        contrasts.append(c)
    contrasts = np.array(contrasts)
    return (contrasts @ contrasts.T) ** 2


def whitened_cosine(a, b):
    kept = ~np.isnan(a + b)
    C = int(round((1 + np.sqrt(1 + 8 * len(a))) / 2))
    V = np.linalg.inv(whitening(C)[np.ix_(kept, kept)])
    a, b = a[kept], b[kept]
    return a @ V @ b / np.sqrt((a @ V @ a) * (b @ V @ b))


def tau_a(a, b):
    signs = [np.sign(a[i] - a[j]) * np.sign(b[i] - b[j]) for i, j in itertools.combinations(range(len(a)), 2)]
    return np.mean(signs)


def compared(a, b):
    kept = ~np.isnan(a + b)
    x, y = a[kept], b[kept]
    return {'a': a, 'b': b, 'pearson': stats.pearsonr(x, y)[0], 'spearman': stats.spearmanr(x, y)[0],
            'kendall_tau_a': tau_a(x, y), 'kendall_tau_b': stats.kendalltau(x, y)[0],
            'cosine': 1 - spatial.distance.cosine(x, y), 'whitened_cosine': whitened_cosine(a, b)}


def scaled(x, how):
    if how == 'pearson':
        return stats.zscore(x)
    if how == 'spearman':
        return stats.rankdata(x)  # as rsatoolbox's pool_rdm
    if how == 'cosine':
        return x / np.sqrt(np.mean(x ** 2))
    return x / np.sqrt(x @ np.linalg.inv(whitening(7)) @ x)


def ceiling(subjects, how):
    function = {'pearson': lambda a, b: stats.pearsonr(a, b)[0], 'spearman': lambda a, b: stats.spearmanr(a, b)[0],
                'cosine': lambda a, b: 1 - spatial.distance.cosine(a, b), 'whitened_cosine': whitened_cosine}[how]
    z = np.array([scaled(s, how) for s in subjects])
    lower = [function(np.delete(z, k, 0).mean(0), s) for k, s in enumerate(subjects)]
    upper = [function(z.mean(0), s) for s in subjects]
    return [np.mean(lower), np.mean(upper)]


base = random.gamma(4, 1, 21)
noisy = [rounded(base + random.gamma(2, 1, 21)) for _ in range(6)]
tied = [np.round(v) for v in noisy[:2]]
missing = [noisy[0].copy(), noisy[1].copy()]
missing[0][[2, 9]] = nan
missing[1][[9, 17]] = nan
rsa = {
    'pairs': [compared(*v) for v in (noisy[:2], tied, missing)],
    'subjects': noisy,
    'ceiling': {how: ceiling(np.array(noisy), how) for how in ('pearson', 'spearman', 'cosine', 'whitened_cosine')},
    'ceiling_tied': ceiling(np.round(noisy), 'spearman'),
}


# --- corrections ----------------------------------------------------------------------------------------------------
def closed_testing(p):
    """Holm's adjusted values as the closed test of Bonferroni's: the largest p of all intersections that hold one."""
    out = []
    for k in range(len(p)):
        sets = [s for n in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), n) if k in s]
        out.append(max(min(1, len(s) * min(p[i] for i in s)) for s in sets))
    return out


def step_up(p):
    """Smallest level at which Benjamini and Hochberg reject each."""
    m, s = len(p), np.sort(p)
    levels = np.sort([m * s[k] / (k + 1) for k in range(m)] + [1])

    def rejected(level):
        passed = [k for k in range(m) if s[k] <= (k + 1) * level / m * (1 + 1e-12)]
        return p <= s[max(passed)] if passed else np.zeros(m, bool)
    return [min(min(a for a in levels if rejected(a)[k]), 1) for k in range(m)]


p = np.array([0.012, 0.8, 0.001, 0.03, 0.0304, 0.2, 0.03])
corrections = {'p': p, 'holm': closed_testing(p), 'benjamini_hochberg': step_up(p)}


# --- alignment ------------------------------------------------------------------------------------------------------
def hsic(K, L):
    n = len(K)
    H = np.eye(n) - 1 / n
    return np.trace(K @ H @ L @ H)


def unbiased_hsic(K, L):
    """U-statistic over all quadruples of different conditions (Song et al. 2012)."""
    total = count = 0
    for i, j, q, r in itertools.permutations(range(len(K)), 4):
        total += K[i, j] * L[i, j] + K[i, j] * L[q, r] - 2 * K[i, j] * L[i, q]
        count += 1
    return total / count


def alignment(x, y, estimate):
    K, L = x @ x.T, y @ y.T
    return estimate(K, L) / np.sqrt(estimate(K, K) * estimate(L, L))


def procrustes(x, y):
    """SciPy's disparity is 1 − s²; the smaller matrix has zeros beside it."""
    width = max(x.shape[1], y.shape[1])
    pad = [np.pad(v, ((0, 0), (0, width - v.shape[1]))) for v in (x, y)]
    return np.sqrt(1 - spatial.procrustes(*pad)[2])


def kept(x, part):
    x = x - x.mean(0)
    U, s, _ = np.linalg.svd(x, full_matrices=False)
    return U[:, :np.searchsorted(np.cumsum(s ** 2) / np.sum(s ** 2), part) + 1]


def cca(x, y, part):
    return np.cos(np.sort(linalg.subspace_angles(kept(x, part), kept(y, part))))


def pwcca(x, y, part):
    """By the eigenvectors of the product of the two projections."""
    U, W = kept(x, part), kept(y, part)
    squares, h = np.linalg.eigh(U @ (U.T @ W @ W.T @ U) @ U.T)
    order = np.argsort(-squares)[:min(U.shape[1], W.shape[1])]
    weights = np.abs(h[:, order].T @ (x - x.mean(0))).sum(1)
    return np.sum(weights * np.sqrt(np.maximum(0, squares[order]))) / weights.sum()


few = [rounded(random.normal(1, 1, (9, n))) for n in (3, 2)]
few[1][:, 0] += rounded(few[0][:, 1])
many = [rounded(random.normal(1, 1, (6, n))) for n in (11, 8)]
long = [rounded(random.normal(0, 1, (20, n)) * np.arange(1, n + 1) ** 2) for n in (5, 4)]
long[1][:, 3] += rounded(long[0][:, 4] - long[0][:, 2])
spaces = [{'X': x, 'Y': y, 'cka': alignment(x, y, hsic), 'debiased': alignment(x, y, unbiased_hsic),
           'procrustes': procrustes(x, y)} for x, y in (few, many)]
canonical = {'X': long[0], 'Y': long[1], 'part': 0.9, 'correlations': cca(*long, 0.9), 'all': cca(*long, 1 - 1e-9),
             'pwcca': pwcca(*long, 0.9), 'pwcca_reversed': pwcca(*long[::-1], 0.9)}

out = {'rdm': plain(rdm), 'rsa': {**plain({k: rsa[k] for k in ('subjects', 'ceiling_tied')}),
                                  'pairs': [plain(v) for v in rsa['pairs']], 'ceiling': plain(rsa['ceiling'])},
       'corrections': plain(corrections), 'spaces': [plain(v) for v in spaces], 'canonical': plain(canonical)}
path = pathlib.Path(__file__).with_suffix('.json')
path.write_text(json.dumps(out, separators=(',', ':')) + '\n')
