"""Multiplies tensors of many matching and mismatched shapes and prints the results.

    python3 matmul.py > ../data/matmul.json
"""

import json
import sys

import torch

SHAPES = [[], [2], [3], [2, 3], [3, 2], [3, 3], [4, 2], [0], [0, 3], [3, 0], [4, 2, 3], [1, 3, 2], [4, 3, 3], [5, 1, 3, 2], [5, 4, 2, 3], [2, 1, 2, 3]]


def numbers(shape):
    return (torch.arange(torch.Size(shape).numel(), dtype=torch.float32) - 1).reshape(shape)


def product(left, right):
    try:
        result = torch.matmul(numbers(left), numbers(right))
        return {"shape": list(result.shape), "values": result.flatten().tolist()}
    except RuntimeError as error:
        return {"error": str(error)}


cases = [{"left": left, "right": right, **product(left, right)} for left in SHAPES for right in SHAPES]
json.dump({"made_with": f"PyTorch {torch.__version__}", "cases": cases}, sys.stdout, indent=None, separators=(",", ":"))
print()
