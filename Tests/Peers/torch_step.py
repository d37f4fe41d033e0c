#!/usr/bin/env python3
"""One step of PyTorch on the workloads of `unroll bench`, in milliseconds.

A training step is forward, backward, clipping by the global norm and Adam (fused), on random data,
from a zero initial state; step-latency is forward only, without gradients, with the state carried;
start-up is `import torch`. Eager mode, 2 threads. Prints one JSON object of the same form as `unroll bench --json`. Nothing of
the product needs this script: it is what the product is measured against.

    python3 torch_step.py [WORKLOAD ...] [--seconds S] [--threads N]
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class LanguageModel(nn.Module):
    def __init__(self, cell, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.cell = cell(embedding, hidden, layers, batch_first=True)
        self.linear = nn.Linear(hidden, vocabulary)

    def forward(self, ids):
        return self.linear(self.cell(self.embedding(ids))[0]).flatten(0, 1)


class Cascade(nn.Module):
    """Every frame through two convolutions, then an LSTM over the frames."""

    def __init__(self):
        super().__init__()
        self.frames = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Flatten())
        self.lstm = nn.LSTM(64 * 16 * 16, 100, batch_first=True)
        self.linear = nn.Linear(100, 10)

    def forward(self, x):
        frames = self.frames(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        return self.linear(self.lstm(frames)[0][:, -1])


class Block(nn.Module):
    """Two causal convolutions and a way around them."""

    def __init__(self, channels, dilation):
        super().__init__()
        self.pad = 2 * dilation
        self.first = nn.Conv1d(channels, 32, 3, dilation=dilation)
        self.second = nn.Conv1d(32, 32, 3, dilation=dilation)
        self.around = nn.Conv1d(channels, 32, 1) if channels != 32 else nn.Identity()

    def forward(self, x):
        y = F.relu(self.first(F.pad(x, (self.pad, 0))))
        y = F.relu(self.second(F.pad(y, (self.pad, 0))))
        return F.relu(self.around(x) + y)


class TCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*(Block(32 if i else 1, 2**i) for i in range(7)))
        self.linear = nn.Linear(32, 10)

    def forward(self, x):
        return self.linear(self.blocks(x)[:, :, -1])


class DanQ(nn.Module):
    """Quang and Xie 2016, without dropout."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(4, 320, 26)
        self.lstm = nn.LSTM(320, 320, bidirectional=True, batch_first=True)
        self.dense = nn.Linear(75 * 640, 925)
        self.linear = nn.Linear(925, 919)

    def forward(self, x):
        motifs = F.max_pool1d(F.relu(self.convolution(x)), 13)
        return self.linear(F.relu(self.dense(self.lstm(motifs.mT)[0].flatten(1))))


def language(cell, vocabulary, embedding, hidden, layers, batch, steps):
    def make():
        ids = torch.randint(0, vocabulary, (batch, steps))
        targets = torch.randint(0, vocabulary, (batch * steps,))
        return LanguageModel(cell, vocabulary, embedding, hidden, layers), ids, targets
    return make


# Each makes a model, its input and its targets: class numbers, or flags of 0 and 1.
WORKLOADS = {
    "rnn-small": language(nn.RNN, 64, 32, 64, 1, 16, 50),
    "gru-small": language(nn.GRU, 64, 32, 64, 1, 16, 50),
    "lstm-char": language(nn.LSTM, 96, 64, 128, 2, 32, 64),
    "gru-char": language(nn.GRU, 96, 64, 128, 2, 32, 64),
    "lstm-large": language(nn.LSTM, 96, 256, 512, 1, 64, 64),
    "cascade": lambda: (Cascade(), torch.rand(8, 8, 3, 32, 32), torch.randint(0, 10, (8,))),
    "tcn": lambda: (TCN(), torch.rand(16, 1, 256), torch.randint(0, 10, (16,))),
    "danq": lambda: (DanQ(), torch.rand(4, 4, 1000), torch.randint(0, 2, (4, 919)).float()),
    "step-latency": lambda: (nn.LSTM(64, 128, batch_first=True), torch.rand(1, 1, 64), None),
    "start-up": None,
}


def training(model, inputs, targets):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    loss_of = F.binary_cross_entropy_with_logits if targets.is_floating_point() else F.cross_entropy

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(inputs), targets).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return step


def evaluation(model, inputs):
    state = None

    def step():
        nonlocal state
        with torch.inference_mode():
            _, state = model(inputs, state)
    return step


def start_up():
    subprocess.run([sys.executable, "-c", "import torch"], check=True)


def step_of(name):
    if WORKLOADS[name] is None:
        return start_up
    torch.manual_seed(0)
    model, inputs, targets = WORKLOADS[name]()
    return evaluation(model.eval(), inputs) if targets is None else training(model, inputs, targets)


def measure(name, seconds):
    step = step_of(name)
    who = resource.RUSAGE_CHILDREN if step is start_up else resource.RUSAGE_SELF
    for _ in range(3):
        step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - begin))
    return {
        "name": name,
        "best_ms": round(min(times), 5),
        "median_ms": round(statistics.median(times), 5),
        "peak_memory_bytes": 1024 * resource.getrusage(who).ru_maxrss,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--seconds", type=float, default=3, help="measured time for each (3)")
    parser.add_argument("--threads", type=int, default=2, help="threads of PyTorch (2)")
    options = parser.parse_args()
    names = options.workloads or list(WORKLOADS)
    if unknown := [name for name in names if name not in WORKLOADS]:
        parser.error(f"unknown workload {unknown[0]!r}; choose from {', '.join(WORKLOADS)}")
    torch.set_num_threads(options.threads)
    print(json.dumps({
        "schema": 1,
        "peer": f"PyTorch {torch.__version__}",
        "threads": options.threads,
        "workloads": [measure(name, options.seconds) for name in names],
    }))
