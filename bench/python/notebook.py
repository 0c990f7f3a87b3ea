"""Converts tests/reference/lesson.py to a notebook: notebook.py OUTPUT.ipynb"""

import pathlib
import sys

import nbformat.v4 as v4
import nbformat

lesson = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "lesson.py"
_, *cells = lesson.read_text().split("# %%\n")
notebook = v4.new_notebook(
    cells=[v4.new_code_cell(cell.strip()) for cell in cells],
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
)
nbformat.write(notebook, sys.argv[1])
