"""Converts tests/reference/lesson.py to a notebook, with other weights and another number of epochs if they are given: notebook.py OUTPUT.ipynb [WEIGHTS EPOCHS]"""

import pathlib
import sys

import nbformat.v4 as v4
import nbformat

lesson = pathlib.Path(__file__).parents[2] / "tests" / "reference" / "lesson.py"
_, *cells = lesson.read_text().split("# %%\n")
output, *replacements = sys.argv[1:]
if replacements:
    weights, epochs = replacements
    cells = [weights if cell.startswith("w1 =") else cell.replace("EPOCHS = 5000", f"EPOCHS = {epochs}") for cell in cells]
notebook = v4.new_notebook(
    cells=[v4.new_code_cell(cell.strip()) for cell in cells],
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
)
nbformat.write(notebook, output)
