"""Makes the numbers of Tests/EngineTests/LossTests that come from Keras: python3 make_keras_losses.py

Inputs are those of ../losses/losses.safetensors. Keras computes in Float64 on its PyTorch backend, from
scores where a loss knows them, with weighted rows: L = sum w l / sum w. Its epsilon, which keeps
logarithms off 0, is made so small that nothing of it shows. Losses of pairs and triplets Keras has not.

Made with keras 3.15.1, torch 2.13.0 and safetensors 0.8.0. Nothing of the product needs any of them.
"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras import losses
from safetensors.torch import load_file, save_file

FOLDER = Path(__file__).parent
keras.config.set_floatx("float64")
keras.config.set_epsilon(1e-30)
GIVEN = {key: value.double() for key, value in
         load_file(FOLDER.parent / "losses/losses.safetensors").items()}
ONE_HOT = torch.nn.functional.one_hot(GIVEN["classes"].long(), 7).double()
FOUND = {}


def keep(name, loss, wanted, *inputs, given=lambda *inputs: inputs[0], sign=1):
    """The loss of `given` of the inputs against what is wanted, and its gradients."""
    leaves = {key: GIVEN[f"{name}.{key}"].clone().requires_grad_() for key in inputs}
    true = wanted(leaves) if callable(wanted) else wanted
    value = sign * loss(true, given(*leaves.values()), sample_weight=GIVEN["weights"])
    value.backward()
    FOUND[f"{name}.loss"] = value.detach()
    for key, leaf in leaves.items():
        FOUND[f"{name}.grad.{key}"] = leaf.grad


mean = dict(reduction="mean_with_sample_weight")
keep("smoothing", losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1, **mean),
     ONE_HOT, "z")
for name, gamma in (("focal", 2.0), ("focal_half", 0.5)):
    keep(name, losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=gamma, from_logits=True, **mean),
         ONE_HOT, "z")
keep("mse", losses.MeanSquaredError(**mean), GIVEN["t"], "y")
keep("mae", losses.MeanAbsoluteError(**mean), GIVEN["t"], "y")
keep("huber", losses.Huber(delta=0.7, **mean), GIVEN["t"], "y")
keep("bce", losses.BinaryCrossentropy(from_logits=True, **mean), GIVEN["flags"], "y")
keep("kl", losses.KLDivergence(**mean), GIVEN["shares"], "z", given=lambda z: torch.softmax(z, -1))
# Keras wants similar rows by making the negative cosine small.
keep("cosine", losses.CosineSimilarity(**mean), lambda leaves: leaves["a"], "a", "b",
     given=lambda a, b: b, sign=-1)
save_file({key: value.float().contiguous() for key, value in FOUND.items()},
          FOLDER / "losses.safetensors", metadata={"format": "pt"})
