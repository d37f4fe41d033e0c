#!/usr/bin/env python3
"""One step of Keras on the workloads of `unroll bench`, in milliseconds: the twin of torch_step.py.

The same models out of Keras' own layers, compiled, on JAX unless KERAS_BACKEND says otherwise; a step
is `train_on_batch`.

    python3 keras_step.py [WORKLOAD ...] [--seconds S] [--threads N]
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers

import peer

random = np.random.default_rng(0)


def language(cell, vocabulary, embedding, hidden, count, batch, steps):
    def make():
        cells = [cell(hidden, return_sequences=True) for _ in range(count)]
        model = keras.Sequential(
            [layers.Embedding(vocabulary, embedding), *cells, layers.Dense(vocabulary)])
        ids = random.integers(0, vocabulary, (2, batch, steps))
        return model, ids[0], ids[1]
    return make


def cascade():
    frames = keras.Sequential([
        layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"), layers.Flatten(),
    ])
    model = keras.Sequential([layers.TimeDistributed(frames), layers.LSTM(100), layers.Dense(10)])
    return model, random.random((8, 8, 32, 32, 3), np.float32), random.integers(0, 10, 8)


def convlstm():
    model = keras.Sequential([
        layers.ConvLSTM2D(16, 3, padding="same", return_sequences=True),
        layers.TimeDistributed(layers.Conv2D(1, 1)),
    ])
    frames = random.random((2, 8, 10, 32, 32, 1), np.float32)
    return model, frames[0], frames[1]


def tcn():
    x = start = keras.Input((256, 1))
    for level in range(7):
        y = x
        for _ in range(2):
            y = layers.Conv1D(32, 3, padding="causal", dilation_rate=2**level, activation="relu")(y)
        around = x if level else layers.Conv1D(32, 1)(x)
        x = layers.Activation("relu")(layers.Add()([y, around]))
    model = keras.Model(start, layers.Dense(10)(x[:, -1]))
    return model, random.random((16, 256, 1), np.float32), random.integers(0, 10, 16)


def danq():
    model = keras.Sequential([
        layers.Conv1D(320, 26, activation="relu"), layers.MaxPooling1D(13),
        layers.Bidirectional(layers.LSTM(320, return_sequences=True)), layers.Flatten(),
        layers.Dense(925, activation="relu"), layers.Dense(919),
    ])
    flags = random.integers(0, 2, (4, 919)).astype(np.float32)
    return model, random.random((4, 1000, 4), np.float32), flags


MODELS = {
    "rnn-small": language(layers.SimpleRNN, 64, 32, 64, 1, 16, 50),
    "gru-small": language(layers.GRU, 64, 32, 64, 1, 16, 50),
    "lstm-char": language(layers.LSTM, 96, 64, 128, 2, 32, 64),
    "gru-char": language(layers.GRU, 96, 64, 128, 2, 32, 64),
    "lstm-large": language(layers.LSTM, 96, 256, 512, 1, 64, 64),
    "cascade": cascade, "convlstm": convlstm, "tcn": tcn, "danq": danq,
}


def training(name):
    model, x, targets = MODELS[name]()
    losses = keras.losses
    loss = {
        "convlstm": losses.MeanSquaredError(), "danq": losses.BinaryCrossentropy(from_logits=True),
    }.get(name, losses.SparseCategoricalCrossentropy(from_logits=True))
    model.compile(optimizer=keras.optimizers.Adam(1e-3, global_clipnorm=1.0), loss=loss)
    return lambda: model.train_on_batch(x, targets)


if __name__ == "__main__":
    workloads = {name: (lambda name=name: training(name)) for name in MODELS}
    workloads["start-up"] = lambda: peer.start_up("import keras")
    peer.main(
        __doc__, workloads,
        lambda threads: f"Keras {keras.__version__} on {keras.backend.backend()}")
