"""Records the graph that PyTorch's autograd makes of each expression: a line for each node, the root first, with its name and where
its edges lead, as line:input, or None where no gradient flows; for a leaf's node the leaf's name.

    python3 grad_fn.py > ../data/grad-fn.json
"""

import json
import sys

import torch
from torch import cat, exp, log, matmul, relu, sigmoid, softmax, stack, tanh, where

CASES = """
w + w
w + v
w - v
w * v
w / v
w * 2
w + 1
2 - w
2 / w
-w
w ** 2
w ** v
exp(w)
log(w)
w.sqrt()
w.abs()
w.sin()
w.cos()
relu(w)
sigmoid(w)
tanh(w)
softmax(w, 1)
w.log_softmax(1)
w.logsumexp(1)
w.clamp(0, 1)
w.clamp(min=0)
w.sum()
w.sum(1)
w.mean()
w.mean(1)
w.prod()
w.max()
w.max(1)[0]
w.var()
w.norm()
w.cumsum(1)
matmul(w, m)
matmul(v, m)
matmul(w, v)
matmul(v, v)
matmul(batch, m)
torch.bmm(batch, batch)
torch.addmm(m2, w, m)
torch.nn.functional.linear(v, w)
torch.nn.functional.mse_loss(w, w * v)
torch.nn.functional.binary_cross_entropy(sigmoid(w), c)
torch.nn.functional.leaky_relu(w)
torch.nn.functional.gelu(w)
w.t()
w.transpose(0, 1)
w.permute(1, 0)
w.reshape(6)
w.view(6)
w.t().reshape(6)
w.unsqueeze(0)
w.unsqueeze(0).squeeze()
w.unsqueeze(0).squeeze(0)
v.expand(4, 3)
v.repeat(2)
w.flatten()
w[0]
w[0][1]
w[:, 1]
w[0:1]
w.unbind(1)[2]
w.split(1, 1)[2]
w.unbind(1)[0] + w.unbind(1)[2]
w.index_select(0, i)
w.gather(1, i.unsqueeze(0))
w.masked_fill(c > 0, 0)
w.clone()
w.double()
cat([w, w])
cat([w, c])
stack([v, v])
where(c > 0, w, c)
torch.maximum(w, c)
w.detach() * w
w.detach()
c * 2
w * c
relu(w) * relu(w)
t = relu(w); t * t + t
t = w * c; t.mul_(v); t
t = w * c; t[0].mul_(v); t
t = w * c; r = t[0]; r.mul_(v); r
t = w * c; r = t[0]; t.mul_(v); r
t = c.clone(); t[0].mul_(v); t
t = c.clone(); r = t[0]; t.mul_(w); r
t = w * c; t.detach_(); t
(w ** 2).sum() * (v.sum() + w.sum())
(c[1][0] - sigmoid(matmul(relu(matmul(c[0], m) + b), m.t()) + v)) ** 2
t = w.sum(); t = t + w.sum(); t = t + v.sum(); t
""".strip().splitlines()


def leaf(*shape):
    return torch.linspace(0.25, 0.75, int(torch.tensor(shape).prod())).reshape(shape).requires_grad_()


def graph_of(case):
    result, leaves = result_of(case)
    return lines_of(result.grad_fn, leaves)


def result_of(case):
    leaves = dict(w=leaf(2, 3), v=leaf(3), m=leaf(3, 2), m2=leaf(2, 2), b=leaf(2), batch=leaf(2, 3, 3))
    names = dict(globals(), **leaves, c=torch.ones(2, 3), i=torch.tensor([1, 0]))
    *statements, expression = case.split("; ")
    for statement in statements:
        exec(statement, names)
    return eval(expression, names), leaves


def lines_of(root, leaves):
    nodes = [root] if root is not None else []
    lines = []
    for node in nodes:  # grows while it is walked
        edges = []
        for function, number in node.next_functions:
            if function is not None and function not in nodes:
                nodes.append(function)
            edges.append("None" if function is None else f"{nodes.index(function)}:{number}")
        leaf_names = [name for name, tensor in leaves.items() if tensor is getattr(node, "variable", None)]
        lines.append(" ".join([type(node).__name__, *leaf_names, *edges]))
    return lines


if __name__ == "__main__":
    json.dump({case: graph_of(case) for case in CASES}, sys.stdout, indent=1)
    print()
