"""Makes the numbers of Tests/LayersTests/WeightLayoutTests: python3 make_packings.py

The same cells as other libraries stack them, each by its own equations in Float64: the gates of an
LSTM in four orders, one with a forget bias of 1 that is added at run time, and a GRU in the order
z, r, h with a bias for each product. Kernels have inputs in rows, as these libraries keep them.

Made with numpy 2 and safetensors 0.8.0. Nothing of the product needs either.
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent
B, T, D, H = 3, 7, 5, 4


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, kernel, recurrent, bias, order, forget=0.0):
    h, c, outputs = np.zeros((B, H)), np.zeros((B, H)), []
    for t in range(T):
        parts = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        gate = dict(zip(order, parts))
        c = sigmoid(gate["f"] + forget) * c + sigmoid(gate["i"]) * np.tanh(gate["g"])
        h = sigmoid(gate["o"]) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def gru(x, kernel, recurrent, bias):
    h, outputs = np.zeros((B, H)), []
    for t in range(T):
        zx, rx, hx = np.split(x[:, t] @ kernel + bias[0], 3, axis=1)
        zh, rh, hh = np.split(h @ recurrent + bias[1], 3, axis=1)
        z, r = sigmoid(zx + zh), sigmoid(rx + rh)
        h = z * h + (1 - z) * np.tanh(hx + r * hh)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def gru_before(x, gates, gates_bias, candidate, candidate_bias):
    """TensorFlow 1's GRUCell: r, u from one kernel over [x, h], the candidate from one over [x, r h]."""
    h, outputs = np.zeros((B, H)), []
    for t in range(T):
        r, u = np.split(sigmoid(np.hstack([x[:, t], h]) @ gates + gates_bias), 2, axis=1)
        n = np.tanh(np.hstack([x[:, t], r * h]) @ candidate + candidate_bias)
        h = u * h + (1 - u) * n
        outputs.append(h)
    return np.stack(outputs, axis=1)


def save(name, **tensors):
    save_file(
        {key.replace("__", "."): np.ascontiguousarray(value, np.float32) for key, value in tensors.items()},
        FOLDER / f"{name}.safetensors")


random = np.random.default_rng(23)


def draw(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


for name, order, forget in [("keras", "ifgo", 0), ("tf1", "igfo", 1), ("cooijmans", "fiog", 0)]:
    x, kernel, recurrent, bias = draw(B, T, D), draw(D, 4 * H), draw(H, 4 * H), draw(4 * H)
    output = lstm(x, kernel, recurrent, bias, order, forget)
    if name == "tf1":
        save(name, input=x, output=output, lstm__kernel=np.concatenate([kernel, recurrent]),
             lstm__bias=bias)
    else:
        save(name, input=x, output=output, lstm__kernel=kernel, lstm__recurrent_kernel=recurrent,
             lstm__bias=bias)

x, kernel, recurrent, bias = draw(B, T, D), draw(D, 3 * H), draw(H, 3 * H), draw(2, 3 * H)
save("keras_gru", input=x, output=gru(x, kernel, recurrent, bias), gru__kernel=kernel,
     gru__recurrent_kernel=recurrent, gru__bias=bias)

x, gates, gates_bias, candidate, candidate_bias = (
    draw(B, T, D), draw(D + H, 2 * H), draw(2 * H), draw(D + H, H), draw(H))
save("tf1_gru", input=x, output=gru_before(x, gates, gates_bias, candidate, candidate_bias),
     gru__gates__kernel=gates, gru__gates__bias=gates_bias, gru__candidate__kernel=candidate,
     gru__candidate__bias=candidate_bias)
