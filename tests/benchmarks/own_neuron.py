#!/usr/bin/env python3
"""A neuron of one's own beside Brian2's C++ code (standalone mode): seconds for a second of simulated time.

Usage: own_neuron.py [--engram ./engram] [--neurons 4000] [--seconds 1] [--integrators rk4,euler]
                     [--precisions single,double] [--threads 1,2] [--rounds 3] [--without-brian]

The network of benchmark 1 of Brette et al. 2007 (J Comput Neurosci 23:349: 80 % excitatory neurons, 2 % connected at
random, exponential conductances), with an adaptive exponential neuron that the user writes: as a plugin of engram
(tests/plugins/adex_again, compiled here with the flags of engram_add_plugin), as equations in engram's model file, and
as Brian2's equations. A constant current keeps it awake. A step of 0.1 ms, the same integrator, spikes recorded.

All three run in turns, and each round draws other synapses. s/s: the shortest of the rounds, of the simulation alone,
without compiling and without drawing synapses. At one thread it is processor time, as Brian2 itself measures it there,
and other work on the machine disturbs it little; engram's is the least of its process less the least of a run of one
step. At more threads it is wall time. Hz: mean over the rounds and its standard error, which shows whether all do the same
work. ratio: engram's seconds over Brian2's. Brian2 is Debian's
python3-brian; --without-brian measures engram alone."""
import argparse
import importlib.util
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = {"rk4": "runge_kutta4", "euler": "euler"}  # Brian2's name: engram's

# pF, nS, mV, ms, pA. The threshold is where Brian2's own example of this neuron has it, 5 slopes above VT.
NEURON = {"C": 200, "gL": 10, "EL": -60, "VT": -50, "D": 2.5, "tau_w": 100, "a": 2, "b": 20, "peak": -37.5, "refractory": 5}
AS_PLUGIN = {"C": "capacitance", "gL": "leak", "EL": "rest", "VT": "threshold", "D": "slope"}  # the others by their name
BIAS = 200  # pA
RECEPTORS = {"ampa": {"type": "conductance_exponential", "tau": 5, "reversal": 0},
             "gaba": {"type": "conductance_exponential", "tau": 10, "reversal": -80}}
WEIGHTS = {"ampa": 6, "gaba": 67}  # nS

BRIAN = """
import sys
import numpy as np
from brian2 import *
n, seconds, threads, method, precision, folder = sys.argv[1:]
n = int(n)
prefs.core.default_float_dtype = np.float32 if precision == 'single' else np.float64
prefs.codegen.cpp.extra_compile_args_gcc = ['-O3', '-march=native', '-ffast-math']
prefs.devices.cpp_standalone.openmp_threads = int(threads) if int(threads) > 1 else 0
set_device('cpp_standalone', build_on_run=False)
defaultclock.dt = 0.1*ms
C, gL, EL, VT, D, tau_w, a, b = 200*pF, 10*nS, -60*mV, -50*mV, 2.5*mV, 100*ms, 2*nS, 20*pA
P = NeuronGroup(n, '''
dv/dt = (gL*(EL - v) + gL*D*exp((v - VT)/D) - w + ge*(0*mV - v) + gi*(-80*mV - v) + 200*pA)/C : volt (unless refractory)
dw/dt = (a*(v - EL) - w)/tau_w : amp
dge/dt = -ge/(5*ms) : siemens
dgi/dt = -gi/(10*ms) : siemens''', threshold='v > -37.5*mV', reset='v = EL; w += b', refractory=5*ms, method=method)
P.v = '-60*mV + 10*mV*rand()'
Ce = Synapses(P[:int(0.8*n)], P, on_pre='ge_post += 6*nS')
Ci = Synapses(P[int(0.8*n):], P, on_pre='gi_post += 67*nS')
Ce.connect(p=80/n)
Ci.connect(p=80/n)
M = SpikeMonitor(P)
run(float(seconds)*second)
device.build(directory=folder, compile=True, run=False)
"""


def processor_seconds(command, folder):
    """Processor seconds of a process and what it printed."""
    with open(pathlib.Path(folder) / "stdout", "w+") as out, open(pathlib.Path(folder) / "stderr", "w+") as err:
        process = subprocess.Popen([str(c) for c in command], cwd=folder, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0), err.seek(0)
        if status:
            sys.exit(f"{command[0]}: " + err.read().strip())
        return usage.ru_utime + usage.ru_stime, out.read()


def build_brian(a, folder, method, precision, threads):
    """Writes and compiles the network; returns the folder of its program."""
    script, code = folder / "network.py", folder / "code"
    script.write_text(BRIAN)
    out = subprocess.run([sys.executable, script, str(a.neurons), str(a.seconds), str(threads), method, precision, code],
                         capture_output=True, text=True)
    if out.returncode:
        sys.exit("Brian2: " + out.stderr.strip().splitlines()[-1])
    return code


def run_brian(a, code):
    """Seconds of the simulation, rate, and 0. Nothing seeds it: every run draws other synapses."""
    processor_seconds(["./main"], code)
    # clock() without OpenMP, wall time with it (network.cpp, which Brian2 writes)
    ran = float((code / "results/last_run_info.txt").read_text().split()[0])
    spikes = sum(f.stat().st_size for f in (code / "results").glob("_dynamic_array_spikemonitor_i*")) / 4
    return ran, spikes / a.neurons / a.seconds, 0


def compile_plugin(folder):
    """The neuron as a plugin, with the options that simulator/plugin/EngramRule.cmake gives."""
    out = folder / "adex_again.so"
    subprocess.run([os.environ.get("CXX", "g++"), "-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-shared", "-march=native",
                    "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off", "-mprefer-vector-width=512",
                    "-I", ROOT / "simulator/plugin", ROOT / "tests/plugins/adex_again/dynamics.cpp", "-o", out], check=True)
    return out


def dynamics(form, plugin):
    """The neuron as a model file has it."""
    if form == "plugin":
        return {"type": str(plugin), "reset": NEURON["EL"], **{AS_PLUGIN.get(k, k): x for k, x in NEURON.items()}}
    return {"type": "equations",
            "states": {"v": {"slope": "(gL*(EL - v) + gL*D*exp((v - VT)/D) - w + I)/C", "initial": "EL"},
                       "w": "(a*(v - EL) - w)/tau_w"},
            "parameters": {k: x for k, x in NEURON.items() if k != "refractory"},
            "threshold": "peak", "reset": {"v": "EL", "w": "w + b"}, "refractory": NEURON["refractory"]}


def write_model(a, path, form, plugin, method, precision):
    excitatory = a.neurons * 4 // 5
    region = {"dynamics": dynamics(form, plugin), "bias": BIAS, "receptors": RECEPTORS,
              "initial": {"uniform": {"low": -60, "high": -50}}}
    model = {
        "precision": precision,
        "time": {"step": 0.1, "integrator": METHODS[method]},
        "architecture": {
            "regions": {"excitatory": {"size": excitatory, **region}, "inhibitory": {"size": a.neurons - excitatory, **region}},
            "projections": [{"from": source, "to": f"{target}.{receptor}", "weights": WEIGHTS[receptor],
                             "connect": {"type": "fixed_probability", "probability": 80 / a.neurons}}
                            for source, receptor in (("excitatory", "ampa"), ("inhibitory", "gaba"))
                            for target in ("excitatory", "inhibitory")]},
        "task": {"trial": [{"phase": "run", "duration": a.seconds * 1000}]},
        "record": {"excitatory": ["spike"], "inhibitory": ["spike"]}}
    path.write_text(json.dumps(model, indent=2))
    return path


def run_engram(a, model, threads, seed):
    """The same of engram; in the place of 0 what of its seconds a run of one step takes too."""
    import h5py

    with tempfile.TemporaryDirectory() as folder:
        command = [a.engram, "run", model, "--quiet", "--json", "--threads", threads, "--set", f"/seed={seed}", "--out"]
        processor, out = processor_seconds([*command, folder + "/run.nwb"], folder)
        if threads > 1:
            ran, start = json.loads(out.strip().splitlines()[-1])["wall_seconds"], 0
        else:
            one_step = [*command, folder + "/step.nwb", "--set", "/task/trial/0/duration=0.1"]
            ran, start = processor, processor_seconds(one_step, folder)[0]
        with h5py.File(folder + "/run.nwb") as file:
            spikes = len(file["units/spike_times"]) if "units" in file else 0
    return ran, spikes / a.neurons / a.seconds, start


def compare(a, folder, plugin, method, precision, threads):
    """Runs the three in turns and prints a line."""
    code = None if a.without_brian else build_brian(a, folder, method, precision, threads)
    models = {form: write_model(a, folder / f"{form}.json", form, plugin, method, precision)
              for form in ("plugin", "equations")}
    runs = {form: [] for form in models} if a.without_brian else {form: [] for form in (*models, "brian")}
    for k in range(a.rounds):
        for form, model in models.items():
            runs[form].append(run_engram(a, model, threads, k + 1))
        if code:
            runs["brian"].append(run_brian(a, code))
    least = {who: (min(run[0] for run in all_runs) - min(run[2] for run in all_runs)) / a.seconds
             for who, all_runs in runs.items()}
    line = f"{method:<6} {precision:<7} {threads:>7}"
    for who, all_runs in runs.items():
        rates = [run[1] for run in all_runs]
        error = statistics.stdev(rates) / len(rates) ** 0.5 if len(rates) > 1 else float("nan")
        line += f" | {least[who]:>7.3f} {statistics.mean(rates):>6.2f} ± {error:<4.2f}"
        if code and who != "brian":
            line += f" {least[who] / least['brian']:>6.2f}"
    print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engram", default=str(ROOT / "engram"))
    parser.add_argument("--neurons", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--integrators", default="rk4,euler")
    parser.add_argument("--precisions", default="single,double")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-brian", action="store_true")
    a = parser.parse_args()
    a.engram = str(pathlib.Path(a.engram).resolve())
    for needed in ("h5py",) if a.without_brian else ("brian2", "h5py"):
        if importlib.util.find_spec(needed) is None:
            return print(f"own_neuron.py: skipped, {sys.executable} has no {needed} (Debian: python3-brian, python3-h5py)")
    if not shutil.which("g++"):
        return print("own_neuron.py: skipped, there is no g++, which Brian2's standalone mode needs")
    columns = f"{'s/s':>7} {'Hz':>6}   {'':<4}"
    print(f"{'':<22} | {'engram, plugin':<27} | {'engram, equations':<27} | Brian2")
    print(f"{'method':<6} {'numbers':<7} {'threads':>7} | {columns} {'ratio':>6} | {columns} {'ratio':>6} | {columns}")
    with tempfile.TemporaryDirectory() as root:
        plugin = compile_plugin(pathlib.Path(root))
        for method in a.integrators.split(","):
            for precision in a.precisions.split(","):
                for threads in map(int, a.threads.split(",")):
                    folder = pathlib.Path(root) / f"{method}-{precision}-{threads}"
                    folder.mkdir()
                    compare(a, folder, plugin, method, precision, threads)


if __name__ == "__main__":
    main()
