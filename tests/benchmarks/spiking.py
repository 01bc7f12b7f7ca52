#!/usr/bin/env python3
"""Spiking networks beside Brian2's C++ code (standalone mode): seconds of wall time for a second of simulated time.

Usage: spiking.py [--engram ./engram] [--sizes 4000,40000] [--seconds 1] [--threads 1,2] [--rounds 3] [--no-stdp]

Vogels & Abbott's network with conductances (models/spiking/vogels-abbott-coba.json) at 80 synapses a neuron, a step of
0.1 ms, in single precision on both sides, spikes recorded; then the same with pair STDP on every excitatory synapse.
The shortest of the rounds counts. Brian2 is Debian's python3-brian; its compilation is not counted. Rates are printed so
that it can be seen that both do the same work."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

BRIAN = """
import sys, time
import numpy as np
from brian2 import *
n, seconds, threads, stdp = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == 'stdp'
prefs.core.default_float_dtype = np.float32
prefs.codegen.cpp.extra_compile_args_gcc = ['-O3', '-march=native', '-ffast-math']
prefs.devices.cpp_standalone.openmp_threads = threads if threads > 1 else 0
set_device('cpp_standalone', build_on_run=False)
defaultclock.dt = 0.1*ms
seed(1)
taum, taue, taui = 20*ms, 5*ms, 10*ms
eqs = '''dv/dt = (ge*(0*mV - v) + gi*(-80*mV - v) - (v + 60*mV))/taum : volt (unless refractory)
dge/dt = -ge/taue : 1
dgi/dt = -gi/taui : 1'''
P = NeuronGroup(n, eqs, threshold='v > -50*mV', reset='v = -60*mV', refractory=5*ms, method='exponential_euler')
P.v = '-60*mV + 10*mV*rand()'
P.ge = '4 + 1.5*randn()'
P.gi = 'clip(20 + 12*randn(), 0, 1000)'
ne = int(0.8*n)
if stdp:
    taup, wmax = 20*ms, 1.2
    Ce = Synapses(P[:ne], P, '''w : 1
    dx/dt = -x/taup : 1 (event-driven)
    dy/dt = -y/taup : 1 (event-driven)''',
    on_pre='''ge_post += w
    x += 1
    w = clip(w - 0.0105*wmax*0.01*y, 0, wmax)''',
    on_post='''y += 1
    w = clip(w + 0.01*wmax*0.01*x, 0, wmax)''')
else:
    Ce = Synapses(P[:ne], P, on_pre='ge_post += 0.6')
Ci = Synapses(P[ne:], P, on_pre='gi_post += 6.7')
Ce.connect(p=80/n)
Ci.connect(p=80/n)
if stdp:
    Ce.w = 0.6
M = SpikeMonitor(P)
run(seconds*second)
device.build(directory=sys.argv[5], compile=True, run=True, with_output=False)
print(device._last_run_time, M.num_spikes/n/seconds)
"""


def brian(n, seconds, threads, stdp):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "network.py"
        script.write_text(BRIAN)
        out = subprocess.run([sys.executable, script, str(n), str(seconds), str(threads), "stdp" if stdp else "-",
                              folder + "/code"], capture_output=True, text=True)
        if out.returncode:
            sys.exit("Brian2: " + out.stderr.strip().splitlines()[-1])
        wall, rate = out.stdout.split()[-2:]
        return float(wall), float(rate)


def engram(program, n, seconds, threads, stdp):
    sets = [f"/architecture/regions/excitatory/size={n * 4 // 5}", f"/architecture/regions/inhibitory/size={n // 5}",
            f"/task/trial/0/duration={seconds * 1000}"]
    sets += [f"/architecture/projections/{k}/connect/probability={80 / n}" for k in range(4)]
    if stdp:
        sets += ["/task/trial/0/plastic=true",
                 '/learning={"rules": {"pairs": {"plugin": "stdp_pair", "rate": 0.01, "parameters": {"w_max": 12}}}}']
        for k in (0, 1):
            sets += [f"/architecture/projections/{k}/rule=\"pairs\"",
                     f'/architecture/projections/{k}/constraints={{"minimum": 0, "maximum": 12}}']
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", ROOT / "models/spiking/vogels-abbott-coba.json", "--quiet", "--json", "--threads",
                   str(threads), "--out", folder + "/run.nwb"]
        for one in sets:
            command += ["--set", one]
        out = subprocess.run(command, capture_output=True, text=True)
        if out.returncode:
            sys.exit("engram: " + out.stderr.strip())
        wall = json.loads(out.stdout.strip().splitlines()[-1])["wall_seconds"]
        import h5py

        with h5py.File(folder + "/run.nwb") as file:
            return wall, len(file["units/spike_times"]) / n / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engram", default=str(ROOT / "engram"))
    parser.add_argument("--sizes", default="4000,40000")
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-stdp", action="store_true")
    a = parser.parse_args()
    if not shutil.which("g++"):
        sys.exit("Brian2's standalone mode needs g++")
    print(f"{'network':<12} {'neurons':>8} {'threads':>8} {'engram s/s':>11} {'Hz':>6} {'Brian2 s/s':>11} {'Hz':>6} {'ratio':>7}")
    for stdp in (False,) if a.no_stdp else (False, True):
        for n in map(int, a.sizes.split(",")):
            for threads in map(int, a.threads.split(",")):
                ours = min(engram(a.engram, n, a.seconds, threads, stdp) for _ in range(a.rounds))
                theirs = min(brian(n, a.seconds, threads, stdp) for _ in range(max(1, a.rounds - 1)))
                print(f"{'COBA, STDP' if stdp else 'COBA':<12} {n:>8} {threads:>8} {ours[0] / a.seconds:>11.3f} "
                      f"{ours[1]:>6.1f} {theirs[0] / a.seconds:>11.3f} {theirs[1]:>6.1f} {ours[0] / theirs[0]:>7.2f}",
                      flush=True)


main()
