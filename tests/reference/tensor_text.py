"""Records how PyTorch prints tensors.

    python3 tensor_text.py > ../data/tensor-text-more.json       (or: tensor_text.py SEED COUNT, for others of the same kind)
"""

import json
import math
import random
import struct
import sys

import torch

FLOATS = {"float32": (">f", torch.float32), "float64": (">d", torch.float64), "float16": (">e", torch.float16), "bfloat16": (">f", torch.bfloat16)}
INTEGERS = {"int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8}
COMPLEX = {"complex64": (torch.complex64, torch.float32), "complex128": (torch.complex128, torch.float64)}
KINDS = ["special", "switches", "ratio", "integers", "large integers", "thirty-seconds", "any", "nan", "zero", "not finite", "some not finite", "usual", "usual", "usual"]
SHAPES = [[], [1], [2], [3], [5], [13], [40], [2, 2], [3, 1], [1, 4], [4, 7], [2, 13], [2, 3, 4], [1, 2, 20], [1, 1, 1], [3, 1, 2, 2], [2, 1, 2, 1, 3], [1, 1, 1, 1, 24]]
LONG = [[1001], [1200], [7, 150], [200, 7], [3, 400], [10, 10, 11], [8, 8, 4, 4], [4, 300], [6, 6, 28], [6, 6, 6, 6], [2, 2, 2, 2, 65]]
EMPTY = [[0], [0, 3], [3, 0], [2, 0, 2]]
SWITCHES = [1e-4, math.nextafter(1e-4, 0), math.nextafter(1e-4, 1), 1e8, math.nextafter(1e8, 0), math.nextafter(1e8, 1e9), 1e8 + 1, 0.1, 0.5, 100.0, 100.1,
            65504.0, 6e-8, 1e-45, 3.4e38, 5e-324, 1e22, 1e100, 1e-100, 1e300, 0.00005, 0.00015, 9.99995, 99999.5, 2.0**24 + 1, 2.0**53]
SPECIAL = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1.0, -1.0, 0.5, 0.03125, -0.09375, 1000.0, 1001.0, 1e8, 1.00000008e8, 1e-4, 9.9e-5, 100005.0, 999999.5, 12345.678]


def number(rng, kind):
    if kind == "special":
        return rng.choice(SPECIAL)
    if kind == "switches":
        return rng.choice([-1, 1]) * rng.choice(SWITCHES)
    if kind == "ratio":
        return rng.choice([1.0, -1000.0, 1000.1, rng.uniform(1, 1000)])
    if kind == "not finite":
        return rng.choice([float("nan"), float("inf"), float("-inf")])
    if kind == "nan":
        return float("nan")
    if kind == "zero":
        return rng.choice([0.0, -0.0])
    if kind == "some not finite":
        return number(rng, rng.choice(["not finite", "usual", "usual"]))
    if kind == "integers":
        return float(rng.randint(-50, 50))
    if kind == "large integers":
        return float(rng.randint(-200_000_000, 200_000_000))
    if kind == "thirty-seconds":
        return rng.randint(-3200, 3200) / 32
    if kind == "any":
        return rng.choice([-1, 1]) * 10 ** rng.uniform(-44, 38)
    return rng.gauss(0, 10 ** rng.choice([-3, 0, 0, 1, 2]))


def case(rng):
    shape = rng.choice(rng.choice([SHAPES] * 14 + [EMPTY]))
    dtype = rng.choice(["float32"] * 8 + ["float64", "float16", "bfloat16", "bool", "complex64", "complex128"] + list(INTEGERS))
    kind = rng.choice(KINDS)
    n = math.prod(shape)
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


# Too many numbers to write down: number i is (i * step) % modulus - modulus // 2, divided by divisor where the type has fractions.
def long_case(rng):
    shape = rng.choice(LONG)
    rule = [rng.choice([7, 7919, 1]), rng.choice([10, 1000, 100_003]), rng.choice([1, 3, 64, 10_000])]
    step, modulus, divisor = rule
    dtype = rng.choice(["float32"] * 6 + ["float64", "float16", "bfloat16", "complex64", "complex128", "bool", "uint8", "int16", "int64"])
    whole = [(i * step) % modulus - modulus // 2 for i in range(math.prod(shape))]
    if dtype in INTEGERS or dtype == "bool":
        tensor = torch.tensor(whole).to(getattr(torch, dtype))
    else:
        tensor = torch.tensor([i / divisor for i in whole], dtype=torch.float64)
        if dtype in COMPLEX:
            part = COMPLEX[dtype][1]
            tensor = torch.complex(tensor.to(part), -tensor.to(part))
        else:
            tensor = tensor.to(FLOATS[dtype][1])
    return finish(rng, {"dtype": dtype, "shape": shape, "rule": rule}, tensor.reshape(shape))


VIEWS = {
    "transposed": lambda t: t.transpose(0, -1),
    "every other": lambda t: t[..., ::2],
    "expanded": lambda t: t.expand(2, *t.shape),
    "conjugated": lambda t: t.conj(),
    "imaginary part of the conjugate": lambda t: t.conj().imag,
}
OPERATIONS = {
    "relu": lambda t: t.relu(),
    "sigmoid": lambda t: t.sigmoid(),
    "neg": lambda t: t.neg(),
    "squeeze": lambda t: t.squeeze(),
    "unsqueeze": lambda t: t.unsqueeze(0),
    "leaky_relu": lambda t: torch.nn.functional.leaky_relu(t, 0.5),
}


def view_for(rng, tensor):
    possible = ["expanded"]
    if tensor.dim() > 0:
        possible += ["transposed", "every other"]
    if tensor.is_complex():
        possible += ["conjugated", "imaginary part of the conjugate"] * 3
    return rng.choice(possible)


def finish(rng, record, tensor):
    record["view"] = view_for(rng, tensor) if rng.random() < 0.3 else None
    tensor = VIEWS.get(record["view"], lambda t: t)(tensor)
    grad = rng.random() if tensor.dtype in (torch.float32, torch.float64) else 1
    record["requires_grad"] = grad < 0.35
    record["operation"] = rng.choice(list(OPERATIONS)) if grad < 0.2 else None
    if record["requires_grad"]:
        tensor = OPERATIONS.get(record["operation"], lambda t: t)(tensor.detach().requires_grad_())
    record["text"] = repr(tensor)
    return record


if __name__ == "__main__":
    seed, cases = (int(a) for a in sys.argv[1:]) if len(sys.argv) == 3 else (1, 700)
    rng = random.Random(seed)
    records = [long_case(rng) if i % 12 == 0 else case(rng) for i in range(cases)]
    json.dump({"made_with": f"PyTorch {torch.__version__}", "cases": records}, sys.stdout, separators=(",", ":"))
    print()
