#!/usr/bin/env python3
"""One step of JAX on the workloads of `unroll bench`, in milliseconds: the twin of torch_step.py.

The same models; a step with clipping and Adam is one function under jit.

    python3 jax_step.py [WORKLOAD ...] [--seconds S] [--threads N]
"""

import jax
import jax.numpy as jnp
from jax.nn import log_softmax, relu, sigmoid

import peer


def uniform(key, *shape):
    return jax.random.uniform(key, shape, minval=-0.1, maxval=0.1)


def cell(kind, parameters, x, h, c):
    """One time step of a cell; PyTorch's equations with one bias, and a second for GRU's n."""
    W, U, b, d = (parameters[key] for key in "WUbd")
    if kind == "rnn":
        h = jnp.tanh(x @ W + h @ U + b)
    elif kind == "lstm":
        i, f, g, o = jnp.split(x @ W + h @ U + b, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(g)
        h = sigmoid(o) * jnp.tanh(c)
    else:
        a, q = jnp.split(x @ W + b, 3, axis=-1), jnp.split(h @ U + d, 3, axis=-1)
        r, z = sigmoid(a[0] + q[0]), sigmoid(a[1] + q[1])
        h = (1 - z) * jnp.tanh(a[2] + r * q[2]) + z * h
    return h, c


GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def weights(kind, key, inputs, hidden):
    size = GATES[kind] * hidden
    return {"W": uniform(key, inputs, size), "U": uniform(key, hidden, size),
            "b": uniform(key, size), "d": uniform(key, size)}


def sequence(kind, parameters, x):
    """All time steps of x [B, T, D]."""
    hidden = parameters["U"].shape[0]
    start = (jnp.zeros((x.shape[0], hidden)),) * 2

    def step(state, x):
        state = cell(kind, parameters, x, *state)
        return state, state[0]
    return jnp.swapaxes(jax.lax.scan(step, start, jnp.swapaxes(x, 0, 1))[1], 0, 1)


def convolution(parameters, x, **how):
    """Channels first; the kernel [O, C, …]."""
    axes = "HW"[: x.ndim - 2]
    y = jax.lax.conv_general_dilated(
        x, parameters["W"], (1,) * len(axes), dimension_numbers=("NC" + axes, "OI" + axes, "NC" + axes),
        **how)
    return y + parameters["b"].reshape(-1, *(1,) * len(axes))


def kernel(key, *shape):
    return {"W": uniform(key, *shape), "b": uniform(key, shape[0])}


def dense(key, inputs, outputs):
    return {"W": uniform(key, inputs, outputs), "b": uniform(key, outputs)}


def apply(parameters, x):
    return x @ parameters["W"] + parameters["b"]


def cross_entropy(scores, targets):
    rows = log_softmax(scores.reshape(-1, scores.shape[-1]))
    return -jnp.take_along_axis(rows, targets.reshape(-1, 1), axis=1).mean()


def language(kind, vocabulary, embedding, hidden, layers, batch, steps):
    def make(key):
        ids = jax.random.randint(key, (2, batch, steps), 0, vocabulary)
        sizes = [embedding] + [hidden] * (layers - 1)
        parameters = {
            "embedding": uniform(key, vocabulary, embedding),
            "cells": [weights(kind, key, size, hidden) for size in sizes],
            "linear": dense(key, hidden, vocabulary),
        }

        def loss(p, x, targets):
            y = p["embedding"][x]
            for layer in p["cells"]:
                y = sequence(kind, layer, y)
            return cross_entropy(apply(p["linear"], y), targets)
        return parameters, loss, ids[0], ids[1]
    return make


def cascade(key):
    parameters = {
        "first": kernel(key, 32, 3, 3, 3), "second": kernel(key, 64, 32, 3, 3),
        "lstm": weights("lstm", key, 64 * 16 * 16, 100), "linear": dense(key, 100, 10),
    }

    def loss(p, x, targets):
        y = relu(convolution(p["first"], x.reshape(-1, 3, 32, 32), padding="SAME"))
        y = y.reshape(64, 32, 16, 2, 16, 2).max((3, 5))
        y = relu(convolution(p["second"], y, padding="SAME")).reshape(8, 8, -1)
        return cross_entropy(apply(p["linear"], sequence("lstm", p["lstm"], y)[:, -1]), targets)
    x = jax.random.uniform(key, (8, 8, 3, 32, 32))
    return parameters, loss, x, jnp.arange(8) % 10


def convlstm(key):
    parameters = {"gates": kernel(key, 64, 17, 3, 3), "frame": kernel(key, 1, 16, 1, 1)}

    def loss(p, x, targets):
        def step(state, frame):
            h, c = state
            both = jnp.concatenate([frame, h], axis=1)
            i, f, g, o = jnp.split(convolution(p["gates"], both, padding="SAME"), 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(g)
            h = sigmoid(o) * jnp.tanh(c)
            return (h, c), convolution(p["frame"], h, padding="SAME")
        start = (jnp.zeros((8, 16, 32, 32)),) * 2
        frames = jax.lax.scan(step, start, jnp.swapaxes(x, 0, 1))[1]
        return ((frames - jnp.swapaxes(targets, 0, 1)) ** 2).mean()
    x = jax.random.uniform(key, (2, 8, 10, 1, 32, 32))
    return parameters, loss, x[0], x[1]


def tcn(key):
    blocks = [[kernel(key, 32, 32 if i else 1, 3), kernel(key, 32, 32, 3)] for i in range(7)]
    parameters = {"blocks": blocks, "around": kernel(key, 32, 1, 1), "linear": dense(key, 32, 10)}

    def loss(p, x, targets):
        for i, block in enumerate(p["blocks"]):
            y = x
            for half in block:
                y = relu(
                    convolution(half, y, padding=[(2 * 2**i, 0)], rhs_dilation=(2**i,)))
            x = relu(y + (x if i else convolution(p["around"], x, padding="SAME")))
        return cross_entropy(apply(p["linear"], x[:, :, -1]), targets)
    return parameters, loss, jax.random.uniform(key, (16, 1, 256)), jnp.arange(16) % 10


def danq(key):
    parameters = {
        "convolution": kernel(key, 320, 4, 26), "there": weights("lstm", key, 320, 320),
        "back": weights("lstm", key, 320, 320), "dense": dense(key, 75 * 640, 925),
        "linear": dense(key, 925, 919),
    }

    def loss(p, x, targets):
        y = relu(convolution(p["convolution"], x, padding="VALID"))
        y = jnp.swapaxes(y.reshape(4, 320, 75, 13).max(3), 1, 2)
        back = sequence("lstm", p["back"], y[:, ::-1])[:, ::-1]
        y = jnp.concatenate([sequence("lstm", p["there"], y), back], axis=2)
        z = apply(p["linear"], relu(apply(p["dense"], y.reshape(4, -1))))
        return (jnp.maximum(z, 0) - z * targets + jnp.log1p(jnp.exp(-abs(z)))).mean()
    targets = jax.random.randint(key, (4, 919), 0, 2).astype("float32")
    return parameters, loss, jax.random.uniform(key, (4, 4, 1000)), targets


MODELS = {
    "rnn-small": language("rnn", 64, 32, 64, 1, 16, 50),
    "gru-small": language("gru", 64, 32, 64, 1, 16, 50),
    "lstm-char": language("lstm", 96, 64, 128, 2, 32, 64),
    "gru-char": language("gru", 96, 64, 128, 2, 32, 64),
    "lstm-large": language("lstm", 96, 256, 512, 1, 64, 64),
    "cascade": cascade, "convlstm": convlstm, "tcn": tcn, "danq": danq,
}


def training(make):
    parameters, loss, x, targets = make(jax.random.key(0))
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    @jax.jit
    def step(parameters, m, v, t):
        gradient = jax.grad(loss)(parameters, x, targets)
        norm = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(gradient)))
        clip = jnp.minimum(1, 1 / (norm + 1e-6))
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * clip * g, m, gradient)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * (clip * g) ** 2, v, gradient)
        parameters = jax.tree.map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8),
            parameters, m, v)
        return parameters, m, v, t + 1
    state = (parameters, zeros, zeros, jnp.float32(1))

    def run():
        nonlocal state
        state = jax.block_until_ready(step(*state))
    return run


def latency():
    key = jax.random.key(0)
    parameters, x = weights("lstm", key, 64, 128), uniform(key, 1, 64)
    state = (jnp.zeros((1, 128)),) * 2
    step = jax.jit(lambda h, c: cell("lstm", parameters, x, h, c))

    def run():
        nonlocal state
        state = jax.block_until_ready(step(*state))
    return run


if __name__ == "__main__":
    workloads = {name: (lambda make=make: training(make)) for name, make in MODELS.items()}
    workloads["step-latency"] = latency
    workloads["start-up"] = lambda: peer.start_up("import jax.numpy as np; np.zeros(1)")
    peer.main(__doc__, workloads, lambda threads: f"JAX {jax.__version__}")
