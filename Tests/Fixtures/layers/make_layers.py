"""Makes the reference numbers of Tests/LayersTests: python3 make_layers.py

Inputs and weights are Float32; PyTorch computes in Float64 from them, so that what a test measures
is our rounding and not PyTorch's. The loss of every case is a fixed weighted sum of its outputs:
element i of each of them, in row-major order, weighs 0.5 + ((37 i + 11) mod 101) / 128, which both
sides compute exactly.

Made with torch 2.13.0 and safetensors 0.8.0. Nothing of the product needs either.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).parent
SMALL = dict(T=7, B=3, D=5, H=4)
# Larger than the kernels' tiles (6 rows, 16 units) on every axis, and a multiple of none.
ODD = dict(T=5, B=13, D=19, H=37)


def weighted(tensor):
    index = torch.arange(tensor.numel())
    weights = 0.5 + ((index * 37 + 11) % 101).double() / 128
    return (tensor.flatten() * weights).sum()


def draw(generator, *shape, bound=1.0):
    """Float32 numbers from U(-bound, bound), as Float64."""
    return ((torch.rand(*shape, generator=generator) * 2 - 1) * bound).double()


def write(name, tensors):
    tensors = {key: value.detach().float().contiguous() for key, value in tensors.items()}
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def run(module, inputs, generator, bound):
    """Draws weights, runs `module(*inputs)` and returns every number worth comparing."""
    module = module.double()
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.copy_(draw(generator, *parameter.shape, bound=bound))
    outputs = module(inputs)
    sum(weighted(output) for output in outputs.values()).backward()
    found = {key: value for key, value in inputs.items()} | outputs
    found |= {key.split(".")[-1]: value for key, value in parameters.items()}
    found |= {f"grad.{key}": value.grad for key, value in inputs.items() if value.requires_grad}
    return found | {f"grad.{key.split('.')[-1]}": value.grad for key, value in parameters.items()}


class Recurrent(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, inputs):
        states = [inputs[key][None] for key in ("h0", "c0") if key in inputs]
        output, last = self.cell(inputs["x"], states[0] if len(states) == 1 else tuple(states))
        last = last if isinstance(last, tuple) else (last,)
        return {"output": output} | dict(zip(("h_n", "c_n"), (state[0] for state in last)))


class Single(nn.Module):
    """A module with one input and one output."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, inputs):
        x = inputs["x"]
        return {"output": self.module(x.long() if isinstance(self.module, nn.Embedding) else x)}


def recurrent(name, make, sizes, seed, states):
    generator = torch.Generator().manual_seed(seed)
    T, B, D, H = (sizes[key] for key in "TBDH")
    inputs = {"x": draw(generator, B, T, D, bound=1.5)}
    inputs |= {key: draw(generator, B, H) for key in states}
    for value in inputs.values():
        value.requires_grad_()
    module = Recurrent(make(D, H, batch_first=True))
    write(name, run(module, inputs, generator, bound=1.5 / H**0.5))


def layers():
    cells = {
        "rnn_tanh": (nn.RNN, ["h0"]),
        "rnn_relu": (lambda *a, **k: nn.RNN(*a, nonlinearity="relu", **k), ["h0"]),
        "lstm": (nn.LSTM, ["h0", "c0"]),
        "gru": (nn.GRU, ["h0"]),
    }
    for seed, (name, (make, states)) in enumerate(cells.items()):
        recurrent(f"{name}_small", make, SMALL, 10 + seed, states)
        if name != "rnn_relu":  # the same kernel as tanh, but for the function
            recurrent(f"{name}_odd", make, ODD, 20 + seed, states)

    generator = torch.Generator().manual_seed(30)
    x = draw(generator, 3, 7, 5).requires_grad_()
    write("linear", run(Single(nn.Linear(5, 4)), {"x": x}, generator, bound=0.5))
    ids = torch.randint(0, 6, (3, 7), generator=generator).double()
    write("embedding", run(Single(nn.Embedding(6, 4)), {"x": ids}, generator, bound=1.0))


def cross_entropy():
    generator = torch.Generator().manual_seed(40)
    logits = draw(generator, 9, 7, bound=6).requires_grad_()
    targets = torch.randint(0, 7, (9,), generator=generator)
    weights = torch.tensor([1, 0.5, 0, 2, 1, 0, 0.25, 1, 3]).double()
    rows = nn.functional.cross_entropy(logits, targets, reduction="none")
    loss = (rows * weights).sum() / weights.sum()
    loss.backward()
    write("cross_entropy", {
        "logits": logits, "targets": targets.double(), "weights": weights,
        "loss": loss, "rows": rows * (weights != 0), "grad.logits": logits.grad,
    })


def optimizers():
    generator = torch.Generator().manual_seed(50)
    start = draw(generator, 7, 5)
    gradients = draw(generator, 5, 7, 5, bound=2)
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd_decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.03),
        "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.03),
        "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "adam_decay": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), weight_decay=0.03),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    }
    found = {"start": start, "gradients": gradients}
    for name, make in kinds.items():
        parameter = start.clone().requires_grad_()
        optimizer = make([parameter])
        steps = []
        for gradient in gradients:
            parameter.grad = gradient.clone()
            optimizer.step()
            steps.append(parameter.detach().clone())
        found[name] = torch.stack(steps)

    parts = [gradients[0].clone(), gradients[1, :3].clone()]
    parameters = [torch.zeros_like(part).requires_grad_() for part in parts]
    for parameter, part in zip(parameters, parts):
        parameter.grad = part.clone()
    found["clip.norm"] = nn.utils.clip_grad_norm_(parameters, 1.5)
    found["clip.first"], found["clip.second"] = (parameter.grad for parameter in parameters)
    write("optimizers", found)


if __name__ == "__main__":
    torch.set_num_threads(1)
    layers()
    cross_entropy()
    optimizers()
    sizes = {path.name: path.stat().st_size for path in sorted(FOLDER.glob("*.safetensors"))}
    for name, size in sizes.items():
        print(f"{size:8} {name}")
    print(f"{sum(sizes.values()):8} bytes")
