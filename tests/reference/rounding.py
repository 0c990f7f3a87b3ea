"""Records how this processor rounds the lesson's operations, for single numbers and for all at once.

    python3 rounding.py > ../data/rounding.json
"""

import json
import struct

import torch

torch.set_num_threads(1)


def bits(tensor):
    return [struct.pack(">f", v).hex() for v in tensor.flatten().tolist()]


values = torch.tensor([(i - 40) * 0.17 for i in range(80)], dtype=torch.float32)
rows = values.reshape(-1, 2)
weights = torch.tensor([[0.1, 0.3], [0.2, 0.1]])
print(json.dumps({
    "made_with": f"PyTorch {torch.__version__}",
    "values": bits(values),
    "sigmoid_alone": [bits(torch.sigmoid(v.reshape(1)))[0] for v in values],
    "sigmoid_together": bits(torch.sigmoid(values)),
    "matmul_alone": sum((bits(torch.matmul(row, weights)) for row in rows), []),
    "matmul_together": bits(torch.matmul(rows, weights)),
    "mean": bits(torch.mean(values)),
}, indent=1))
