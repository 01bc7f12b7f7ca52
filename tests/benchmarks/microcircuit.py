#!/usr/bin/env python3
"""The cortical microcircuit: seconds to build it, bytes a synapse, and seconds for a second of simulated time.

Usage: microcircuit.py [--engram ./engram] [--model microcircuit|microcircuit-tenth|microcircuit-poisson] [--threads 2]
                       [--ms 600]

Goals for the full size, two threads: built in 60 s at most, with at most 12 bytes a synapse in all (greatest memory of the
process). build: from the start of the program to its first step, and from its last one to the end. processor: seconds of
all threads, which say more where other programs run beside it."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engram", default=str(ROOT / "engram"))
    options.add_argument("--model", default="microcircuit")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--ms", type=int, default=600)
    given = options.parse_args()
    file = ROOT / "models/spiking/microcircuit" / (given.model + ".json")
    model = json.loads(re.sub(r"^//.*$", "", file.read_text(), flags=re.M))
    synapses = sum(p["connect"]["synapses"] for p in model["architecture"]["projections"])

    def run(ms, folder):
        trial = json.dumps([{"phase": "run", "duration": ms}])
        command = [given.engram, "run", str(file), "--set", f"/task/trial={trial}", "--set", "/record=null",
                   "--threads", str(given.threads), "--out", os.path.join(folder, f"{ms}.nwb")]
        begin = time.time()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(errors.decode())
        return time.time() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024

    with tempfile.TemporaryDirectory() as folder:
        build, build_processor, _ = run(1, folder)
        wall, processor, memory = run(given.ms, folder)
    seconds = (given.ms - 1) / 1000
    print(f"{given.model}: {synapses} synapses, {given.threads} threads")
    print(f"  build            {build:.1f} s (processor {build_processor:.1f} s)")
    print(f"  bytes a synapse  {memory / synapses:.1f}")
    print(f"  real-time factor {(wall - build) / seconds:.1f} (processor {(processor - build_processor) / seconds:.1f})")


main()
