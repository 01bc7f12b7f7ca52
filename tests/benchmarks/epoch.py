#!/usr/bin/python3
"""Seconds per epoch of a 784-256-10 network: engram, PyTorch on the CPU, and the limit that BLAS sets to both.

All three are measured in turns in one run, each in a process of its own. See README.md.
"""
import argparse
import ctypes
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRIALS, PIXELS, HIDDEN, CLASSES, BATCH = 60000, 784, 256, 10, 64
FILES = {"train-images-idx3-ubyte": TRIALS, "train-labels-idx1-ubyte": TRIALS,
         "t10k-images-idx3-ubyte": 10000, "t10k-labels-idx1-ubyte": 10000}
# By product of one batch: rows and columns of the result, and the length of the sums.
PRODUCTS = {"hidden": (HIDDEN, BATCH, PIXELS), "output": (CLASSES, BATCH, HIDDEN), "error": (HIDDEN, BATCH, CLASSES),
            "hidden weights": (HIDDEN, PIXELS, BATCH), "output weights": (CLASSES, HIDDEN, BATCH)}


def torch_epoch(threads, epochs):
    """Best seconds per epoch of PyTorch: data preloaded as a tensor, batches picked by index, plain SGD in place."""
    import torch
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    x = torch.rand(TRIALS, PIXELS)
    y = torch.randint(0, CLASSES, (TRIALS,))
    model = torch.nn.Sequential(torch.nn.Linear(PIXELS, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES))
    parameters = list(model.parameters())
    loss_of = torch.nn.functional.cross_entropy
    best = float("inf")
    for _ in range(epochs):
        start = time.perf_counter()
        for rows in torch.randperm(TRIALS).split(BATCH):
            loss = loss_of(model(x[rows]), y[rows])
            for p in parameters:
                p.grad = None
            loss.backward()
            with torch.no_grad():
                for p in parameters:
                    p.add_(p.grad, alpha=-0.1)
        best = min(best, time.perf_counter() - start)
    return best


def blas_epoch(threads, epochs):
    """Best seconds for the products of an epoch alone, each one call of OpenBLAS (column-major, as engram's)."""
    blas = ctypes.CDLL("libopenblas.so.0")
    blas.openblas_set_num_threads(threads)
    pointer = ctypes.POINTER(ctypes.c_float)
    calls, kept = [], []
    for m, n, k in PRODUCTS.values():
        a, b, c = (numpy.random.rand(size).astype(numpy.float32) for size in (m * k, k * n, m * n))
        kept.append((a, b, c))
        at = [v.ctypes.data_as(pointer) for v in (a, b, c)]
        calls.append((102, 111, 111, m, n, k, ctypes.c_float(1), at[0], m, at[1], k, ctypes.c_float(0), at[2], m))
    best = float("inf")
    for _ in range(epochs):
        start = time.perf_counter()
        for _ in range((TRIALS + BATCH - 1) // BATCH):
            for call in calls:
                blas.cblas_sgemm(*call)
        best = min(best, time.perf_counter() - start)
    return best


def engram_epoch(program, threads, epochs, environment):
    """Best seconds per epoch of engram's learning, as it reports it."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [program, "run", ROOT / "models/mnist/mnist-backprop.json", "--set", "/task/evaluate=end",
             "--set", f"/task/epochs={epochs}", "--threads", str(threads), "--out", f"{folder}/run.nwb", "--json"],
            env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return json.loads(done.stdout.splitlines()[-1])["fastest_epoch_seconds"]


def child(what, threads, epochs, environment):
    environment = dict(environment, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    done = subprocess.run([sys.executable, __file__, "--child", what, "--threads", str(threads), "--epochs", str(epochs)],
                          env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def data_folder(scratch):
    """A folder that holds mnist/: real data if there are any, else random bytes of the same shape."""
    for base in (ROOT.parent / "shared/data", ROOT / "../shared/data", os.environ.get("ENGRAM_DATA", "")):
        if any((pathlib.Path(base) / "mnist" / f"train-images-idx3-ubyte{end}").is_file() for end in ("", ".gz")):
            return str(pathlib.Path(base).resolve()), "MNIST"
    folder = pathlib.Path(scratch) / "mnist"
    folder.mkdir()
    random = numpy.random.default_rng(1)
    for name, count in FILES.items():
        shape = (count, 28, 28) if "images" in name else (count,)
        values = random.integers(0, 256 if "images" in name else CLASSES, shape, dtype=numpy.uint8)
        header = struct.pack(">4B", 0, 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape)
        (folder / name).write_bytes(header + values.tobytes())
    return scratch, "random data"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--engram", default=ROOT / "build/engram")
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--rounds", type=int, default=2, help="turns of all three; the best of all epochs counts")
    arguments.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--child", choices=["torch", "blas"])
    said = arguments.parse_args()
    if said.child:
        print({"torch": torch_epoch, "blas": blas_epoch}[said.child](said.threads[0], said.epochs))
        return
    plain = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    settings = {"OpenBLAS's own choice": plain}
    kernel = os.environ.get("OPENBLAS_CORETYPE")
    if kernel:
        settings[f"OPENBLAS_CORETYPE={kernel}"] = dict(os.environ)
    operations = 2 * sum(m * n * k for m, n, k in PRODUCTS.values()) * ((TRIALS + BATCH - 1) // BATCH)
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = data_folder(scratch)
        print(f"784-256-10, relu, cross-entropy, plain SGD, batch {BATCH}, single precision, {data}")
        print("seconds per epoch, best of", said.rounds * said.epochs, "\n")
        print("| threads | kernels | BLAS alone | (GFLOP/s) | engram | PyTorch | engram / PyTorch | BLAS / engram |")
        print("|---|---|---|---|---|---|---|---|")
        for threads in said.threads:
            rows = {}
            for name, environment in settings.items():
                environment = dict(environment, ENGRAM_DATA=folder)
                best = {"blas": float("inf"), "engram": float("inf"), "torch": float("inf")}
                for _ in range(said.rounds):
                    for what in best:
                        seconds = (engram_epoch(said.engram, threads, said.epochs, environment) if what == "engram"
                                   else child(what, threads, said.epochs, environment))
                        best[what] = min(best[what], seconds)
                rows[name] = best
            rival = min(best["torch"] for best in rows.values())
            for name, best in rows.items():
                print(f"| {threads} | {name} | {best['blas']:.3f} | {operations / best['blas'] / 1e9:.0f} "
                      f"| {best['engram']:.3f} | {best['torch']:.3f} | {best['engram'] / rival:.2f} "
                      f"| {best['blas'] / best['engram']:.2f} |", flush=True)
    print("\nThe ratio to PyTorch is to the better of its figures at that number of threads.")


if __name__ == "__main__":
    main()
