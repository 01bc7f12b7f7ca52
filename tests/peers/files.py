"""Files that one program writes and another reads: pynwb, SpikeInterface."""
import datetime
import json
import subprocess

import numpy as np

from harness import ENGRAM, check, compare, table

MODEL = {"name": "cells", "time": {"step": 0.1},
         "architecture": {"regions": {"cells": {"size": 5, "dynamics": {"type": "poisson", "rate": 30}}}},
         "task": {"trial": [{"phase": "p", "duration": 2000}]},
         "record": {"cells": {"signals": ["spike"]}}}


def run_file(folder):
    (folder / "cells.json").write_text(json.dumps(MODEL))
    done = subprocess.run([ENGRAM, "run", "cells.json", "--out", "run.nwb", "--quiet"], cwd=folder, capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    columns, _ = table(compare(folder, ["counts"], [{"file": "run.nwb"}]), "counts")
    return folder / "run.nwb", columns


def summary(train):
    return [len(train), 1000 * np.diff(train).mean()]


@check("a run file's spikes", "pynwb", "number of spikes and mean interval of each unit, as `counts` has them")
def by_pynwb(folder, random):
    from pynwb import NWBHDF5IO
    path, columns = run_file(folder)
    with NWBHDF5IO(path, "r") as io:
        units = io.read().units
        for k in range(len(units)):
            yield [columns["spikes"][k], columns["ISI ms"][k]], summary(units["spike_times"][k])


@check("a run file's spikes", "SpikeInterface", "`NwbSortingExtractor` in frames of 10 kHz, the step of the run")
def by_spikeinterface(folder, random):
    try:
        from spikeinterface.extractors import NwbSortingExtractor
    except ImportError:  # the package pulls in every format; its NWB reader needs few of them
        from spikeinterface.extractors.nwbextractors import NwbSortingExtractor
    path, columns = run_file(folder)
    sorting = NwbSortingExtractor(str(path), sampling_frequency=10_000.0)
    for k, unit in enumerate(sorting.unit_ids):
        yield [columns["spikes"][k], columns["ISI ms"][k]], summary(sorting.get_unit_spike_train(unit) / 10_000)


@check("units with `obs_intervals`", "pynwb", "a recording that pynwb wrote: rate and interval while a unit was observed")
def written_by_pynwb(folder, random):
    from pynwb import NWBFile, NWBHDF5IO
    file = NWBFile("random spikes", "agreement", datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc))
    expected = []
    for _ in range(6):
        parts = [np.sort(random.uniform(a, a + 5, 60)) for a in (0, 20)]
        file.add_unit(spike_times=np.concatenate(parts), obs_intervals=[[0.0, 5.0], [20.0, 25.0]])
        expected.append([120, 12, 1000 * np.concatenate([np.diff(p) for p in parts]).mean()])
    with NWBHDF5IO(folder / "units.nwb", "w") as io:
        io.write(file)
    columns, _ = table(compare(folder, ["counts"], [{"file": "units.nwb"}]), "counts")
    for k, of_unit in enumerate(expected):
        yield [columns[c][k] for c in ("spikes", "Hz", "ISI ms")], of_unit
