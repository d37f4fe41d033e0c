"""Makes the numbers of Tests/LayersTests/KerasReferenceTests: python3 make_keras.py

Keras computes in Float64 on its PyTorch backend from Float32 weights and inputs. What it calls kernel
and recurrent_kernel is written under our names and in our order: transposed, LSTM gates i, f, c, o as
our i, f, g, o, GRU gates z, r, h as our r, z, n, images with channels first. Keras has one bias where
we have two: the second is 0 here. The loss is the weighted sum of make_layers.py.

Made with keras 3.15.1, torch 2.13.0 and safetensors 0.8.0. Nothing of the product needs any of them.
"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers
from safetensors.torch import save_file

FOLDER = Path(__file__).parent
keras.config.set_floatx("float64")
B, T, D, H = 3, 7, 5, 4


def weighted(tensor):
    index = torch.arange(tensor.numel())
    return (tensor.flatten() * (0.5 + ((index * 37 + 11) % 101).double() / 128)).sum()


def draw(random, *shape, bound=1.0):
    return random.uniform(-bound, bound, shape).astype(np.float32).astype(np.float64)


def gates(array, order):
    """Rows of [G·H, …] in another order of the gates."""
    parts = np.split(array, len(order))
    return np.concatenate([parts[gate] for gate in order])


def recurrent(weights, order, suffix="_l0"):
    """Keras's kernel, recurrent kernel and bias under our names."""
    kernel, recurrent_kernel, bias = weights
    both = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
    return {
        f"weight_ih{suffix}": gates(kernel.T, order),
        f"weight_hh{suffix}": gates(recurrent_kernel.T, order),
        f"bias_ih{suffix}": gates(both[0], order),
        f"bias_hh{suffix}": gates(both[1], order),
    }


def recurrent_gradients(gradients, order, suffix="_l0"):
    found = recurrent(gradients, order, suffix)
    if gradients[2].ndim == 1:  # a bias of ours that Keras lacks moves with the other
        found[f"bias_hh{suffix}"] = found[f"bias_ih{suffix}"]
    return found


def both_ways(convert, order):
    return lambda weights: convert(weights[:3], order) | convert(weights[3:], order, "_l0_reverse")


def plain(*names, turn=lambda array: array):
    def convert(weights):
        turned = [turn(w) if w.ndim > 1 else w for w in weights]
        return dict(zip(names, turned))

    return convert


def channels_first(array):
    return np.moveaxis(array, -1, 1) if array.ndim > 2 else array


def kernel_first(array):
    """Keras's k…, in, out as our out, in, k…."""
    return np.moveaxis(array, (-1, -2), (0, 1))


def transposed_kernel_first(array):
    """Keras's k…, out, in as our in, out, k…."""
    return np.moveaxis(array, (-1, -2), (0, 1))


def write(name, tensors):
    tensors = {key: torch.tensor(np.ascontiguousarray(value)).float() for key, value in tensors.items()}
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def case(name, layer, shape, convert, convert_gradients=None, images=False, bound=1.0, ids=0, **call):
    """One layer with random weights on a random input."""
    random = np.random.default_rng(sum(map(ord, name)))
    x = random.integers(0, ids, shape).astype(np.float64) if ids else draw(random, *shape)
    layer.build((None,) + tuple(shape[1:]))
    for weight in layer.trainable_weights:
        weight.assign(draw(random, *weight.shape, bound=bound))
    given = torch.tensor(x, requires_grad=not ids)
    output = layer(given, **call)
    order = channels_first if images else (lambda array: array)
    shown = output
    if images:
        shown = torch.movedim(output, -1, 1) if output.ndim > 2 else output
    wanted = [weight.value for weight in layer.trainable_weights]
    leaves = ([] if ids else [given]) + wanted
    found = torch.autograd.grad(weighted(shown), leaves) if leaves else []
    gradients = [g.detach().numpy() for g in found]
    tensors = {"x": order(x), "output": shown.detach().numpy()}
    if not ids:
        tensors["grad.x"] = order(gradients.pop(0))
    tensors |= convert([w.detach().numpy() for w in wanted])
    for key, value in (convert_gradients or convert)(gradients).items():
        tensors[f"grad.{key}"] = value
    buffers = [w.value.detach().numpy() for w in layer.non_trainable_weights]
    for key, value in zip(("running_mean", "running_var"), buffers):
        tensors[key] = value
    write(name, tensors)


def cells():
    lstm, gru, rnn = (0, 1, 2, 3), (1, 0, 2), (0,)

    def one(name, layer, order):
        case(name, layer, (B, T, D), lambda w: recurrent(w, order),
             lambda w: recurrent_gradients(w, order), bound=0.8)

    def two(name, layer, order):
        case(name, layer, (B, T, D), both_ways(recurrent, order),
             both_ways(recurrent_gradients, order), bound=0.8)

    one("rnn_tanh", layers.SimpleRNN(H, return_sequences=True), rnn)
    one("rnn_relu", layers.SimpleRNN(H, activation="relu", return_sequences=True), rnn)
    one("lstm", layers.LSTM(H, return_sequences=True), lstm)
    one("gru_reset_after", layers.GRU(H, return_sequences=True), gru)
    one("gru_reset_before", layers.GRU(H, reset_after=False, return_sequences=True), gru)
    two("bi_lstm_concat", layers.Bidirectional(layers.LSTM(H, return_sequences=True)), lstm)
    two("bi_gru_sum",
        layers.Bidirectional(layers.GRU(H, return_sequences=True), merge_mode="sum"), gru)

    # k, k, in, gates as gates, in, k, k; the gates in our order
    case("conv_lstm",
         layers.ConvLSTM2D(H, 3, padding="same", recurrent_activation="sigmoid", return_sequences=True),
         (2, 4, 5, 6, 3), plain("weight_ih_l0", "weight_hh_l0", "bias_l0", turn=kernel_first),
         images=True, bound=0.4)


def starts():
    """The variance of 200000 weights of every start, 500 inputs and 400 outputs, and what a thousandth
    of them is beyond. Not the largest: of what Keras cuts at two deviations, four in a million are not.
    """
    found = {}
    for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
                 "lecun_normal", "random_uniform", "random_normal", "truncated_normal"):
        keras.utils.set_random_seed(1)
        drawn = keras.initializers.get(name)((500, 400)).detach().numpy()
        found[name] = np.array([drawn.var(), np.quantile(abs(drawn), 0.999)])
    write("initializers", found)


def feedforward():
    dense = plain("weight", "bias", turn=np.transpose)
    kernel = plain("weight", "bias", turn=kernel_first)
    back = plain("weight", "bias", turn=transposed_kernel_first)
    nothing = plain()
    sequence, image, volume = (2, 9, 4), (2, 7, 6, 4), (2, 5, 6, 7, 2)
    case("dense", layers.Dense(H), (B, T, D), dense)
    case("embedding", layers.Embedding(6, H), (B, T), plain("weight"), ids=6)
    case("conv1d_same", layers.Conv1D(6, 3, padding="same"), sequence, kernel)
    case("conv1d_causal", layers.Conv1D(6, 3, padding="causal", dilation_rate=2), sequence, kernel)
    case("conv1d_groups", layers.Conv1D(6, 3, padding="valid", strides=2, groups=2), sequence, kernel)
    case("conv2d_same", layers.Conv2D(6, 3, padding="same"), image, kernel, images=True)
    case("conv2d_valid", layers.Conv2D(6, 2, padding="valid", strides=2), image, kernel, images=True)
    case("conv3d_valid", layers.Conv3D(3, 2, padding="valid"), volume, kernel, images=True)
    case("conv_transpose1d", layers.Conv1DTranspose(6, 3, padding="valid", strides=2), sequence, back)
    case("conv_transpose2d", layers.Conv2DTranspose(6, 3, padding="valid", strides=2), image, back,
         images=True)
    case("max_pool1d", layers.MaxPooling1D(2), sequence, nothing)
    case("avg_pool1d", layers.AveragePooling1D(2), sequence, nothing)
    case("max_pool2d", layers.MaxPooling2D(2), image, nothing, images=True)
    case("avg_pool2d", layers.AveragePooling2D(2), image, nothing, images=True)
    case("adaptive_avg_pool1d", layers.AdaptiveAveragePooling1D(4), sequence, nothing)
    case("adaptive_max_pool1d", layers.AdaptiveMaxPooling1D(4), sequence, nothing)
    case("adaptive_avg_pool2d", layers.AdaptiveAveragePooling2D(3), image, nothing, images=True)
    case("adaptive_max_pool2d", layers.AdaptiveMaxPooling2D(3), image, nothing, images=True)
    norm = plain("weight", "bias")
    case("rms_norm", layers.RMSNormalization(epsilon=1e-6), (B, T, D), plain("weight"))
    case("layer_norm", layers.LayerNormalization(epsilon=1e-5), (B, T, D), norm)
    case("group_norm", layers.GroupNormalization(2, epsilon=1e-5), (B, 3, 5, 4), norm, images=True)
    case("batch_norm", layers.BatchNormalization(epsilon=1e-5, momentum=0.9), (6, D), norm,
         training=True)
    for function in ("relu", "gelu", "silu", "elu", "selu", "softplus", "softsign", "hard_sigmoid",
                     "mish", "sigmoid", "tanh", "softmax", "leaky_relu"):
        layer = layers.Activation(
            (lambda x: keras.activations.gelu(x, approximate=False)) if function == "gelu" else function)
        case("activation_" + function, layer, (B, 6, D), nothing)


cells()
feedforward()
starts()
