"""Makes the reference trajectories of Tests/TrainingTests: KERAS_BACKEND=torch python3 make_trajectories.py

Every rule goes 100 steps down f(x, y) = (x² + y − 1.1)² + (x + y² − 0.7)² from (0.9, −0.4), in
Float64, with the optimisers of torch 2.13.0 and of keras 3.15.1 themselves (on torch: its numpy
backend rounds powers to Float32). The numbers of a case are those of the case of the same name in
OptimizerTrajectoryTests.swift. Nothing of the product needs either library.
"""

from pathlib import Path

import keras
import numpy
import torch
from safetensors.numpy import save_file

START = (0.9, -0.4)
STEPS = 100

TORCH = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.8, weight_decay=0.03),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.8, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.003),
    "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, lr=0.002, momentum=0.8, alpha=0.9, eps=1e-3),
    "rmsprop_centered": lambda p: torch.optim.RMSprop(p, lr=0.002, eps=1e-3, centered=True),
    "rmsprop_centered_momentum": lambda p: torch.optim.RMSprop(
        p, lr=0.001, momentum=0.8, alpha=0.9, eps=1e-2, centered=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.99), weight_decay=0.03),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.02),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.9, 0.9), eps=1e-3, amsgrad=True),
}
KERAS = {
    "sgd": lambda: keras.optimizers.SGD(0.01),
    "sgd_momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.8, weight_decay=0.03),
    "sgd_nesterov": lambda: keras.optimizers.SGD(0.01, momentum=0.8, nesterov=True),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.003),
    "rmsprop_momentum": lambda: keras.optimizers.RMSprop(0.002, rho=0.9, momentum=0.8, epsilon=1e-3),
    "rmsprop_centered": lambda: keras.optimizers.RMSprop(
        0.002, rho=0.99, epsilon=1e-3, centered=True),
    "rmsprop_centered_momentum": lambda: keras.optimizers.RMSprop(
        0.001, rho=0.9, momentum=0.8, epsilon=1e-2, centered=True),
    "adam": lambda: keras.optimizers.Adam(0.02),
    "adam_decay": lambda: keras.optimizers.Adam(0.02, beta_1=0.8, beta_2=0.99, weight_decay=0.03),
    "adamw": lambda: keras.optimizers.AdamW(0.02),
    "amsgrad": lambda: keras.optimizers.Adam(0.02, beta_2=0.9, epsilon=1e-3, amsgrad=True),
}

# Two groups, x and y; one without an entry is left as it is.
GROUPS = {
    "groups_adamw": lambda x, y: torch.optim.AdamW(
        [{"params": [x], "lr": 0.02 * 0.25, "weight_decay": 0.05}, {"params": [y]}], lr=0.02),
    "groups_sgd": lambda x, y: torch.optim.SGD(
        [{"params": [x], "lr": 0.01 * 0.25, "weight_decay": 0.05}, {"params": [y]}], lr=0.01,
        momentum=0.8, weight_decay=0.03),
    "groups_frozen": lambda x, y: torch.optim.Adam([y], lr=0.02),
}


def gradient(w):
    x, y = w
    first, second = x * x + y - 1.1, x + y * y - 0.7
    return numpy.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])


def with_torch(make):
    parameter = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = make([parameter])
    path = []
    for _ in range(STEPS):
        parameter.grad = torch.from_numpy(gradient(parameter.detach().numpy()))
        optimizer.step()
        path.append(parameter.detach().numpy().copy())
    return numpy.array(path)


def with_groups(make):
    x, y = (torch.tensor([start], dtype=torch.float64, requires_grad=True) for start in START)
    optimizer = make(x, y)
    path = []
    for _ in range(STEPS):
        slope = torch.from_numpy(gradient(torch.cat([x, y]).detach().numpy()))
        x.grad, y.grad = slope[:1].clone(), slope[1:].clone()
        optimizer.step()
        path.append(torch.cat([x, y]).detach().numpy().copy())
    return numpy.array(path)


def with_keras(make):
    variable = keras.Variable(numpy.array(START), dtype="float64")
    optimizer = make()
    path = []
    for _ in range(STEPS):
        slope = keras.ops.convert_to_tensor(gradient(variable.numpy()), "float64")
        optimizer.apply_gradients([(slope, variable)])
        path.append(variable.numpy().copy())
    return numpy.array(path)


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    found = {f"pytorch.{name}": with_torch(make) for name, make in TORCH.items()}
    found |= {f"pytorch.{name}": with_groups(make) for name, make in GROUPS.items()}
    found |= {f"keras.{name}": with_keras(make) for name, make in KERAS.items()}
    for name, path in found.items():
        print(f"{name:26} {path[-1]}")
    save_file(
        {name: numpy.ascontiguousarray(path, numpy.float32) for name, path in found.items()},
        Path(__file__).parent / "trajectories.safetensors")
