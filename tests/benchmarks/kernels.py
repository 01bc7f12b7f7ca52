#!/usr/bin/python3
"""Time of models whose work is products: as engram runs by default, over the best of the BLAS kernels that this processor
can run (OPENBLAS_CORETYPE). Goal: at most 1.1. Needs nothing but Python; see README.md.

    tests/benchmarks/kernels.py [--engram build/engram] [--rounds 3] [--threads 1] [MODEL.json ...]

Without models: a layered network (784-256-10, batch 64, backprop), a recurrent one (500 units, backprop through 100 steps)
and a large one (4000 units, all to all, one trial), on inputs that are drawn here. Each round runs all kernels in turn, and
the shortest time of each counts. Exit code 1 when a ratio is above 1.1, 2 when engram cannot be run.
"""
import argparse
import array
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOAL = 1.1


def write_npy(path, shape, draw):
    count = 1
    for n in shape:
        count *= n
    head = repr({"descr": "<f4", "fortran_order": False, "shape": shape})
    head += " " * (-(len(head) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        array.array("f", (draw() for _ in range(count))).tofile(file)


def static(size, phi):
    return {"size": size, "dynamics": {"type": "static", "activation": phi}, "bias": {"initial": 0, "rule": "gradient"}}


def our_models(folder):
    drawn = random.Random(1)
    write_npy(folder / "pictures.npy", (6400, 784), drawn.random)
    write_npy(folder / "classes.npy", (6400, 10), lambda: drawn.gauss(0, 1))
    write_npy(folder / "moving.npy", (128, 100, 50), lambda: drawn.gauss(0, 1))
    write_npy(folder / "followed.npy", (128, 100, 10), lambda: drawn.gauss(0, 1))
    learning = {"rules": {"gradient": {"plugin": "backprop", "rate": 0.01}}}
    layers = {
        "name": "784-256-10, batch 64, backprop", "precision": "single",
        "architecture": {
            "regions": {"in": {"size": 784, "dynamics": "input"}, "hidden": static(256, "relu"), "out": static(10, "linear")},
            "projections": [{"from": "in", "to": "hidden", "rule": "gradient"},
                            {"from": "hidden", "to": "out", "rule": "gradient"}]},
        "objective": {"type": "mse", "region": "out"}, "learning": learning,
        "task": {"stimuli": {"inputs": {"file": "pictures.npy"}, "targets": {"file": "classes.npy"}}, "batch": 64,
                 "epochs": 6, "evaluate": "never",
                 "trial": [{"phase": "sweep", "duration": 1, "stimulus": "in", "objective": True, "plastic": True}]}}
    recurrent = {
        "name": "500 recurrent units, backprop through 100 steps", "precision": "single",
        "time": {"step": 1.0, "integrator": "euler"},
        "architecture": {
            "regions": {"in": {"size": 50, "dynamics": "input"},
                        "net": {"size": 500, "dynamics": {"type": "leaky_rate", "tau": 10, "activation": "tanh"},
                                "bias": {"initial": 0, "rule": "gradient"}},
                        "out": static(10, "linear")},
            "projections": [{"from": "in", "to": "net", "rule": "gradient"},
                            {"from": "net", "to": "net", "connect": "no_autapses", "weights": {"normal": {"gain": 1.2}},
                             "delay": 1.0, "rule": "gradient"},
                            {"from": "net", "to": "out", "rule": "gradient"}]},
        "objective": {"type": "mse", "region": "out"}, "learning": learning,
        "task": {"stimuli": {"inputs": {"file": "moving.npy"}, "targets": {"file": "followed.npy"}}, "batch": 64,
                 "epochs": 3, "evaluate": "never",
                 "trial": [{"phase": "run", "duration": 100, "stimulus": {"in": "inputs"}, "objective": True,
                            "plastic": True}]}}
    large = {
        "name": "4000 units, all to all", "precision": "single", "time": {"step": 1.0, "integrator": "euler"},
        "architecture": {
            "regions": {"net": {"size": 4000, "dynamics": {"type": "leaky_rate", "tau": 10, "activation": "tanh"},
                                "bias": {"normal": {"mean": 0, "sd": 0.3}}, "initial": 0}},
            "projections": [{"from": "net", "to": "net", "connect": "no_autapses",
                             "weights": {"normal": {"mean": 0, "sd": 0.0237}}}]},
        "task": {"trial": [{"phase": "run", "duration": 200}]}}
    files = []
    for name, model in (("layers", layers), ("recurrent", recurrent), ("large", large)):
        (folder / f"{name}.json").write_text(json.dumps(model))
        files.append(folder / f"{name}.json")
    return files


def environment(kernel):
    bare = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return bare if kernel is None else {**bare, "OPENBLAS_CORETYPE": kernel}


def engram(arguments, kernel):
    done = subprocess.run(arguments, env=environment(kernel), capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}", file=sys.stderr)
        sys.exit(2)
    return json.loads(done.stdout.splitlines()[-1])


def seconds(program, model, out, threads, kernel):
    said = engram([program, "run", model, "--out", out, "--threads", str(threads), "--seed", "1", "--quiet", "--json"], kernel)
    return said["fastest_epoch_seconds"] if said["train"]["loss"] is not None else said["wall_seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engram", default=ROOT / "build/engram")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    if not os.access(options.engram, os.X_OK):
        print(f"{options.engram}: no such program (./engram build)", file=sys.stderr)
        return 2
    doctor = engram([options.engram, "doctor", "--json"], None)
    kernels = [k["kernel"] for k in doctor["kernels"] if k["single_gflops"] > 0 and not k["wrong_product"]]
    default = doctor["blas"]["kernel"]
    print(f"{doctor['processor']['name']}; {doctor['blas']['library']}; by default {default}, chosen by {doctor['blas']['chosen_by']}")
    print(f"{'model':50}{'default':>9}{'best':>9}  {'of kernel':12}{'default / best':>14}")
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for model in options.models or our_models(folder):
            best = {}
            for _ in range(options.rounds):
                for kernel in [None] + kernels:
                    took = seconds(options.engram, model, folder / "run.nwb", options.threads, kernel)
                    best[kernel] = min(took, best.get(kernel, took))
            # The same kernel by name and by default is the same program: what they differ by is the measuring.
            usual = min(best[None], best.get(default, best[None]))
            fastest = min(kernels, key=best.get)
            ratio = usual / min(usual, best[fastest])
            missed = missed or ratio > GOAL
            others = "   ".join(f"{k} {best[k]:.3f}" for k in kernels)
            print(f"{model.stem:50}{usual:9.3f}{min(usual, best[fastest]):9.3f}  {fastest:12}{ratio:14.2f}   ({others})", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
