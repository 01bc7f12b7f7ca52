#!/usr/bin/python3
"""Measures beside NumPy and scikit-learn, on the same machine and threads.

  tests/benchmarks/measures.py --times BUILD/benchmarks/measures_times

RDMs of 1000 conditions × 5000 neurons, CKA of two such, and ridge regression of 300 responses on 2000 features of 1000
conditions (5 folds, 10 penalties chosen for each response). The shortest time of each counts; a ratio below 1 is ahead.
"""
import argparse
import os
import subprocess
import sys


def peer():
    import time

    import numpy as np
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold

    random = np.random.default_rng(1)
    X, Y = random.standard_normal((1000, 5000)), random.standard_normal((1000, 5000))
    features, responses = random.standard_normal((1000, 2000)), random.standard_normal((1000, 300))

    def rdm_correlation():
        Z = X - X.mean(1, keepdims=True)
        Z /= np.sqrt(np.einsum("ij,ij->i", Z, Z))[:, None]
        return 1 - Z @ Z.T  # faster than numpy.corrcoef: the product is symmetric

    def rdm_euclidean():
        s = np.einsum("ij,ij->i", X, X)
        return (s[:, None] + s[None] - 2 * (X @ X.T)) / X.shape[1]

    def cka():
        A, B = X - X.mean(0), Y - Y.mean(0)
        K, L = A @ A.T, B @ B.T
        return np.vdot(K, L) / np.linalg.norm(K) / np.linalg.norm(L)

    def ridge():
        for training, held in KFold(5).split(features):
            fit = RidgeCV(np.logspace(-1, 6, 10), alpha_per_target=True).fit(features[training], responses[training])
            fit.predict(features[held])

    for work, rounds in ((rdm_correlation, 5), (rdm_euclidean, 5), (cka, 5), (ridge, 2)):
        shortest = min(timed(work, time.perf_counter) for _ in range(rounds))
        print(work.__name__, shortest)


def timed(work, clock):
    begin = clock()
    work()
    return clock() - begin


def lines(command, threads):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    text = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return {name: float(seconds) for name, seconds in (line.split() for line in text.splitlines())}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", help="the program measures_times")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        peer()
        sys.exit()
    print(f"{'measure':<18}{'threads':>8}{'engram (s)':>12}{'peer (s)':>12}{'ratio':>8}")
    for threads in (1, 2):
        ours = lines([options.times, str(threads)], threads)
        theirs = lines([sys.executable, __file__, "--peer"], threads)
        for name, seconds in ours.items():
            print(f"{name:<18}{threads:>8}{seconds:>12.3f}{theirs[name]:>12.3f}{seconds / theirs[name]:>8.2f}")
