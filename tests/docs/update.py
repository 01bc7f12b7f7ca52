#!/usr/bin/env python3
"""Writes what `engram help TOPIC` prints into the guides.

Usage: update.py [--engram ./engram]

A line `<!-- engram help TOPIC -->` in a guide is followed by a block of text, which this script replaces by what the
program prints. models/reference.md is written as a whole. tests/docs/guides.cpp fails where a block is stale.
"""
import argparse
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Guides with blocks.
GUIDES = ["models/README.md", "simulator/recordings/README.md"]
# Of these kinds each entry has a section in models/reference.md.
KINDS = ["dynamics", "activations", "noise", "receptors", "connect", "short_term", "integrators", "objectives",
         "environments", "optimizers", "schedules"]
HEAD = """# Reference: every entry of the model file

Each block is what `engram help NAME` prints: the equation, the source, parameters with unit, default and range, and the
signals that are offered. A name that is an entry of two kinds has both in its block. `tests/docs/update.py` writes this
file. [`README.md`](README.md) is the guide.
"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--engram", default=os.path.join(ROOT, "engram"))
    program = options.parse_args().engram

    def help_of(topic):
        return subprocess.run([program, "help", topic], check=True, capture_output=True, text=True).stdout

    def block(topic):
        return f"<!-- engram help {topic} -->\n```text\n{help_of(topic)}```\n"

    sections, seen = [], set()
    for kind in KINDS:
        sections.append(f"## {kind}\n")
        # An entry begins with two blanks and its name; what the word names besides comes before or after.
        listing = help_of(kind).split(f"{kind}: ", 1)[-1]
        for name in re.findall(r"^  ([a-z_0-9]+) ", listing, re.M):
            if name != "none" and name not in seen:
                sections.append(block(name))
                seen.add(name)
    with open(os.path.join(ROOT, "models", "reference.md"), "w") as file:
        file.write(HEAD + "\n" + "\n".join(sections))

    for guide in GUIDES:
        path = os.path.join(ROOT, guide)
        with open(path) as file:
            text = file.read()
        text = re.sub(r"<!-- engram help (\w+) -->\n(```text\n.*?```\n)?", lambda m: block(m[1]), text, flags=re.S)
        with open(path, "w") as file:
            file.write(text)


main()
