#!/usr/bin/env python3
"""One step of PyTorch on the workloads of `unroll bench`, in milliseconds.

A training step is forward, backward, clipping by the global norm and Adam (fused), on random data,
from a zero initial state; step-latency is forward only, without gradients, with the state carried;
start-up is `import torch`. Eager mode, 2 threads. Nothing of the product needs this script: it is what
the product is measured against.

    python3 torch_step.py [WORKLOAD ...] [--seconds S] [--threads N]
"""

import torch
from torch import nn
from torch.nn import functional as F

import peer


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


class ConvLSTM(nn.Module):
    """The gates of a step by one convolution of [x, h]; a 1x1 convolution makes the next frame."""

    def __init__(self):
        super().__init__()
        self.gates = nn.Conv2d(1 + 16, 4 * 16, 3, padding=1)
        self.frame = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[0], 16, *x.shape[3:])
        frames = []
        for frame in x.unbind(1):
            i, f, g, o = self.gates(torch.cat([frame, h], 1)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            frames.append(self.frame(h))
        return torch.stack(frames, 1)


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


# Each makes a model, its input and its targets: class numbers, flags of 0 and 1, or frames.
MODELS = {
    "rnn-small": language(nn.RNN, 64, 32, 64, 1, 16, 50),
    "gru-small": language(nn.GRU, 64, 32, 64, 1, 16, 50),
    "lstm-char": language(nn.LSTM, 96, 64, 128, 2, 32, 64),
    "gru-char": language(nn.GRU, 96, 64, 128, 2, 32, 64),
    "lstm-large": language(nn.LSTM, 96, 256, 512, 1, 64, 64),
    "cascade": lambda: (Cascade(), torch.rand(8, 8, 3, 32, 32), torch.randint(0, 10, (8,))),
    "convlstm": lambda: (ConvLSTM(), torch.rand(8, 10, 1, 32, 32), torch.rand(8, 10, 1, 32, 32)),
    "tcn": lambda: (TCN(), torch.rand(16, 1, 256), torch.randint(0, 10, (16,))),
    "danq": lambda: (DanQ(), torch.rand(4, 4, 1000), torch.randint(0, 2, (4, 919)).float()),
    "step-latency": lambda: (nn.LSTM(64, 128, batch_first=True), torch.rand(1, 1, 64), None),
}


def training(model, inputs, targets):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    loss_of = F.cross_entropy
    if targets.is_floating_point():  # frames, or flags
        loss_of = F.mse_loss if targets.dim() > 2 else F.binary_cross_entropy_with_logits

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


def step_of(name):
    torch.manual_seed(0)
    model, inputs, targets = MODELS[name]()
    return evaluation(model.eval(), inputs) if targets is None else training(model, inputs, targets)


def prepare(threads):
    torch.set_num_threads(threads)
    return f"PyTorch {torch.__version__}"


if __name__ == "__main__":
    workloads = {name: (lambda name=name: step_of(name)) for name in MODELS}
    workloads["start-up"] = lambda: peer.start_up("import torch")
    peer.main(__doc__, workloads, prepare)
