"""Runs sequences of the lesson's cells, some with an edited number, and records what each cell prints and whether it fails.

    python3 reruns.py > ../data/reruns.json
"""

import contextlib
import io
import json
import pathlib
import random
import sys

# The cells, by their number in the notebook.
_, *SOURCES = pathlib.Path(__file__).with_name("lesson.py").read_text().split("# %%\n")
CELLS = dict(zip([3, 5, 7, 9, 11, 13, 15, 16], SOURCES, strict=True))
# C# declares its variables in an extra cell, which does nothing in Python.
CELLS["3b"] = ""
START = [3, "3b"]


def run_all(epochs="3"):
    return [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", epochs)])]


# Edits that a reader may make: the cell, the text in both notebooks, and its replacement.
EDITS = [
    (7, "0.1, 0.3", ["0.5, -0.3", "-0.1, 0.3", "1.5, 2.25"]),
    (7, "[0.2, -0.2]", ["[0.2, 0.2]", "[-0.7, 0.1]"]),
    (7, "[[0.1], [-0.4]]", ["[[0.9], [-0.4]]", "[[-1.1], [0.3]]"]),
    (7, "[0.0]", ["[0.25]", "[-3.0]"]),
    (13, "0.01", ["0.1", "0.5", "1.0", "0.003"]),
]
# (Zero epochs would show a difference: C# reports a missing function before it prints anything, Python after.)
EPOCHS = ["1", "2", "7", "40", "1001"]


def edited_start(w2):
    return [*START, 5, (7, [("[[0.1], [-0.4]]", w2)]), 9, 11, 13, 15, (16, [("5000", "3")])]


NAMED = {
    "forward and backward again: the gradients add up": [*START, 5, 7, 9, 11, 9, 11, 9, 11],
    "backward twice on one forward pass": [*START, 5, 7, 9, 11, 11, 9, 11],
    "update before any gradient": [*START, 5, 7, 13, 9, 11, 13],
    "update twice with the same gradient": [*START, 5, 7, 9, 11, 13, 13, 9],
    "weights again: training starts anew": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "30")]), 7, (16, [("5000", "30")])],
    "training goes on": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "30")]), (16, [("5000", "50")])],
    "a new learning rate": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "9")]), (13, [("0.01", "0.5")]), (16, [("5000", "9")])],
    "a last epoch that is reported leaves a loss to go back from": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "1")]), 11, 13, 11],
    "a last epoch that is not reported leaves a loss that has gone back": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "2")]), 11, 9, 11],
    "no epoch at all": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "0")]), 11],
    "training without a learning rate": [*START, 5, 7, 15, (16, [("5000", "3")]), 11, 9, 11, 13, (16, [("5000", "3")])],
    "functions missing": [*START, 5, 7, 9, 11, 13, (16, [("5000", "3")])],
    "data missing": [*START, 7, 9, 5, 9],
    "weights missing": [*START, 5, 9, 11, 7, 9, 11],
    "weights missing from functions": [*START, 5, 15, (16, [("5000", "3")]), 7, (16, [("5000", "3")])],
    "functions again": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "5")]), 15, 7, (16, [("5000", "5")]), 9, 11],
    "the full run, twice": [*START, 5, 7, 9, 11, 13, 15, 16, 16, 9, 11],
    "run all twice": [*run_all(), *run_all()],
    "run all three times": [*run_all(), *run_all("2"), *run_all()],
    "run all, then single cells": [*run_all(), 3, 9, 11, 13, *run_all("7"), 3, 7, 9, 11],
    "run all with another start": [*run_all(), *edited_start("[[0.9], [-0.4]]"), 9, 11],
    "run all, the first cell, training goes on": [*run_all(), 3, (16, [("5000", "5")]), 3, (16, [("5000", "5")])],
    "the first cell after data": [*START, 5, 3, 7, 9, 11, 13, 15, (16, [("5000", "3")])],
    "the first cell after weights": [*START, 5, 7, 3, 9, 11, 13, 15, (16, [("5000", "3")])],
    "the first cell after the forward pass: its graph can still be walked": [*START, 5, 7, 9, 3, 11, 13],
    "the first cell after the backward pass: the gradients stay": [*START, 5, 7, 9, 11, 3, 13, 9, 11],
    "the first cell between two backward passes on one forward pass": [*START, 5, 7, 9, 11, 3, 11, 9, 11],
    "the first cell after the update": [*START, 5, 7, 9, 11, 13, 3, 15, (16, [("5000", "3")])],
    "the first cell after the functions: they go on with what they see": [*START, 5, 7, 9, 11, 13, 15, 3, (16, [("5000", "4")])],
    "the first cell after the full run": [*START, 5, 7, 9, 11, 13, 15, (16, [("5000", "2")]), 3, 9, 11, (16, [("5000", "2")])],
    "the first cell between all others": [*START, 3, 5, 3, 7, 3, 9, 3, 11, 3, 13, 3, 15, 3, (16, [("5000", "2")]), 3],
    "the first cell three times at the start": [3, 3, *START, 5, 7, 9, 11],
    "the first cell and a new learning rate": [*START, 5, 7, 9, 11, 13, 15, 3, (13, [("0.01", "0.5")]), 3, (16, [("5000", "9")])],
    "the first cell and weights again": [*START, 5, 7, 9, 11, 13, 15, 3, 7, 3, (16, [("5000", "5")])],
    "the first cell after a failure": [*START, 5, 7, 13, 3, 9, 11, 13],
    "the first cell after data were missing": [*START, 7, 9, 3, 5, 3, 9],
}


def random_sequence(rng, cells=(5, 7, 7, 9, 9, 9, 11, 11, 11, 13, 13, 15, 16, 16)):
    steps = [3, 5, 7, 9, 11, 13, 15][: rng.randint(4, 7)]
    for _ in range(rng.randint(6, 14)):
        steps.append(rng.choice(cells))
    first, *others = [edited(rng, cell) for cell in steps]
    return [first, ("3b", []), *others]


def edited(rng, cell):
    edits = [("5000", rng.choice(EPOCHS))] if cell == 16 else []
    if rng.random() < 0.4:
        edits += [(old, rng.choice(new)) for at, old, new in EDITS if at == cell and rng.random() < 0.6]
    return (cell, edits)


def run(steps):
    names, record = {}, []
    for step in steps:
        cell, edits = step if isinstance(step, tuple) else (step, [])
        source = CELLS[cell]
        for old, new in edits:
            assert source.count(old) == 1, (cell, old)
            source = source.replace(old, new)
        out, failed = io.StringIO(), False
        with contextlib.redirect_stdout(out):
            try:
                exec(source, names)
            except Exception:
                failed = True
        record.append({"cell": cell, "edits": edits, "prints": out.getvalue(), "fails": failed})
    return record


if __name__ == "__main__":
    seed, count = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (20261123, 16)
    rng = random.Random(seed)
    sequences = dict(NAMED) if len(sys.argv) < 4 else {}
    for i in range(count):
        sequences[f"random {i + 1}"] = random_sequence(rng)
    for i in range(count // 2):
        sequences[f"random with the first cell again {i + 1}"] = random_sequence(rng, (3, 3, 3, 5, 7, 9, 9, 11, 11, 13, 15, 16))
    import torch

    json.dump({"made_with": f"PyTorch {torch.__version__}", "sequences": [{"name": k, "steps": run(v)} for k, v in sequences.items()]}, sys.stdout, indent=1)
    print()
