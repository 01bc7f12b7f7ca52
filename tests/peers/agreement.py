#!/usr/bin/python3
"""How far `engram compare` and other programs agree on the same random files: prints a table, or writes it into the guide.

  PYTHONPATH=PEERS tests/peers/agreement.py [--engram build/engram] [--only WORD] [--write]

Peers are imported where they are: installed, or their sources on PYTHONPATH. One that cannot be imported is named in the table
as not tried. Exit code 1 where a difference is greater than the check allows, or where a check fails.
"""
import argparse
import importlib.metadata
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import harness  # noqa: E402
import responses  # noqa: E402, F401 (each adds its checks)
import spikes  # noqa: E402, F401
import files  # noqa: E402, F401
import series  # noqa: E402, F401

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "simulator" / "recordings" / "README.md"
BEGIN, END = "<!-- agreement -->\n", "<!-- /agreement -->\n"
PACKAGES = {"rsatoolbox": "rsatoolbox", "PySpike": "pyspike", "Elephant": "elephant", "SpikeInterface": "spikeinterface",
            "pynwb": "pynwb", "scikit-learn": "scikit-learn", "SciPy": "scipy", "NumPy": "numpy"}


def version(peer):
    try:
        return importlib.metadata.version(PACKAGES[peer])
    except importlib.metadata.PackageNotFoundError:
        return "from its sources"


def line(cells):
    return "| " + " | ".join(cells) + " |\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engram", type=pathlib.Path, default=harness.ENGRAM)
    parser.add_argument("--only", help="checks whose measure or peer has this word")
    parser.add_argument("--write", action="store_true", help="into simulator/recordings/README.md")
    options = parser.parse_args()
    harness.ENGRAM = files.ENGRAM = options.engram.resolve()
    text, bad = line(["measure", "peer", "numbers", "greatest difference", ""]) + "|---|---|---|---|---|\n", False
    for item in harness.CHECKS:
        if options.only and options.only not in item.measure + item.peer:
            continue
        try:
            count, worst = harness.run(item)
            cells = [str(count), f"{worst:.0e}" if worst > 0 else "0"]
            bad = bad or worst > item.tolerance
        except ImportError as missing:
            cells = ["", f"not tried: {missing}"]
        except Exception as failure:  # whatever a peer throws: the other checks go on
            cells, bad = ["", f"fails: {type(failure).__name__}: {failure}".replace("\n", " ")], True
        text += line([item.measure, item.peer, *cells, item.note])
        print(text.splitlines()[-1], file=sys.stderr, flush=True)
    peers = sorted({peer for item in harness.CHECKS for peer in item.peer.split(", ")})
    text += "\nVersions: " + ", ".join(f"{peer} {version(peer)}" for peer in peers) + ".\n"
    if options.write:
        guide = GUIDE.read_text()
        before, rest = guide.split(BEGIN)
        GUIDE.write_text(before + BEGIN + text + END + rest.split(END)[1])
    else:
        print(text, end="")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
