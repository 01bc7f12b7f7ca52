"""What the checks of agreement share: they run `engram compare` on files, and hold what it says against a peer."""
import dataclasses
import json
import pathlib
import subprocess
import tempfile

import numpy as np

ENGRAM = pathlib.Path(__file__).resolve().parents[2] / "build" / "engram"
SEED = 1  # of engram's folds


@dataclasses.dataclass
class Check:
    measure: str
    peer: str
    function: object  # yields pairs (ours, theirs) of numbers or arrays
    note: str
    tolerance: float  # of the greatest difference; above that of rounding where the note says how definitions differ


CHECKS = []


def check(measure, peer, note="", tolerance=1e-9):
    """Adds a function to the table. It takes a folder for its files and a random generator of its own."""
    def add(function):
        CHECKS.append(Check(measure, peer, function, note, tolerance))
        return function
    return add


def compare(folder, methods, circuits, recordings=(), **settings):
    """The object that `engram compare --json` prints for such a comparison file."""
    config = {"circuits": list(circuits), "recordings": list(recordings), "methods": methods, "bootstrap": 0, **settings}
    if not recordings:
        del config["recordings"]
    (folder / "config.json").write_text(json.dumps(config))
    done = subprocess.run([ENGRAM, "compare", "--config", "config.json", "--json", "--quiet"], cwd=folder,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"engram compare {config}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def value(found, method):
    values = [result["value"] for result in found["results"] if result["method"] == method]
    if len(values) != 1:
        raise RuntimeError(f"{method}: {len(values)} values, of {[r['method'] for r in found['results']]}")
    return np.nan if values[0] is None else values[0]


def table(found, method):
    """Columns of the table of a method, by name, as arrays over its rows; and the names of the rows."""
    one, = (t for t in found["tables"] if t["method"] == method)
    values = np.array([[np.nan if v is None else v for v in row["values"]] for row in one["rows"]], float)
    return dict(zip(one["columns"], values.T)), [row["name"] for row in one["rows"]]


def run(item):
    """(numbers that were compared, greatest difference) of a check; of numbers above 1 relative to the peer's."""
    count, worst = 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        for ours, theirs in item.function(pathlib.Path(name), np.random.default_rng(20)):
            ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
            if ours.shape != theirs.shape:
                raise RuntimeError(f"{item.measure}: shapes {ours.shape} and {theirs.shape}")
            apart = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
            apart = np.where(np.isnan(ours) & np.isnan(theirs), 0, apart)
            if np.isnan(apart).any():
                raise RuntimeError(f"{item.measure}: one of the two has no value: {ours}, {theirs}")
            count += apart.size
            worst = max(worst, float(apart.max()))
    return count, worst


# engram's folds of a cross-validation, so that a peer trains on the same conditions: Philox4x32-10 (Salmon et al. 2011) in
# simulator/numeric/random.cpp, and measures/folds.cpp.

def philox(counter, key):
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(10):
        low, high = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(high >> 32) ^ c[1] ^ k[0], high & mask, (low >> 32) ^ c[3] ^ k[1], low & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


def shuffled(count, seed=SEED):
    name = 2166136261
    for letter in b"folds":
        name = ((name ^ letter) * 16777619) & 0xFFFFFFFF
    key = philox((11, name, 0x656E6772, 0x616D0000), (seed & 0xFFFFFFFF, seed >> 32))[:2]
    order = list(range(count))
    for k in range(count, 1, -1):
        high, low, _, _ = philox((k, 0, 0, 0), key)
        other = int((((high << 20) | (low >> 12)) + 0.5) * 2.0 ** -52 * k)
        order[k - 1], order[other] = order[other], order[k - 1]
    return order


def folds(count, parts, labels=None):
    """Pairs of training and held-out conditions; stratified where there are labels."""
    order = shuffled(count)
    if labels is not None:
        order.sort(key=lambda k: labels[k])  # a stable sort
    of = np.empty(count, int)
    of[order] = np.arange(count) % parts
    return [(np.flatnonzero(of != f), np.flatnonzero(of == f)) for f in range(parts)]
