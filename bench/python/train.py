"""Measures the lesson's training cell: train.py EPOCHS RUNS. Prints a line for each run, with its duration in seconds and the peak memory in MiB."""

import contextlib
import io
import pathlib
import resource
import sys
import time

epochs, runs = int(sys.argv[1]), int(sys.argv[2])
lesson = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "lesson.py"
_, *cells = lesson.read_text().split("# %%\n")
code = [compile(cell.replace("EPOCHS = 5000", f"EPOCHS = {epochs}"), lesson, "exec") for cell in cells]
variables = {}
for run in range(runs):
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in code[:-1]:
            exec(cell, variables)
        start = time.perf_counter()
        exec(code[-1], variables)
        seconds = time.perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
