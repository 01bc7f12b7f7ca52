#!/usr/bin/env python3
"""Spiking networks beside Brian2's C++ code (standalone mode): seconds for a second of simulated time.

Usage: spiking.py [--engram ./engram] [--networks coba,coba-stdp,brunel] [--sizes 4000,40000] [--seconds 1]
                  [--threads 1,2] [--rounds 3] [--fit]

coba is Vogels & Abbott's network with conductances (models/spiking/vogels-abbott-coba.json) at 80 synapses a neuron and
each of the sizes; coba-stdp has pair STDP on every excitatory synapse; brunel is Brunel's asynchronous irregular network
of 12,500 neurons and 15.6 million synapses (models/spiking/brunel.json). A step of 0.1 ms, single precision on both
sides, spikes recorded. The shortest of the rounds counts. Seconds are wall time, but Brian2's at one thread are
processor time, as it measures itself so: run on an idle machine. Brian2 is Debian's python3-brian; its compilation is
not counted. build: seconds from the start of the program to its first step and from its last one to the end (drawing the
synapses, writing the file); MB: greatest memory of the process. Rates are printed so that it can be seen that both do
the same work.

--fit: engram alone, coba at four sizes: what a neuron costs in a step, also with ten times as many synapses that are
silent, and what a spike costs by synapse that it reaches."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

BRIAN = {}
BRIAN["coba"] = """
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
device.build(directory=sys.argv[5], compile=True, run=False)
"""


BRIAN["coba-stdp"] = BRIAN["coba"]
BRIAN["brunel"] = """
import sys
import numpy as np
from brian2 import *
seconds, threads = float(sys.argv[2]), int(sys.argv[3])
prefs.core.default_float_dtype = np.float32
prefs.codegen.cpp.extra_compile_args_gcc = ['-O3', '-march=native', '-ffast-math']
prefs.devices.cpp_standalone.openmp_threads = threads if threads > 1 else 0
set_device('cpp_standalone', build_on_run=False)
defaultclock.dt = 0.1*ms
seed(1)
P = NeuronGroup(12500, 'dv/dt = -v/(20*ms) : volt (unless refractory)', threshold='v > 20*mV', reset='v = 10*mV',
                refractory=2*ms, method='exact')
P.v = '20*mV*rand()'
Ce = Synapses(P[:10000], P, on_pre='v_post += 0.1*mV', delay=1.5*ms)
Ci = Synapses(P[10000:], P, on_pre='v_post -= 0.5*mV', delay=1.5*ms)
Ce.connect(p=0.1)
Ci.connect(p=0.1)
outside = PoissonInput(P, 'v', 1000, 20*Hz, weight=0.1*mV)
M = SpikeMonitor(P)
run(seconds*second)
device.build(directory=sys.argv[5], compile=True, run=False)
"""


def timed(command, folder):
    """Wall seconds, MB of memory and output of a process."""
    with open(pathlib.Path(folder) / "stdout", "w+") as out, open(pathlib.Path(folder) / "stderr", "w+") as err:
        begin = time.perf_counter()
        process = subprocess.Popen([str(c) for c in command], cwd=folder, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        out.seek(0), err.seek(0)
        if status:
            sys.exit(f"{command[0]}: " + err.read().strip())
        return wall, usage.ru_maxrss / 1024, out.read()


def brian(network, n, seconds, threads):
    """Seconds of simulation, rate, seconds of building, MB."""
    with tempfile.TemporaryDirectory() as folder:
        script, code = pathlib.Path(folder) / "network.py", pathlib.Path(folder) / "code"
        script.write_text(BRIAN[network])
        kind = "stdp" if network == "coba-stdp" else "-"
        out = subprocess.run([sys.executable, script, str(n), str(seconds), str(threads), kind, code],
                             capture_output=True, text=True)
        if out.returncode:
            sys.exit("Brian2: " + out.stderr.strip().splitlines()[-1])
        wall, memory, _ = timed(["./main"], code)
        ran = float((code / "results/last_run_info.txt").read_text().split()[0])
        spikes = sum(f.stat().st_size for f in (code / "results").glob("_dynamic_array_spikemonitor_i*")) / 4
        return ran, spikes / n / seconds, wall - ran, memory


def engram(program, network, n, seconds, threads, more=()):
    """The same."""
    sets = [f"/task/trial/0/duration={seconds * 1000}", *more]
    if network == "brunel":
        model = "brunel.json"
        sets += ['/record={"excitatory": ["spike"], "inhibitory": ["spike"]}']
    else:
        model = "vogels-abbott-coba.json"
        sets += [f"/architecture/regions/excitatory/size={n * 4 // 5}", f"/architecture/regions/inhibitory/size={n // 5}"]
        if not any("probability" in one for one in more):
            sets += [f"/architecture/projections/{k}/connect/probability={80 / n}" for k in range(4)]
    if network == "coba-stdp":
        sets += ["/task/trial/0/plastic=true",
                 '/learning={"rules": {"pairs": {"plugin": "stdp_pair", "rate": 0.01, "parameters": {"w_max": 12}}}}']
        for k in (0, 1):
            sets += [f"/architecture/projections/{k}/rule=\"pairs\"",
                     f'/architecture/projections/{k}/constraints={{"minimum": 0, "maximum": 12}}']
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", ROOT / "models/spiking" / model, "--quiet", "--json", "--threads", threads, "--out",
                   folder + "/run.nwb"]
        for one in sets:
            command += ["--set", one]
        wall, memory, out = timed(command, folder)
        ran = json.loads(out.strip().splitlines()[-1])["wall_seconds"]
        import h5py

        with h5py.File(folder + "/run.nwb") as file:
            rate = len(file["units/spike_times"]) / n / seconds if "units" in file else 0
        return ran, rate, wall - ran, memory


def fit(program, seconds, rounds):
    """By size: seconds of a silent network, of one with ten times the synapses, and of the active one."""
    print("COBA, one thread; wall seconds by simulated second, and what follows from them (ns)")
    print(f"{'neurons':>8} {'silent':>8} {'800 synapses':>13} {'active':>8} {'Hz':>6} | {'neuron and step':>16} "
          f"{'synapse reached':>16}")
    silent = [f"/architecture/regions/{r}/receptors/{k}/initial=0" for r in ("excitatory", "inhibitory")
              for k in ("ampa", "gaba")]
    for n in (4000, 8000, 16000, 32000):
        many = silent + [f"/architecture/projections/{k}/connect/probability={min(1, 800 / n)}" for k in range(4)]
        seed = next(s for s in range(1, 20) if engram(program, "coba", n, seconds, 1, [f"/seed={s}"])[1] > 10)
        runs = [[engram(program, "coba", n, seconds, 1, more) for more in (silent, many, [f"/seed={seed}"])]
                for _ in range(rounds)]
        quiet, wide, active = (min(run[k] for run in runs) for k in range(3))
        print(f"{n:>8} {quiet[0] / seconds:>8.3f} {wide[0] / seconds:>13.3f} {active[0] / seconds:>8.3f} {active[1]:>6.1f} | "
              f"{quiet[0] / (n * seconds * 1e4) * 1e9:>16.2f} "
              f"{(active[0] - quiet[0]) / (active[1] * n * seconds * 80) * 1e9:>16.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engram", default=str(ROOT / "engram"))
    parser.add_argument("--networks", default="coba,coba-stdp,brunel")
    parser.add_argument("--sizes", default="4000,40000")
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fit", action="store_true")
    a = parser.parse_args()
    a.engram = str(pathlib.Path(a.engram).resolve())
    if a.fit:
        return fit(a.engram, a.seconds, a.rounds)
    if not shutil.which("g++"):
        sys.exit("Brian2's standalone mode needs g++")
    print(f"{'':<10} {'':>8} {'':>8} | {'engram':^34} | {'Brian2':^34} |")
    columns = f"{'s/s':>7} {'Hz':>6} {'build s':>9} {'MB':>9}"
    print(f"{'network':<10} {'neurons':>8} {'threads':>8} | {columns} | {columns} | {'ratio':>5}")
    for network in a.networks.split(","):
        for n in [12500] if network == "brunel" else map(int, a.sizes.split(",")):
            for threads in map(int, a.threads.split(",")):
                ours = min(engram(a.engram, network, n, a.seconds, threads) for _ in range(a.rounds))
                theirs = min(brian(network, n, a.seconds, threads) for _ in range(max(1, a.rounds - 1)))
                say = lambda x: f"{x[0] / a.seconds:>7.3f} {x[1]:>6.1f} {x[2]:>9.2f} {x[3]:>9.0f}"
                print(f"{network:<10} {n:>8} {threads:>8} | {say(ours)} | {say(theirs)} | {ours[0] / theirs[0]:>5.2f}",
                      flush=True)


main()
