"""Measures each part of the lesson's training cell, the median of many updates, in µs: parts.py UPDATES"""

import contextlib
import io
import pathlib
import statistics
import sys
import time

lesson = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "lesson.py"
with contextlib.redirect_stdout(io.StringIO()):
    exec(lesson.read_text().rsplit("# %%\n", 1)[0])

parts = [[] for _ in range(5)]
losses = []


def timed(part, work):
    start = time.perf_counter()
    work()
    parts[part].append((time.perf_counter() - start) * 1e6)


def predict():
    global loss
    loss = (y[i] - forward(x[i])) ** 2


def evaluate():
    with no_grad():
        losses.append(mean((y - forward(x).squeeze()) ** 2).item())


for update in range(int(sys.argv[1])):
    i = update % 4
    timed(0, lambda: zero_grad([w1, b1, w2, b2]))
    timed(1, predict)
    timed(2, lambda: loss.backward())
    timed(3, lambda: step([w1, b1, w2, b2]))
    timed(4, evaluate)
print(*map(statistics.median, parts))
