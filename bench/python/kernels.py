"""Measures the time and memory of the installed Jupyter kernel on this machine: kernels.py [COUNT...]"""

import pathlib
import statistics
import sys
import time

import nbformat

ROOT = pathlib.Path(__file__).parents[2]
ROUNDS = 5

sys.path.append(str(ROOT / "tests" / "Jupyter"))
from kernel import Kernel  # noqa: E402

lesson = nbformat.read(ROOT / "Backprop.ipynb", as_version=4)
part_1 = [cell.source for cell in lesson.cells[:18] if cell.cell_type == "code"]


def run(kernel, cells):
    for cell in cells:
        ran = kernel.run(cell)
        if ran.error:
            sys.exit(ran.error)


def seconds_to(cells):
    """Returns the median time from the start of a kernel to the end of some cells."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with Kernel(cwd=ROOT) as kernel:
            run(kernel, cells)
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def mebibytes(process):
    """Returns the resident and the proportional set size of a process, in MiB."""
    lines = (line.split() for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:])
    sizes = {words[0]: int(words[1]) / 1024 for words in lines}
    return sizes["Rss:"], sizes["Pss:"]


def memory_of(count):
    """Returns the total set sizes of several kernels after part 1, in MiB."""
    kernels = [Kernel(cwd=ROOT) for _ in range(count)]
    for kernel in kernels:
        run(kernel, part_1)
    sizes = [mebibytes(process) for kernel in kernels for process in kernel.processes()]
    for kernel in kernels:
        kernel.stop()
    return map(sum, zip(*sizes))


print(f"ready to answer: {seconds_to([]):.2f} s")
print(f"first cell, 1 + 1: {seconds_to(['1 + 1']):.2f} s")
print(f"first cell, the lesson's setup: {seconds_to(part_1[:1]):.2f} s")
print()
print("| kernels | memory | a kernel | a kernel, resident |")
print("|---|---|---|---|")
for count in map(int, sys.argv[1:] or ["1", "5", "10"]):
    resident, proportional = memory_of(count)
    print(f"| {count} | {proportional:.0f} MiB | {proportional / count:.0f} MiB | {resident / count:.0f} MiB |", flush=True)
