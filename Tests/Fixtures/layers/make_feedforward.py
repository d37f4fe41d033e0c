"""Makes the reference numbers of the layers without recurrence: python3 make_feedforward.py

The same rules as in make_layers.py beside it. Our sequences are [B, T, D] and PyTorch's
convolutions and pools over time want [B, D, T], so these modules transpose on both sides.
"""

import torch
from torch import nn
from torch.nn import functional as F

from make_layers import Single, draw, run, weighted, write


def activations():
    generator = torch.Generator().manual_seed(60)
    functions = {
        "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish,
        "softplus": F.softplus, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
        "hard_sigmoid": F.hardsigmoid, "hard_tanh": F.hardtanh, "softsign": F.softsign,
        "softmax": lambda x: F.softmax(x, dim=-1),
    }
    # Also far from 0, where functions saturate, and at the kinks.
    x = draw(generator, 3, 7, 5, bound=6)
    x[0, 0] = torch.tensor([0, 1, -1, 3, -3]).double()
    x[0, 1] = torch.tensor([80, -80, 19.5, -19.5, 1e-4]).double()
    found = {"x": x}
    for name, function in functions.items():
        leaf = x.clone().requires_grad_()
        output = function(leaf)
        weighted(output).backward()
        found |= {f"output.{name}": output, f"grad.{name}": leaf.grad}
    write("activations", found)


if __name__ == "__main__":
    torch.set_num_threads(1)
    activations()
