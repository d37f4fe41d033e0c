"""Makes the numbers of Tests/LayersTests/StackedWeightTests: python3 make_stacked.py

Modules of PyTorch with several layers and both directions, their own names beside what they put out.
Made with torch 2.13.0 and safetensors 0.8.0. Nothing of the product needs either.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).parent
torch.manual_seed(29)

for name, module in {
    "lstm": torch.nn.LSTM(5, 4, num_layers=3, bidirectional=True, batch_first=True),
    "gru": torch.nn.GRU(5, 4, num_layers=2, batch_first=True),
}.items():
    x = torch.rand(3, 7, 5) * 2 - 1
    with torch.no_grad():
        output = module(x)[0].contiguous()
    weights = {f"{name}.{key}": value for key, value in module.state_dict().items()}
    save_file({"input": x, "output": output, **weights}, FOLDER / f"stacked_{name}.safetensors")
