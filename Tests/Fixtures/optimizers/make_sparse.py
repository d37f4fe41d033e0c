"""Makes the reference trajectories of SparseRowsTests: python3 make_sparse.py

A table of four vectors, of which every step uses some, goes 60 steps down the f of make_trajectories.py,
added up over the places: with PyTorch 2.13.0's own rules for sparse gradients, in Float64. Nothing of the
product needs it.
"""

from pathlib import Path

import numpy
import torch
from safetensors.numpy import save_file

STEPS = 60
START = [[0.9, -0.4], [-0.5, 0.8], [0.3, 0.2], [1.1, 0.6]]

RULES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "adam": lambda p: torch.optim.SparseAdam(p, lr=0.02, betas=(0.8, 0.99)),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1),
}


def ids(step):
    """Which vectors a step uses: one of the first three, now and then another or the same again."""
    return [step % 3, step % 3 if step % 2 else 0] + ([3] if step % 10 == 4 else [])


def path(make):
    table = torch.nn.Embedding(4, 2, sparse=True, dtype=torch.float64)
    with torch.no_grad():
        table.weight.copy_(torch.tensor(START, dtype=torch.float64))
    optimizer = make(list(table.parameters()))
    found = []
    for step in range(STEPS):
        x, y = table(torch.tensor(ids(step))).T
        optimizer.zero_grad()
        ((x * x + y - 1.1) ** 2 + (x + y * y - 0.7) ** 2).sum().backward()
        optimizer.step()
        found.append(table.weight.detach().numpy().copy())
    return numpy.array(found)


if __name__ == "__main__":
    found = {name: path(make) for name, make in RULES.items()}
    for name, steps in found.items():
        print(name, steps[-1].tolist())
    save_file(
        {name: numpy.ascontiguousarray(steps, numpy.float32) for name, steps in found.items()},
        Path(__file__).with_name("sparse.safetensors"),
    )
