#!/usr/bin/env python3
"""Writes the cortical microcircuit of Potjans & Diesmann (2014) as a model file, at full size or smaller.

Usage: make.py [--scale S] [--background current|poisson] [--initial optimized|original] > MODEL.json

--scale S, above 0 and at most 1: S times the neurons, and S times the synapses onto each. As in the authors' program
(N_scaling = K_scaling = S), weights are divided by the root of S, and a constant current stands for the part of the mean
input that is lost, at the published rates: means and variances of what reaches a neuron stay, at these rates.
Correlations do not: the smaller the network, the more of its sources two neurons share. A smaller network has Poisson
spikes as its background unless told otherwise: a constant current that alone does not reach the threshold may leave it
silent, and is refused.

The numbers are those of the PyNEST program by the authors (INM-6/microcircuit-PD14-model, network_params.py). Without
arguments it writes microcircuit.json; with --scale 0.1 microcircuit-tenth.json."""
import argparse
import json
import math

NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
NEURONS = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
EXTERNAL = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]  # synapses from outside onto each neuron
OUTSIDE = 8.0  # Hz, of each of them
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]  # Hz, one run at full size
PROBABILITY = [  # rows: targets
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
]
INITIAL = {"original": [(-58.0, 10.0)] * 8,  # mV: mean, sd
           "optimized": [(-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94),
                         (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46), (-61.43, 4.48)]}
TAU, TAU_SYN, CAPACITANCE = 10.0, 0.5, 250.0  # ms, ms, pF
PSP = 0.15  # mV


def current_of(psp):
    """pA of an exponential current whose effect on the potential reaches `psp` mV at its greatest."""
    peak = math.log(TAU / TAU_SYN) / (1 / TAU_SYN - 1 / TAU)
    rise = math.exp(-peak / TAU) - math.exp(-peak / TAU_SYN)
    return psp / (TAU * TAU_SYN / (TAU - TAU_SYN) / CAPACITANCE * rise)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--background", choices=["current", "poisson"])
    arguments.add_argument("--initial", choices=["optimized", "original"], default="optimized")
    given = arguments.parse_args()
    scale = given.scale
    if not 0 < scale <= 1:
        arguments.error(f"--scale {scale}: above 0 and at most 1")
    root = math.sqrt(scale)
    poisson = given.background == "poisson" or (given.background is None and scale < 1)
    sizes = [round(n * scale) for n in NEURONS]
    if min(sizes) < 1:
        arguments.error(f"--scale {scale}: a population has no neuron left")
    mean_weight = lambda i, j: current_of(PSP) * (-4 if j % 2 else 2 if (i, j) == (0, 2) else 1)
    pairs = lambda i, j: NEURONS[i] * NEURONS[j]
    synapses = lambda i, j: math.log(1 - PROBABILITY[i][j]) / math.log((pairs(i, j) - 1) / pairs(i, j))

    regions, projections = [], []
    for i, name in enumerate(NAMES):
        local = sum(mean_weight(i, j) * synapses(i, j) / NEURONS[i] * RATES[j] for j in range(8))
        outside = current_of(PSP) * EXTERNAL[i] * OUTSIDE
        lost = TAU_SYN / 1000 * (1 - root) * (local + (outside if poisson else 0))
        current = (0 if poisson else TAU_SYN / 1000 * outside) + lost
        rheobase = CAPACITANCE * 15 / TAU  # pA, to the threshold 15 mV above rest
        if not poisson and current < rheobase:
            arguments.error(f"--background current: {current:.0f} pA into {name} do not reach its threshold "
                            f"({rheobase:.0f} pA), and the network may stay silent: take poisson, or a larger scale")
        receptor = {"type": "exponential", "tau": TAU_SYN}
        if poisson:
            receptor |= {"background_rate": OUTSIDE * round(EXTERNAL[i] * scale),
                         "background_weight": round(current_of(PSP) / root, 6)}
        mean, sd = INITIAL[given.initial][i]
        region = {"size": sizes[i],
                  "dynamics": {"type": "lif", "tau": TAU, "capacitance": CAPACITANCE, "rest": -65, "reset": -65,
                               "threshold": -50, "refractory": 2},
                  "bias": round(current, 6),
                  "initial": {"normal": {"mean": mean, "sd": sd}},
                  "receptors": {"in": receptor}}
        if current == 0:
            del region["bias"]
        regions.append(f'      "{name}": {json.dumps(region)}')
        for j, source in enumerate(NAMES):
            if PROBABILITY[i][j] == 0:
                continue
            weight = mean_weight(i, j) / root
            delay = 0.75 if j % 2 else 1.5
            projections.append("      " + json.dumps(
                {"from": source, "to": name + ".in",
                 "connect": {"type": "fixed_total_number", "synapses": round(synapses(i, j) * scale * scale),
                             "autapses": "yes"},
                 "weights": {"normal": {"mean": round(weight, 6), "sd": round(abs(weight) / 10, 7)}},
                 "delay": {"normal": {"mean": delay, "sd": delay / 2, "minimum": 0.05}}}))
    options = (f" --scale {scale:g}" if scale != 1 else "") + (
        " --background " + given.background if given.background else "") + (
        f" --initial {given.initial}" if given.initial != "optimized" else "")
    size = "full size" if scale == 1 else f"{scale:g} of the neurons and of the synapses onto each"
    record = ", ".join(f'"{name}": {{ "signals": ["spike"], "from": 500 }}' for name in NAMES)
    print(f"""// The cortical microcircuit of Potjans & Diesmann 2014, Cereb Cortex 24:785, {size}; README.md says what is in it.
// Written by make.py{options}.
{{
  "name": "Cortical microcircuit{'' if scale == 1 else f', {scale:g}'}",
  "seed": 55,
  "precision": "single",
  "time": {{ "step": 0.1 }},
  "architecture": {{
    "regions": {{
{chr(10).join(line + ("," if k < 7 else "") for k, line in enumerate(regions))}
    }},
    "projections": [
{("," + chr(10)).join(projections)}
    ]
  }},
  "task": {{ "trial": [ {{ "phase": "transient", "duration": 500 }}, {{ "phase": "run", "duration": 1000 }} ] }},
  "record": {{ {record} }}
}}""")


main()
