#!/usr/bin/python3
"""`engram compare` beside rsatoolbox, PySpike and scikit-learn: the same files, one thread, in turns in one run.

  PYTHONPATH=RSATOOLBOX/src:PYSPIKE tests/benchmarks/peers.py [--engram build/engram] [--only NAME] [--rounds 3]

Time is processor time, so that other work on the machine counts less. That of engram is of the whole command: it starts,
reads its files and prints. That of a peer is of the calls alone, with its data in memory. The shortest of the rounds counts. A
peer that cannot be imported is told.
"""
import argparse
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np  # noqa: E402 (after its number of threads is set)

warnings.simplefilter("ignore")
random = np.random.default_rng(17)


def dataset(responses):
    """rsatoolbox's Dataset of conditions × neurons × repeats."""
    from rsatoolbox.data import Dataset
    conditions, neurons, repeats = responses.shape
    return Dataset(responses.transpose(0, 2, 1).reshape(-1, neurons),
                   obs_descriptors={"condition": np.repeat(np.arange(conditions), repeats),
                                    "repeat": np.tile(np.arange(repeats), conditions)})


def whitened_rsa(folder):
    """1000 bootstraps over 60 conditions of the whitened cosine of two RDMs of 100 neurons."""
    from rsatoolbox.inference import eval_bootstrap_pattern
    from rsatoolbox.model import ModelFixed
    from rsatoolbox.rdm import calc_rdm
    model = random.normal(size=(60, 100))
    area = model + random.normal(size=(60, 100))
    np.save(folder / "model.npy", model)
    np.save(folder / "area.npy", area)

    def peer():
        of_model, of_area = (calc_rdm(dataset(x[:, :, None]), "euclidean", "condition") for x in (model, area))
        eval_bootstrap_pattern([ModelFixed("model", of_model)], of_area, method="cosine_cov", N=1000,
                               pattern_descriptor="condition", boot_noise_ceil=False)

    return (["model.npy", "area.npy", "--method", "rsa:euclidean:whitened_cosine"], {}, peer, 50)


def crossnobis(folder):
    """Crossnobis RDM of 220 conditions × 39 units × 50 repeats, with the noise covariance that it needs."""
    from rsatoolbox.data.noise import prec_from_measurements
    from rsatoolbox.rdm import calc_rdm
    responses = random.poisson(5, size=(220, 39, 50)).astype(float) + random.normal(size=(220, 39, 1))
    np.save(folder / "responses.npy", responses)
    np.savez(folder / "given.npz", rdm=random.uniform(size=220 * 219 // 2))
    measured = dataset(responses)

    def peer():
        calc_rdm(measured, "crossnobis", "condition", noise=prec_from_measurements(measured, "condition"),
                 cv_descriptor="repeat")

    config = {"circuits": [{"file": "given.npz", "rdm": "rdm"}],
              "recordings": [{"file": "responses.npy"}],
              "methods": [{"type": "rsa", "rdm": "crossnobis", "by": "cosine"}]}
    return ["--bootstrap", "0"], config, peer, 20


def predicted(folder):
    features = random.normal(size=(400, 300))
    responses = features @ random.normal(size=(300, 150)) / 10 + random.normal(size=(400, 150))
    np.save(folder / "features.npy", features)
    np.save(folder / "neurons.npy", responses)
    return features, responses


def ridge(folder):
    """Ridge regression of 150 neurons on 300 features of 400 conditions: 10 folds, a penalty of 10 for each neuron and fold."""
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold
    features, responses = predicted(folder)

    def peer():
        for training, held in KFold(10).split(features):
            fit = RidgeCV(np.logspace(-1, 6, 10), alpha_per_target=True).fit(features[training], responses[training])
            fit.predict(features[held])

    return ["features.npy", "neurons.npy", "--method", "ridge", "--bootstrap", "0"], {}, peer, 3


def pls(folder):
    """Partial least squares of the same: 25 components, 10 folds."""
    from sklearn.cross_decomposition import PLSRegression
    from sklearn.model_selection import KFold
    features, responses = predicted(folder)

    def peer():
        for training, held in KFold(10).split(features):
            fit = PLSRegression(25, scale=False).fit(features[training], responses[training])
            fit.predict(features[held])

    return ["features.npy", "neurons.npy", "--method", "pls", "--bootstrap", "0"], {}, peer, 3


def synchrony(folder):
    """SPIKE-distance, ISI-distance and SPIKE-synchronization of all 19,900 pairs of 200 units of 10 Hz in 60 s."""
    import pyspike
    trains = [np.sort(random.uniform(0, 60, random.poisson(600))) for _ in range(200)]
    (folder / "trains.txt").write_text("".join(" ".join(f"{t:.6f}" for t in train) + "\n" for train in trains))
    measured = [pyspike.SpikeTrain(train, (0, 60)) for train in trains]

    def peer():
        for measure in (pyspike.spike_distance, pyspike.isi_distance, pyspike.spike_sync):
            measure(measured)

    config = {"circuits": [{"file": "trains.txt", "spikes": {"unit": "s", "layout": "rows", "observed": [0, 60000]}}],
              "methods": ["synchrony"]}
    return ["--bootstrap", "0"], config, peer, 2


def of_command(command, folder):
    before = os.times()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    after = os.times()
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def of_call(work):
    begin = time.process_time()
    with contextlib.redirect_stderr(io.StringIO()):  # some draw a line of progress
        work()
    return time.process_time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engram", default=str(pathlib.Path(__file__).resolve().parents[2] / "build" / "engram"))
    parser.add_argument("--only", help="one of the cases")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'case':<14}{'engram (s)':>12}{'peer (s)':>12}{'ratio':>8}{'goal':>6}")
    for case in (whitened_rsa, crossnobis, ridge, pls, synchrony):
        if options.only not in (None, case.__name__):
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            try:
                arguments, config, peer, goal = case(folder)
            except ImportError as missing:
                print(f"{case.__name__:<14}not measured: {missing}")
                continue
            command = [options.engram, "compare", *arguments, "--threads", "1", "--quiet"]
            if config:
                (folder / "config.json").write_text(json.dumps(config))
                command += ["--config", "config.json"]
            ours = theirs = float("inf")
            for round_ in range(options.rounds):
                ours = min(ours, of_command(command, folder))
                if theirs == float("inf") or theirs < 60:  # a peer that needs minutes is measured once
                    theirs = min(theirs, of_call(peer))
            print(f"{case.__name__:<14}{ours:>12.3f}{theirs:>12.3f}{theirs / ours:>8.1f}{goal:>6}", flush=True)


if __name__ == "__main__":
    main()
