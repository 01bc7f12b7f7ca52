#!/usr/bin/env python3
"""Where the time of a spiking network goes on 1 and 2 ranks, and what that predicts for more.

    ranks.py [ENGRAM] [--ms 200] [--turns 3]

Runs Brunel's network (models/spiking/brunel.json: 12,500 neurons, 15.6 million synapses, delay 1.5 ms, step 0.1 ms) on one
thread for each rank. Prints the constants of the cost model of models/ranks.md, from the least times of all turns, and its
predictions. Needs mpirun and mpicc. The
time of exchanges in the run is mostly waiting, all the more on a machine that does other work; what an exchange costs by
itself is measured apart, by exchange.c. Nothing is asserted.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEURONS, INDEGREE, STEP_MS, STEPS_BETWEEN = 12500, 1250, 0.1, 16
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1")


def run(engram, ranks, ms, folder):
    command = ["mpirun", "-q", "--bind-to", "none", "-n", str(ranks)] if ranks > 1 else []
    command += [engram, "run", str(ROOT / "models/spiking/brunel.json"), "--out", f"{folder}/{ranks}.nwb", "--force",
                "--threads", "1", "--quiet", "--json", "--set", f"/task/trial/0/duration={ms}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT)
    return json.loads(done.stdout.strip().splitlines()[-1])


def exchange_us(size, folder):
    """The middle time of an exchange of 2 ranks with messages of so many bytes."""
    program = f"{folder}/exchange"
    subprocess.run(["mpicc", "-O2", "-o", program, str(ROOT / "tests/benchmarks/exchange.c")], check=True)
    done = subprocess.run(["mpirun", "-q", "--bind-to", "none", "-n", "2", program, str(size)], check=True,
                          capture_output=True, text=True, env=ENVIRONMENT)
    return float(done.stdout.split()[1])


def predict(c, neurons, synapses, rate, ranks, step_ms=0.1, delay_ms=1.5):
    """Seconds for a simulated second: neurons, delivery, exchange."""
    steps = 1000 / step_ms
    moved = c["neuron_ns"] * 1e-9 * neurons / ranks * steps
    delivered = c["event_ns"] * 1e-9 * synapses * rate / ranks
    exchanges = steps / (round(delay_ms / step_ms) + 1)
    told = exchanges * c["exchange_us"] * 1e-6 * max(1, math.log2(ranks)) + c["spike_ns"] * 1e-9 * neurons * rate
    return moved, delivered, told


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engram", nargs="?", default=str(ROOT / "build/engram"))
    parser.add_argument("--ms", type=float, default=200)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.turns):
            for ranks in (1, 2):
                spiking = run(options.engram, ranks, options.ms, folder)["spiking"]
                for key, value in spiking.items():
                    best.setdefault(ranks, {})[key] = min(value, best.get(ranks, {}).get(key, value))
        small, large = exchange_us(400, folder), exchange_us(400000, folder)
    steps = options.ms / STEP_MS
    sent = 2 * best[2]["spikes_sent"]  # of both ranks, about
    rate = sent / NEURONS / options.ms * 1000
    for ranks in (1, 2):
        b = best[ranks]
        print(f"{ranks} rank{'s' if ranks > 1 else ''}: neurons {b['neurons_seconds']:.3f} s, "
              f"delivery {b['delivery_seconds']:.3f} s, exchange {b['exchange_seconds']:.3f} s")
    constants = {
        "neuron_ns": best[1]["neurons_seconds"] / NEURONS / steps * 1e9,
        "event_ns": best[1]["delivery_seconds"] / (sent * INDEGREE) * 1e9,
        "exchange_us": small,
        "spike_ns": (large - small) * 1000 / (2 * 399600 / 4),  # 4 bytes each, of both ranks
    }
    print(f"rate {rate:.1f} Hz; {constants['neuron_ns']:.2f} ns for a neuron and step, {constants['event_ns']:.2f} ns "
          f"for a spike at a synapse, {constants['exchange_us']:.1f} us for an exchange and {constants['spike_ns']:.2f} ns for a spike in it")
    two = predict(constants, NEURONS, NEURONS * INDEGREE, rate, 2)
    scale = options.ms / 1000
    print(f"the model for 2 ranks: {two[0] * scale:.3f} s, {two[1] * scale:.3f} s, {two[2] * scale:.3f} s")
    for ranks in (1, 8, 64):
        parts = predict(constants, 100000, 1e9, 8, ranks)
        print(f"10^5 neurons, 10^9 synapses, 8 Hz, {ranks} ranks: {parts[0]:.2f} + {parts[1]:.2f} + {parts[2]:.2f} = "
              f"{sum(parts):.2f} s for a simulated second")


if __name__ == "__main__":
    main()
