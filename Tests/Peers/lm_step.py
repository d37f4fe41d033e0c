#!/usr/bin/env python3
"""One training step of PyTorch on the language models of `unroll bench`, in milliseconds.

A step is forward, backward, clipping by the global norm and Adam (fused), on random ids, cross
entropy over all time steps, zero initial state; eager mode, 2 threads. Prints one JSON object of the
same form as `unroll bench --json`. Nothing of the product needs this script: it is what the product
is measured against.

    python3 lm_step.py [WORKLOAD ...] [--seconds S] [--threads N]
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn

# name: (cell, vocabulary, embedding, hidden, layers, batch, time)
WORKLOADS = {
    "rnn-small": (nn.RNN, 64, 32, 64, 1, 16, 50),
    "gru-small": (nn.GRU, 64, 32, 64, 1, 16, 50),
    "lstm-char": (nn.LSTM, 96, 64, 128, 2, 32, 64),
    "gru-char": (nn.GRU, 96, 64, 128, 2, 32, 64),
    "lstm-large": (nn.LSTM, 96, 256, 512, 1, 64, 64),
}
GATES = {nn.RNN: 1, nn.GRU: 3, nn.LSTM: 4}


class LanguageModel(nn.Module):
    def __init__(self, cell, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.cell = cell(embedding, hidden, layers, batch_first=True)
        self.linear = nn.Linear(hidden, vocabulary)

    def forward(self, ids):
        return self.linear(self.cell(self.embedding(ids))[0])


def flops(cell, vocabulary, embedding, hidden, layers, batch, time):
    """Floating-point operations of the products of a step: backward is twice the forward pass."""
    inputs = embedding + (layers - 1) * hidden
    recurrent = GATES[cell] * hidden * (inputs + layers * hidden)
    return 3 * 2 * batch * time * (recurrent + hidden * vocabulary)


def measure(name, seconds):
    cell, vocabulary, embedding, hidden, layers, batch, steps = WORKLOADS[name]
    torch.manual_seed(0)
    model = LanguageModel(cell, vocabulary, embedding, hidden, layers)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    ids = torch.randint(0, vocabulary, (batch, steps))
    targets = torch.randint(0, vocabulary, (batch * steps,))

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(ids).view(-1, vocabulary), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    for _ in range(3):
        step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - begin))
    best = min(times)
    return {
        "name": name,
        "best_ms": round(best, 4),
        "median_ms": round(statistics.median(times), 4),
        "gflops": round(flops(*WORKLOADS[name]) / best / 1e6, 2),
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
