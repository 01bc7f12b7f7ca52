#!/usr/bin/env python3
"""Writes teacher.csv.gz: random inputs, and what a random network of 30-20-10 neurons makes of them.

The task of Sacramento et al. 2018, NeurIPS 31: a student circuit learns the map of a teacher network. Inputs are uniform
in [-1, 1]. Hidden neurons of the teacher are tanh, its outputs linear; weights are normal with s.d. 4 / sqrt(30) onto
the hidden and 1 / sqrt(20) onto the output neurons.
"""
import gzip
import math
import pathlib
import random

draw = random.Random(1)
down = [[draw.gauss(0, 4 / math.sqrt(30)) for _ in range(30)] for _ in range(20)]
up = [[draw.gauss(0, 1 / math.sqrt(20)) for _ in range(20)] for _ in range(10)]


def product(weights, rates):
    return [sum(w * r for w, r in zip(row, rates)) for row in weights]


lines = [",".join([f"input{k}" for k in range(30)] + [f"target{k}" for k in range(10)])]
for _ in range(700):
    inputs = [round(draw.uniform(-1, 1), 3) for _ in range(30)]
    targets = product(up, [math.tanh(u) for u in product(down, inputs)])
    lines.append(",".join([f"{x:.3f}" for x in inputs] + [f"{y:.4f}" for y in targets]))
path = pathlib.Path(__file__).with_name("teacher.csv.gz")
with gzip.GzipFile(path, "wb", mtime=0) as file:
    file.write(("\n".join(lines) + "\n").encode())
