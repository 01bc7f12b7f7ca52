"""Spikes by sweep of the current clamp recording of Ferguson et al. (2015), read by h5py: upward crossings of -20 mV after
the voltage was below -25 mV, and the injected current's step above what went before. Writes current_clamp.json.
Run with the path of FergusonEtAl2015_PYR2.nwb."""
import json
import os
import sys

import h5py
import numpy as np

sweeps = []
with h5py.File(sys.argv[1]) as file:
    for name in sorted(file["acquisition"]):
        series = file["acquisition"][name]
        stimulus = file["stimulus/presentation"][name.replace("Series", "StimulusSeries")]
        rate = series["starting_time"].attrs["rate"]
        assert rate == stimulus["starting_time"].attrs["rate"]
        start = series["starting_time"][()]
        mv = series["data"][:] * series["data"].attrs["conversion"] * 1000.0
        pa = stimulus["data"][:] * stimulus["data"].attrs["conversion"] * 1e12
        low, high = mv < -25, mv >= -20
        state = np.where(low, 0, np.where(high, 1, -1))  # -1: as before
        known = np.flatnonzero(state >= 0)
        rises = [b for a, b in zip(known, known[1:]) if state[a] == 0 and state[b] == 1]
        times = [1000 * (start + (k - 1 + (-20 - mv[k - 1]) / (mv[k] - mv[k - 1])) / rate) for k in rises]
        # The step is on from 81.5 to 1081.4 ms; its capacitive transients are left out.
        step = float(pa[1300:10300].mean() - pa[:800].mean())
        sweeps.append({"sweep": name, "step_pA": step, "spikes": len(times), "first_ms": times[0] if times else None,
                       "last_ms": times[-1] if times else None})
with open(os.path.join(os.path.dirname(__file__), "current_clamp.json"), "w") as out:
    json.dump(sweeps, out, indent=1)
    out.write("\n")
