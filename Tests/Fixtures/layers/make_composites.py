"""Makes the reference numbers of layers that hold others: python3 make_composites.py

The same rules as in make_layers.py beside it. Parameters are named as in a network of ours,
`layer.parameter`.
"""

import torch
from torch import nn
from torch.nn import functional as F

from make_layers import draw, weighted, write


class Gate(nn.Module):
    """Branches mixed by shares: a softmax of n - 1 scores and a 0 for every unit."""

    def __init__(self, branches, size):
        super().__init__()
        count = len(branches)
        self.branches = nn.ModuleDict(branches)
        self.scores = nn.Linear(count * size, (count - 1) * size)
        self.shape = (size, count - 1)

    def forward(self, x):
        outputs = [branch(x) for branch in self.branches.values()]
        scores = self.scores(torch.cat(outputs, -1)).unflatten(-1, self.shape)
        shares = F.softmax(F.pad(scores, (0, 1)), -1)
        return sum(shares[..., k] * output for k, output in enumerate(outputs))


class Concat(nn.Module):
    """Channels side by side, with steps of sequences as so many more images."""

    def __init__(self, **branches):
        super().__init__()
        self.branches = nn.ModuleDict(branches)

    def forward(self, x):
        flat = x.flatten(0, 1)
        joined = torch.cat([branch(flat) for branch in self.branches.values()], 1)
        return joined.unflatten(0, x.shape[:2])


class Residual(nn.Module):
    def __init__(self, body, projection):
        super().__init__()
        self.body, self.projection = body, projection

    def forward(self, x):
        return self.projection(x) + self.body(x)


class ValidSteps(nn.Module):
    """A module over the valid steps of padded sequences, with zeros elsewhere."""

    def __init__(self, module, lengths):
        super().__init__()
        self.module, self.lengths = module, torch.tensor(lengths)

    def forward(self, x):
        valid = torch.arange(x.shape[1]) < self.lengths[:, None]
        steps = self.module(x[valid])
        output = torch.zeros(*x.shape[:2], *steps.shape[1:], dtype=x.dtype)
        return output.masked_scatter(valid.unsqueeze(-1).expand_as(output), steps)


def case(name, seed, module, shape, names, bound=0.5):
    """`names` maps the beginnings of PyTorch's names to our layers."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double().train()
    x = draw(generator, *shape, bound=1.5).requires_grad_()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(generator, *parameter.shape, bound=bound))
    output = module(x)
    weighted(output).backward()
    found = {"x": x, "output": output, "grad.x": x.grad}
    for key, parameter in module.named_parameters():
        owner, last = key.rsplit(".", 1)
        value, grad = parameter, parameter.grad
        if names[owner] == "residual" and last == "weight":  # a 1x1 kernel as a matrix
            value, grad = value.flatten(1), grad.flatten(1)
        found |= {f"{names[owner]}.{last}": value, f"grad.{names[owner]}.{last}": grad}
    write("composite_" + name, found)


if __name__ == "__main__":
    torch.set_num_threads(1)
    deep = nn.Sequential(nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 4))
    case(
        "gate", 70, Gate({"a": nn.Linear(5, 4), "b": deep}, 4), [3, 7, 5],
        {"branches.a": "a", "branches.b.0": "b1", "branches.b.2": "b2", "scores": "parallel"})
    case(
        "gate_of_three", 71, Gate({name: nn.Linear(5, 4) for name in "abc"}, 4), [3, 5],
        {"branches.a": "a", "branches.b": "b", "branches.c": "c", "scores": "parallel"})
    case(
        "concat", 72,
        Concat(a=nn.Conv2d(2, 3, 3, padding="same"), b=nn.Conv2d(2, 4, 1), c=nn.Identity()),
        [2, 3, 2, 5, 4], {"branches.a": "a", "branches.b": "b"})
    case(
        "residual", 73,
        Residual(nn.Conv2d(2, 3, 3, padding="same"), nn.Conv2d(2, 3, 1)), [2, 2, 5, 4],
        {"body": "body", "projection": "residual"})
    case(
        "time_distributed", 74,
        ValidSteps(nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4)), [4, 7, 1]), [3, 7, 5],
        {"module.0": "linear", "module.1": "norm"}, bound=1.5)
