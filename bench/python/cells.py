"""Runs part 1 in a Jupyter kernel: cells.py KERNEL NOTEBOOK. Prints the durations of its first code cell and of its training cell, in seconds."""

import pathlib
import sys
import time

import nbformat

sys.path.append(str(pathlib.Path(__file__).parents[2] / "tests" / "Jupyter"))
from kernel import Kernel  # noqa: E402

name, notebook = sys.argv[1:]
cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
times = []
with Kernel(cwd=pathlib.Path(notebook).parent, name=name) as kernel:
    for cell in cells:
        start = time.perf_counter()
        ran = kernel.run(cell)
        times.append(time.perf_counter() - start)
        if ran.error:
            sys.exit(ran.error)
print(times[0], times[-1])
