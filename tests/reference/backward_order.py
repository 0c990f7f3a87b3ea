"""Records the order in which PyTorch's backward pass takes the operations of each expression: the lines of its graph, as grad_fn.py
writes and numbers them from 0, in the order in which hooks on the nodes were called. Needs grad_fn.py beside it.

    python3 backward_order.py > ../data/backward-order.json
"""

import json

import torch
from grad_fn import CASES, result_of

# Many leaves, which are ready at the same time; and the lesson's own loss.
MORE = """
torch.stack([leaf(2) for _ in range(3)])
torch.stack([leaf(2) for _ in range(4)])
torch.stack([leaf(2) for _ in range(9)])
torch.stack([leaf(2) for _ in range(12)] + [relu(leaf(2)), exp(leaf(2))] + [leaf(2) for _ in range(5)])
(w.sum() + v.sum()) * (m.sum() + b.sum()) + (w * v).sum() * exp(b).sum()
t = relu(v); u = exp(v); s = (t + u) * t; (s * v + u).sum() * t.sum()
""".strip().splitlines()


def order_of(case):
    result, _ = result_of(case)
    nodes = [result.grad_fn] if result.grad_fn is not None else []
    for node in nodes:  # grows while it is walked
        nodes += [after for after in dict.fromkeys(function for function, _ in node.next_functions) if after and after not in nodes]
    taken = []
    for place, node in enumerate(nodes):
        node.register_hook(lambda *_, place=place: taken.append(place))
    if nodes:
        result.sum().backward()
    return taken


print(f'{{"made_with": "PyTorch {torch.__version__}", "cases": {{')
print(",\n".join(f" {json.dumps(case)}: {order_of(case)}" for case in CASES + MORE))
print("}}")
