#!/usr/bin/python3
"""Whether a change of the code leaves every run as it was: run files bit for bit the same, and the time.

    tests/benchmarks/same_runs.py record FOLDER  [--engram build/engram] [--limit 60] [MODEL.json ...]
    tests/benchmarks/same_runs.py compare FOLDER [--engram build/engram] [--limit 60]

`record` runs each model that lies in models/ (or those that are given) and keeps the run files and the processor time in
FOLDER. A model that takes longer than the limit (seconds) is ended and left out, by name. `compare` runs the same models
by another build and compares every array and attribute of the run files; it prints what differs first, and the ratio of
the times. What holds the time of day or the time taken is not compared. Exit code 1 when a run differs, 2 when nothing
was compared. Needs Debian's python3-h5py.
"""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
# When the run began, how long it took, and names that are made of these.
OF_THE_CLOCK = {"file_create_date", "identifier", "session_start_time", "timestamps_reference_time",
                "scratch/learning_curve/seconds"}


def run(engram, model, out, limit):
    """Processor seconds of a run, or None where it was ended or failed, with the reason."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The folder of the model is the current one, as relative names of outputs would have it; one thread, as times are kept.
    command = [str(engram), "run", str(model), "--out", str(out), "--threads", "1", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=out.parent)
    try:
        _, told = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, f"longer than {limit} s"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        lines = told.strip().splitlines()
        return None, f"exit {process.returncode}: {lines[-1] if lines else ''}"
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, ""


def contents(path, root):
    """Every dataset of a file by its path, and every attribute by path@name, as bytes with type and shape. In texts the
    folder of the repository has no name, for the model in a run file names the files of data with theirs."""
    found = {}

    def attributes(name, thing):
        for key, value in thing.attrs.items():
            if key != "object_id":  # drawn from the time of day
                found[f"{name}@{key}"] = (str(numpy.asarray(value).dtype), numpy.asarray(value).tobytes()
                                          if numpy.asarray(value).dtype != object else repr(value))

    def visit(name, thing):
        attributes(name, thing)
        if isinstance(thing, h5py.Dataset) and name not in OF_THE_CLOCK:
            value = thing[()]
            plain = numpy.asarray(value)
            if plain.dtype == object or plain.dtype.kind in "SU":  # texts, or references within the file
                found[name] = (str(thing.dtype), thing.shape, repr(plain.tolist()).replace(root, ""))
            else:
                found[name] = (str(thing.dtype), thing.shape, plain.tobytes())

    with h5py.File(path) as file:
        attributes("", file)
        file.visititems(visit)
    return found


def first_difference(old, old_root, new):
    a, b = contents(old, old_root), contents(new, str(ROOT))
    for name in sorted(a.keys() | b.keys()):
        if name not in a or name not in b:
            return f"{name} is in one of the two only"
        if a[name] != b[name]:
            return f"{name} differs"
    return ""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("action", choices=["record", "compare"])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("models", nargs="*", type=pathlib.Path)
    arguments.add_argument("--engram", type=pathlib.Path, default=ROOT / "build/engram")
    arguments.add_argument("--limit", type=float, default=60)
    given = arguments.parse_intermixed_args()
    engram, folder = given.engram.resolve(), given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "runs.json"

    if given.action == "record":
        kept, left_out = {}, 0
        models = [m.resolve() for m in given.models] or sorted((ROOT / "models").rglob("*.json"))
        for model in models:
            ours = model.is_relative_to(ROOT / "models")
            name = model.relative_to(ROOT / "models") if ours else model
            out = folder / (str(name.with_suffix("")).strip("/").replace("/", "+") + ".nwb")
            out.unlink(missing_ok=True)
            seconds, why = run(engram, model, out, given.limit)
            if seconds is None:
                left_out += 1
                print(f"left out  {name}: {why}", flush=True)
            else:
                kept[str(name)] = {"file": out.name, "root": str(ROOT), "seconds": seconds}
                print(f"{seconds:8.2f} s  {name}", flush=True)
            index.write_text(json.dumps(kept, indent=1))
        print(f"{len(kept)} runs kept, {left_out} models left out")
        return 0 if kept else 2

    kept = json.loads(index.read_text())
    differ, old_time, new_time = 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for model, old in kept.items():
            out = pathlib.Path(scratch) / old["file"]
            seconds, why = run(engram, ROOT / "models" / model, out, 4 * given.limit)
            why = why or first_difference(folder / old["file"], old["root"], out)
            out.unlink(missing_ok=True)
            if why:
                differ += 1
                print(f"DIFFERS   {model}: {why}", flush=True)
            else:
                old_time, new_time = old_time + old["seconds"], new_time + seconds
                print(f"the same  {seconds:8.2f} s, {old['seconds']:.2f} s before  {model}", flush=True)
    ratio = f"; the same runs take {new_time / old_time:.3f} of their time before" if old_time > 0 else ""
    print(f"{len(kept) - differ} of {len(kept)} run files are bit for bit the same{ratio}")
    return 2 if not kept else 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
