"""Makes the reference numbers of an output layer tied to an embedding: python3 make_tied.py

The same rules as in make_layers.py beside it. Parameters are named as in a network of ours,
`layer.parameter`; the shared one is the embedding's. `trained.*` is what they are after a few steps
of Adam on the batches `ids` and `targets`, one a step, with the mean cross entropy as loss.
"""

import torch
from torch import nn
from torch.nn import functional as F

from make_layers import draw, weighted, write

IDS, SIZE, STEPS, RATE = 9, 5, 6, 0.01


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(IDS, SIZE)
        self.rnn = nn.RNN(SIZE, SIZE, batch_first=True)
        self.tied_linear = nn.Linear(SIZE, IDS)
        self.tied_linear.weight = self.embedding.weight

    def forward(self, ids):
        return self.tied_linear(self.rnn(self.embedding(ids.long()))[0])


def main():
    generator = torch.Generator().manual_seed(90)
    model = Tied().double()
    # named_parameters gives a shared parameter once, under its first name.
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.copy_(draw(generator, *parameter.shape, bound=0.6))
    ids = torch.randint(0, IDS, (STEPS, 4, 7), generator=generator)
    targets = torch.randint(0, IDS, (STEPS, 4, 7), generator=generator)
    found = {key: value.clone() for key, value in parameters.items()}
    found |= {"ids": ids.double(), "targets": targets.double()}

    found["output"] = model(ids[0])
    weighted(found["output"]).backward()
    found |= {f"grad.{key}": value.grad.clone() for key, value in parameters.items()}

    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    losses = []
    for x, y in zip(ids, targets):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    found["losses"] = torch.stack(losses)
    found |= {f"trained.{key}": value for key, value in parameters.items()}
    write("tied", found)


if __name__ == "__main__":
    main()
