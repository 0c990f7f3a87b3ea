"""Records how PyTorch prints tensors and Python prints values.

    python3 tensor_text.py > ../data/tensor-text-more.json       (or: tensor_text.py SEED COUNT, for others of the same kind)
"""

import json
import random
import struct
import sys

import torch

FLOATS = {"float32": (">f", torch.float32), "float64": (">d", torch.float64), "float16": (">e", torch.float16), "bfloat16": (">f", torch.bfloat16)}
INTEGERS = {"int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8}
COMPLEX = {"complex64": (torch.complex64, torch.float32), "complex128": (torch.complex128, torch.float64)}
SHAPES = [[], [1], [2], [3], [5], [13], [40], [2, 2], [3, 1], [1, 4], [4, 7], [2, 13], [2, 3, 4], [1, 1, 1], [3, 1, 2, 2], [2, 1, 2, 1, 3]]
LONG = [[1001], [1200], [7, 150], [200, 7], [3, 400], [10, 10, 11], [8, 8, 4, 4], [4, 300]]
EMPTY = [[0], [0, 3], [3, 0], [2, 0, 2]]
SPECIAL = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1.0, -1.0, 0.5, 0.03125, -0.09375, 1000.0, 1001.0, 1e8, 1.00000008e8, 1e-4, 9.9e-5, 100005.0, 999999.5, 12345.678]


def number(rng, kind):
    if kind == "special":
        return rng.choice(SPECIAL)
    if kind == "integers":
        return float(rng.randint(-50, 50))
    if kind == "large integers":
        return float(rng.randint(-200_000_000, 200_000_000))
    if kind == "thirty-seconds":
        return rng.randint(-3200, 3200) / 32
    if kind == "any":
        return rng.choice([-1, 1]) * 10 ** rng.uniform(-44, 38)
    return rng.gauss(0, 10 ** rng.choice([-3, 0, 0, 1, 2]))


def count(shape):
    n = 1
    for size in shape:
        n *= size
    return n


def case(rng):
    shape = rng.choice(rng.choice([SHAPES] * 14 + [EMPTY]))
    dtype = rng.choice(["float32"] * 8 + ["float64", "float16", "bfloat16", "bool", "complex64", "complex128"] + list(INTEGERS))
    kind = rng.choice(["special", "integers", "large integers", "thirty-seconds", "any", "usual", "usual"])
    n = count(shape)
    values = None
    if dtype in FLOATS:
        fmt, kind_of = FLOATS[dtype]
        tensor = torch.tensor([number(rng, kind) for _ in range(n)], dtype=torch.float64).to(kind_of)
        bits = [struct.pack(fmt, v).hex() for v in tensor.tolist()]
    elif dtype in COMPLEX:
        kind_of, part = COMPLEX[dtype]
        fmt = ">f" if part is torch.float32 else ">d"
        real, imag = (torch.tensor([number(rng, kind) for _ in range(n)], dtype=torch.float64).to(part) for _ in range(2))
        tensor = torch.complex(real, imag)
        bits = [struct.pack(fmt, v).hex() for v in real.tolist() + imag.tolist()]
    else:
        bits = None
        if dtype == "bool":
            values = [rng.random() < 0.5 for _ in range(n)]
            tensor = torch.tensor(values, dtype=torch.bool)
        else:
            info = torch.iinfo(INTEGERS[dtype])
            values = [rng.choice([rng.randint(info.min, info.max), rng.randint(max(info.min, -99), 99)]) for _ in range(n)]
            tensor = torch.tensor(values, dtype=INTEGERS[dtype])
    tensor = tensor.reshape(shape)
    return finish(rng, {"dtype": dtype, "shape": shape, "bits": bits, "values": values}, tensor)


# Too many numbers to write down: number i is ((i * step) % modulus - modulus // 2) / divisor
def long_case(rng):
    shape = rng.choice(LONG)
    rule = [rng.choice([7, 7919, 1]), rng.choice([10, 1000, 100_003]), rng.choice([1, 3, 64, 10_000])]
    step, modulus, divisor = rule
    tensor = torch.tensor([((i * step) % modulus - modulus // 2) / divisor for i in range(count(shape))], dtype=torch.float64).to(torch.float32).reshape(shape)
    return finish(rng, {"dtype": "float32", "shape": shape, "rule": rule}, tensor)


def finish(rng, record, tensor):
    grad = rng.random() if tensor.dtype in (torch.float32, torch.float64) else 1
    transposed = rng.random() < 0.2 and tensor.dim() >= 2
    record["requires_grad"] = grad < 0.3
    record["operation"] = None
    if grad < 0.15:
        record["operation"] = rng.choice(["relu", "sigmoid", "neg", "squeeze"])
        tensor = getattr(tensor.requires_grad_(), record["operation"])()
    elif grad < 0.3:
        tensor.requires_grad_()
    record["transposed"] = transposed and grad >= 0.3
    if record["transposed"]:
        tensor = tensor.transpose(0, -1)
    record["text"] = repr(tensor)
    return record


if __name__ == "__main__":
    seed, cases = (int(a) for a in sys.argv[1:]) if len(sys.argv) == 3 else (1, 640)
    rng = random.Random(seed)
    records = [long_case(rng) if i % 12 == 0 else case(rng) for i in range(cases)]
    json.dump({"made_with": f"PyTorch {torch.__version__}", "cases": records}, sys.stdout, separators=(",", ":"))
    print()
