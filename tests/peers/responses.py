"""Responses by condition: rsatoolbox, scikit-learn, SciPy."""
import numpy as np

from harness import check, compare, folds, table, value

ARRAY = ["condition", "neuron", "repeat"]
COMPARISONS = {"pearson": "corr", "spearman": "spearman", "kendall": "tau-a", "cosine": "cosine",
               "whitened_cosine": "cosine_cov", "whitened_pearson": "corr_cov"}


def responses(random, conditions=12, neurons=15, repeats=6):
    """Conditions × neurons × repeats with signal, and noise that neurons share."""
    mixing = np.eye(neurons) + 0.3 * random.normal(size=(neurons, neurons))
    signal = random.normal(size=(conditions, neurons, 1))
    noise = np.einsum("crn,nm->cmr", random.normal(size=(conditions, repeats, neurons)), mixing)
    return signal + 0.8 * noise


def dataset(x):
    """rsatoolbox's; trials without any response are left out."""
    from rsatoolbox.data import Dataset
    conditions, neurons, repeats = x.shape
    trials = x.transpose(0, 2, 1).reshape(-1, neurons)
    there = ~np.isnan(trials).all(1)
    return Dataset(trials[there], obs_descriptors={"condition": np.repeat(np.arange(conditions), repeats)[there],
                                                   "repeat": np.tile(np.arange(repeats), conditions)[there]})


def two_sides(folder, random, method, **shape):
    """Random responses of two sides, and the value that engram gives."""
    a, b = responses(random, **shape), responses(random, **shape)
    np.save(folder / "a.npy", a)
    np.save(folder / "b.npy", b)
    found = compare(folder, [method], [{"file": "a.npy", "axes": ARRAY}], [{"file": "b.npy", "axes": ARRAY}])
    return a, b, found["results"][0]["value"]


def rdm(x, kind):
    from rsatoolbox.data.noise import prec_from_unbalanced
    from rsatoolbox.rdm import calc_rdm
    data = dataset(x)
    if kind in ("correlation", "euclidean"):
        return calc_rdm(data, kind, "condition")
    noise = prec_from_unbalanced(data, "condition")
    return calc_rdm(data, kind, "condition", noise=noise, **({"cv_descriptor": "repeat"} if kind == "crossnobis" else {}))


def rdms_agree(kind):
    def pairs(folder, random):
        from rsatoolbox.rdm import compare as similarity
        for _ in range(10):
            for by in ("pearson", "cosine"):
                a, b, ours = two_sides(folder, random, {"type": "rsa", "rdm": kind, "by": by})
                yield ours, similarity(rdm(a, kind), rdm(b, kind), COMPARISONS[by]).item()
    return pairs


for kind, note in {"correlation": "", "euclidean": "", "mahalanobis": "noise: `shrinkage_diag`, all trials",
                   "crossnobis": "a fold for each repeat; noise as above"}.items():
    check(f"RDM `{kind}`", "rsatoolbox", note or "through `pearson` and `cosine` of two RDMs, which do not see their scale"
          )(rdms_agree(kind))


@check("RDM `crossnobis`, unequal repeats", "rsatoolbox", "`calc_rdm_unbalanced`, the repeats as `cv_descriptor`")
def unbalanced(folder, random):
    from rsatoolbox.data.noise import prec_from_unbalanced
    from rsatoolbox.rdm import calc_rdm_unbalanced, compare as similarity
    for _ in range(10):
        sides = [responses(random) for _ in range(2)]
        for x in sides:
            for c in range(12):
                x[c, :, random.integers(3, 7):] = np.nan
        for name, x in zip("ab", sides):
            np.save(folder / f"{name}.npy", x)
        ours = compare(folder, [{"type": "rsa", "rdm": "crossnobis", "by": "cosine"}],
                       [{"file": "a.npy", "axes": ARRAY}], [{"file": "b.npy", "axes": ARRAY}])["results"][0]["value"]
        theirs = [calc_rdm_unbalanced(d, "crossnobis", "condition", noise=prec_from_unbalanced(d, "condition"),
                                      cv_descriptor="repeat") for d in map(dataset, sides)]
        yield ours, similarity(*theirs, "cosine").item()


def comparisons_agree(by):
    def pairs(folder, random):
        from rsatoolbox.rdm import compare as similarity
        for _ in range(10):
            a, b, ours = two_sides(folder, random, {"type": "rsa", "rdm": "euclidean", "by": by}, conditions=20)
            yield ours, similarity(rdm(a, "euclidean"), rdm(b, "euclidean"), COMPARISONS[by]).item()
    return pairs


for by, note in {"pearson": "", "spearman": "", "kendall": "`tau-a`", "cosine": "", "whitened_cosine": "`cosine_cov`",
                 "whitened_pearson": "`corr_cov`"}.items():
    check(f"rsa by `{by}`", "rsatoolbox", note)(comparisons_agree(by))


@check("rsa by `whitened_cosine`, noise `independent`", "rsatoolbox", "`sigma_k`: the conditions' variances, by their repeats. "
       "rsatoolbox solves for V by conjugate gradients to 1e-5, we exactly", tolerance=1e-4)
def whitened_by_noise(folder, random):
    from rsatoolbox.rdm import compare as similarity
    for _ in range(10):
        a, b, ours = two_sides(folder, random, {"type": "rsa", "rdm": "euclidean", "by": "whitened_cosine",
                                                "noise": "independent"})
        variance = b.var(axis=2, ddof=1).mean(1) / b.shape[2]
        yield ours, similarity(rdm(a, "euclidean"), rdm(b, "euclidean"), "cosine_cov", sigma_k=np.diag(variance)).item()


@check("rsa by `kendall`, `spearman`", "SciPy", "`kendalltau` is τ-b, the same without ties")
def ranks(folder, random):
    import scipy.stats
    for _ in range(5):
        for by, theirs in (("kendall", scipy.stats.kendalltau), ("spearman", scipy.stats.spearmanr)):
            a, b, ours = two_sides(folder, random, {"type": "rsa", "rdm": "euclidean", "by": by})
            yield ours, theirs(rdm_by_scipy(a), rdm_by_scipy(b))[0]


@check("weighted_rsa", "rsatoolbox", "`ModelWeighted` by `fit_regress_nn`, in the same folds")
def weighted(folder, random):
    from rsatoolbox.model import ModelWeighted
    from rsatoolbox.model.fitter import fit_regress_nn
    from rsatoolbox.rdm import RDMs, compare as similarity
    for by in ("pearson", "cosine"):
        for _ in range(3):
            regions = [responses(random, conditions=20, repeats=2) for _ in range(4)]
            area = np.concatenate([regions[0], 1.5 * regions[1], responses(random, conditions=20, repeats=2)], axis=1)
            for name, x in zip("abcdy", [*regions, area]):
                np.save(folder / f"{name}.npy", x)
            found = compare(folder, [{"type": "weighted_rsa", "rdm": "euclidean", "by": by}],
                            [{"file": f"{name}.npy", "axes": ARRAY} for name in "abcd"], [{"file": "y.npy", "axes": ARRAY}])
            model = ModelWeighted("sum", RDMs(np.array([rdm_by_scipy(x) for x in regions])))
            data, values = RDMs(rdm_by_scipy(area)[None]), []
            for training, held_out in folds(20, 4):
                theta = fit_regress_nn(model, data.subset_pattern("index", training), method=COMPARISONS[by],
                                       pattern_idx=training, pattern_descriptor="index")
                values.append(similarity(model.predict_rdm(theta).subset_pattern("index", held_out),
                                         data.subset_pattern("index", held_out), COMPARISONS[by]).item())
            yield value(found, "weighted_rsa"), np.mean(values)


def rdm_by_scipy(x):
    from scipy.spatial.distance import pdist
    return pdist(x.mean(2), "sqeuclidean") / x.shape[1]


def ceilings_agree(by):
    def pairs(folder, random):
        from rsatoolbox.inference.noise_ceiling import boot_noise_ceiling
        from rsatoolbox.rdm import RDMs
        for _ in range(5):
            signal = random.uniform(size=66)
            subjects = np.abs(signal + 0.3 * random.normal(size=(5, 66)))
            np.savez(folder / "given.npz", model=random.uniform(size=66), **{f"s{k}": s for k, s in enumerate(subjects)})
            found = compare(folder, [{"type": "rsa", "by": by}], [{"file": "given.npz", "rdm": "model"}],
                            [{"file": "given.npz", "rdms": [[f"s{k}"] for k in range(5)]}])
            lower, upper = boot_noise_ceiling(RDMs(subjects), COMPARISONS[by])
            yield found["results"][0]["ceiling"], [lower, upper]
    return pairs


for by in ("pearson", "spearman", "kendall", "cosine"):
    check(f"noise ceiling by `{by}`", "rsatoolbox")(ceilings_agree(by))
check("noise ceiling by `whitened_cosine`", "rsatoolbox",
      "we pool RDMs of one whitened length, rsatoolbox of one root mean square", tolerance=0.01)(ceilings_agree("whitened_cosine"))


@check("cka, `cka:linear`", "NumPy", "the formulas of Song et al. 2012 and Kornblith et al. 2019")
def kernels(folder, random):
    for _ in range(5):
        for form in ("debiased", "linear"):
            a, b, ours = two_sides(folder, random, {"type": "cka", "form": form})
            x, y = (side.mean(2) - side.mean(2).mean(0) for side in (a, b))
            hsic = unbiased_hsic if form == "debiased" else lambda k, m: np.sum(k * m)
            k, m = x @ x.T, y @ y.T
            yield ours, hsic(k, m) / np.sqrt(hsic(k, k) * hsic(m, m))


def unbiased_hsic(k, m):
    n = len(k)
    k, m = k - np.diag(np.diag(k)), m - np.diag(np.diag(m))
    return (np.trace(k @ m) + k.sum() * m.sum() / ((n - 1) * (n - 2)) - 2 * (k.sum(0) @ m.sum(0)) / (n - 2)) / (n * (n - 3))


@check("cka:linear", "rsatoolbox", "it is `cosine_cov` of the two Euclidean RDMs")
def kernels_as_rdms(folder, random):
    from rsatoolbox.rdm import compare as similarity
    for _ in range(5):
        a, b, ours = two_sides(folder, random, {"type": "cka", "form": "linear"})
        yield ours, similarity(rdm(a, "euclidean"), rdm(b, "euclidean"), "cosine_cov").item()


@check("procrustes", "SciPy", "`scipy.spatial.procrustes` gives 1 − s²")
def shapes(folder, random):
    from scipy.spatial import procrustes
    for _ in range(10):
        a, b, ours = two_sides(folder, random, "procrustes")
        disparity = procrustes(a.mean(2), b.mean(2))[2]
        yield ours, 1 - 2 / np.pi * np.arccos(np.sqrt(1 - disparity))


def held_out_median(fit, x, y):
    """Median over neurons of the correlation within folds, their mean."""
    r = []
    for training, held in folds(len(x), 10):
        predicted = fit().fit(x[training], y[training]).predict(x[held])
        r.append([np.corrcoef(predicted[:, n], y[held, n])[0, 1] for n in range(y.shape[1])])
    return np.median(np.mean(r, axis=0))


def predictions_agree(method, fit):
    def pairs(folder, random):
        for features in (12, 90):  # fewer and more than conditions
            x = random.normal(size=(60, features))
            y = x @ random.normal(size=(features, 9)) / np.sqrt(features) + random.normal(size=(60, 9))
            np.save(folder / "x.npy", x)
            np.save(folder / "y.npy", y)
            found = compare(folder, [method], [{"file": "x.npy", "axes": ARRAY[:2]}], [{"file": "y.npy", "axes": ARRAY[:2]}])
            yield found["results"][0]["value"], held_out_median(lambda: fit(x), x, y)
    return pairs


def ridge_cv(x):
    from sklearn.linear_model import RidgeCV
    scale = np.sum((x - x.mean(0)) ** 2) / min(len(x) - 1, x.shape[1])
    return RidgeCV(np.logspace(-4, 4, 10) * scale, alpha_per_target=True)


def pls(x):
    from sklearn.cross_decomposition import PLSRegression
    return PLSRegression(5, scale=False, tol=1e-28, max_iter=100_000)


check("ridge", "scikit-learn", "`RidgeCV` in the same outer folds. No repeats: the correlation itself")(
    predictions_agree("ridge", ridge_cv))
check("pls", "scikit-learn", "`PLSRegression(scale=False, tol=1e-28)`: as it comes, it stops earlier")(
    predictions_agree({"type": "pls", "components": 5}, pls))


@check("decoding", "scikit-learn", "linear discriminant, `lsqr`, shrunk by `ledoit_wolf_shrinkage` of what is left of the "
       "labels' means, in the same folds; scikit-learn's own `auto` scales neurons first")
def decoding(folder, random):
    from sklearn.covariance import ledoit_wolf_shrinkage
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    for _ in range(5):
        x = responses(random, conditions=6, neurons=12, repeats=10)
        np.save(folder / "x.npy", x)
        ours = value(compare(folder, ["decoding"], [{"file": "x.npy", "axes": ARRAY}]), "decoding")
        trials, labels = x.transpose(2, 0, 1).reshape(-1, 12), np.tile(np.arange(6), 10)
        right = 0
        for training, held in folds(60, 10, labels):
            known, names = trials[training], labels[training]
            left = np.concatenate([known[names == c] - known[names == c].mean(0) for c in range(6)])
            shrinkage = ledoit_wolf_shrinkage(left, assume_centered=True)
            fit = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage).fit(known, names)
            right += np.sum(fit.predict(trials[held]) == labels[held])
        yield ours, right / 60


@check("nearest_mean", "scikit-learn", "`NearestCentroid`, `LeaveOneOut`")
def centroids(folder, random):
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.neighbors import NearestCentroid
    for _ in range(5):
        x = responses(random, conditions=5, neurons=6)
        np.save(folder / "x.npy", x)
        ours = value(compare(folder, ["nearest_mean"], [{"file": "x.npy", "axes": ARRAY}]), "nearest_mean")
        trials, labels = x.transpose(0, 2, 1).reshape(-1, 6), np.repeat(np.arange(5), 6)
        yield ours, cross_val_score(NearestCentroid(), trials, labels, cv=LeaveOneOut()).mean()


@check("dimensionality", "scikit-learn", "from `PCA`'s `explained_variance_`")
def dimensions(folder, random):
    from sklearn.decomposition import PCA
    for _ in range(5):
        x = responses(random)
        np.save(folder / "x.npy", x)
        ours = value(compare(folder, ["dimensionality"], [{"file": "x.npy", "axes": ARRAY}]), "dimensionality")
        variance = PCA().fit(x.mean(2)).explained_variance_
        yield ours, variance.sum() ** 2 / (variance ** 2).sum()


@check("signal and noise correlations", "NumPy", "`corrcoef` of means, and of what trials leave of them")
def correlations(folder, random):
    for _ in range(5):
        x = responses(random)
        np.save(folder / "x.npy", x)
        found = compare(folder, ["correlations"], [{"file": "x.npy", "axes": ARRAY}])
        left = (x - x.mean(2, keepdims=True)).transpose(1, 0, 2).reshape(x.shape[1], -1)
        pairs = np.triu_indices(x.shape[1], 1)
        for name, of in (("signal", x.mean(2).T), ("noise", left)):
            yield value(found, f"correlations.{name}"), np.corrcoef(of)[pairs].mean()


@check("psychometric: shares with Wilson's interval", "SciPy", "`binomtest(…).proportion_ci(method='wilson')`")
def choices(folder, random):
    from scipy.stats import binomtest
    level = random.choice([0, 0.1, 0.2, 0.5], size=300)
    right = (random.uniform(size=300) < 0.5 + level).astype(int)
    (folder / "trials.csv").write_text("level,right\n" + "".join(f"{a},{b}\n" for a, b in zip(level, right)))
    found = compare(folder, [{"type": "psychometric", "levels": "level", "correct": "right"}],
                    [{"file": "trials.csv", "columns": {"level": "level", "right": "right"}}])
    columns, names = table(found, "psychometric")
    for k, name in enumerate(names):
        of = right[level == float(name)]
        ci = binomtest(int(of.sum()), len(of)).proportion_ci(method="wilson")
        yield [columns["correct"][k], columns["low"][k], columns["high"][k]], [of.mean(), ci.low, ci.high]
