#!/usr/bin/env python3
"""The table of plugins/README.md: what each rule is, how well it learns the digits, what it costs.

Usage: rules.py [--engram ./engram] [--seeds 5] [--only RULE,...] [--write plugins/README.md]

Runs `engram rules`, `engram check-rule` for each, and each model of models/digits/ with the seeds 1 .. N. With --write
the table goes between the two marks in that file; without, it is printed. --only measures these rules and leaves the
lines of all others as the file has them.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def engram(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, cwd=ROOT)
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit(f"engram {' '.join(arguments)}: {done.stderr.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def digits(program, model, seeds):
    accuracy = []
    for seed in range(1, seeds + 1):
        run = engram(program, "run", str(model), "--seed", str(seed), "--set", '/task/evaluate="end"', "--quiet",
                     "--json", "--out", "/tmp/engram-rules-table.nwb")
        accuracy.append(100 * run["held_out"]["accuracy"])
    spread = statistics.stdev(accuracy) if len(accuracy) > 1 else 0
    return f"{statistics.mean(accuracy):.1f} ± {spread:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engram", default=str(ROOT / "engram"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only")
    parser.add_argument("--write", required="--only" in sys.argv)
    given = parser.parse_args()
    only = given.only.split(",") if given.only else None
    kept = {}
    if only:
        for line in pathlib.Path(given.write).read_text().split(BEGIN)[1].split(END)[0].splitlines():
            if line.startswith("| [`"):
                kept[line.split("`")[1]] = line
    lines = ["| rule | local | form | reads | digits, held out (%) | ns per synapse and update |",
             "|---|---|---|---|---|---|"]
    for rule in engram(given.engram, "rules", "--json"):
        name = rule["name"]
        if only and name not in only:
            if name in kept:
                lines.append(kept[name])
            continue
        checked = engram(given.engram, "check-rule", name, "--json")
        failed = [check["name"] for check in checked["checks"] if not check["passed"]]
        local = "local" if rule["local"] else "reference" if rule["form"] == "global" else "nonlocal"
        if failed:
            local += f" (fails {', '.join(failed)})"
        speed = next((check["reason"] for check in checked["checks"] if check["name"] == "speed"), "")
        cost = speed.split(" ns")[0] if " ns per synapse" in speed else ""
        model = ROOT / "models" / "digits" / f"{name}.json"
        learnt = digits(given.engram, model, given.seeds) if model.exists() else ""
        spikes = ["spikes of both sides"] if rule["form"] == "spiking" else []
        reads = " ".join(spikes + rule["signals"] + rule["modulators"]) or "the whole circuit"
        lines.append(f"| [`{name}`]({name}/README.md) | {local} | {rule['form']} | {reads} | {learnt} | {cost} |")
        print(lines[-1], file=sys.stderr)
    table = "\n".join(lines)
    if not given.write:
        print(table)
        return
    path = pathlib.Path(given.write)
    text = path.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


if __name__ == "__main__":
    main()
