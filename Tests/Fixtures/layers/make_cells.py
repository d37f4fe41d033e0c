"""Makes the reference numbers of the recurrent cells: python3 make_cells.py

As in make_layers.py: Float32 inputs and weights, Float64 arithmetic, and the same fixed weighted sum
as the loss. Bidirectional layers are PyTorch's own. The other cells are written here from their
papers' equations, one line each, over PyTorch's autograd; PyTorch has none of them.

Made with torch 2.13.0 and safetensors 0.8.0. Nothing of the product needs either.
"""

from make_layers import FOLDER, SMALL, draw, weighted, write

import torch
from torch import nn, sigmoid, tanh
from torch.nn.functional import batch_norm, conv2d, layer_norm, linear, relu


def finish(name, inputs, parameters, outputs, others={}):
    """Runs the weighted loss of the outputs back and writes every number worth comparing."""
    leaves = inputs | parameters
    sum(weighted(output) for output in outputs.values()).backward()
    found = leaves | outputs | others | {f"grad.{key}": value.grad for key, value in leaves.items()}
    write(name, found)


def bidirectional(name, make, seed):
    """x read from the zero state, with sequences of different lengths packed."""
    generator = torch.Generator().manual_seed(seed)
    T, B, D, H = (SMALL[key] for key in "TBDH")
    lengths = torch.tensor([4, 7, 1])
    module = make(D, H, batch_first=True, bidirectional=True).double()
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.copy_(draw(generator, *parameter.shape, bound=0.75))
    x = draw(generator, B, T, D, bound=1.5).requires_grad_()
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=False)
    output, _ = nn.utils.rnn.pad_packed_sequence(module(packed)[0], batch_first=True)
    finish(name, {"x": x}, parameters, {"output": output})


def cell(name, seed, shapes, states, step):
    """Runs `step(x, state, weights)`, which returns the new state, its output first."""
    generator = torch.Generator().manual_seed(seed)
    T, B, D, H = (SMALL[key] for key in "TBDH")
    x = draw(generator, B, T, D, bound=1.5)
    inputs = {"x": x} | {f"{key}0": draw(generator, B, H) for key in states}
    parameters = {key: draw(generator, *shape, bound=0.75) for key, shape in shapes.items()}
    for value in (inputs | parameters).values():
        value.requires_grad_()
    state = [inputs[f"{key}0"] for key in states]
    outputs = []
    for t in range(T):
        state = step(x[:, t], state, parameters)
        outputs.append(state[0])
    last = {f"{key}_n": value for key, value in zip(states, state)}
    finish(name, inputs, parameters, {"output": torch.stack(outputs, 1)} | last)


def stacked(gates, D, H):
    return {
        "weight_ih_l0": (gates * H, D), "weight_hh_l0": (gates * H, H),
        "bias_ih_l0": (gates * H,), "bias_hh_l0": (gates * H,),
    }


def gru_reset_before(x, state, w):
    (h,) = state
    H = h.shape[1]
    i = linear(x, w["weight_ih_l0"], w["bias_ih_l0"]).chunk(3, 1)
    U, d = w["weight_hh_l0"], w["bias_hh_l0"]
    r = sigmoid(i[0] + linear(h, U[:H], d[:H]))
    z = sigmoid(i[1] + linear(h, U[H : 2 * H], d[H : 2 * H]))
    n = tanh(i[2] + linear(r * h, U[2 * H :], d[2 * H :]))
    return [(1 - z) * n + z * h]


def peephole_lstm(x, state, w):
    h, c = state
    z = linear(x, w["weight_ih_l0"], w["bias_ih_l0"]) + linear(h, w["weight_hh_l0"], w["bias_hh_l0"])
    i, f, g, o = z.chunk(4, 1)
    new = sigmoid(f + w["weight_cf_l0"] * c) * c + sigmoid(i + w["weight_ci_l0"] * c) * tanh(g)
    return [sigmoid(o + w["weight_co_l0"] * new) * tanh(new), new]


def jordan(x, state, w):
    (y,) = state
    z = linear(x, w["weight_ih_l0"], w["bias_ih_l0"]) + linear(y, w["weight_hh_l0"], w["bias_hh_l0"])
    return [tanh(linear(tanh(z), w["weight_ho_l0"], w["bias_ho_l0"]))]


def indrnn(x, state, w):
    (h,) = state
    return [relu(linear(x, w["weight_ih_l0"], w["bias_ih_l0"]) + w["weight_hh_l0"] * h)]


def layer_norm_lstm(x, state, w):
    h, c = state
    H = h.shape[1]
    z = layer_norm(linear(x, w["weight_ih_l0"]), (4 * H,), w["norm_ih_weight_l0"])
    z = z + layer_norm(linear(h, w["weight_hh_l0"]), (4 * H,), w["norm_hh_weight_l0"])
    i, f, g, o = (z + w["bias_l0"]).chunk(4, 1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    normed = layer_norm(c, (H,), w["norm_c_weight_l0"], w["norm_c_bias_l0"])
    return [sigmoid(o) * tanh(normed), c]


def conv_lstm(name, seed, peephole):
    """States and inputs are written flat; `peephole` is the shape of one, of C, height and width."""
    generator = torch.Generator().manual_seed(seed)
    T, B, D, C, height, width, k = 4, 2, 3, 4, 5, 4, 3
    sizes = {"C": C, "height": height, "width": width}
    shapes = {
        "weight_ih_l0": (4 * C, D, k, k), "weight_hh_l0": (4 * C, C, k, k), "bias_l0": (4 * C,),
    } | {f"weight_c{gate}_l0": [sizes[axis] for axis in peephole] for gate in "ifo"}
    w = {key: draw(generator, *shape, bound=0.4) for key, shape in shapes.items()}
    inputs = {"x": draw(generator, B, T, D * height * width, bound=1.5)}
    inputs |= {f"{key}0": draw(generator, B, C * height * width) for key in "hc"}
    for value in [*inputs.values(), *w.values()]:
        value.requires_grad_()
    p = {gate: w[f"weight_c{gate}_l0"].reshape(C, *([1, 1] if len(peephole) == 1 else [height, width]))
         for gate in "ifo"}
    h, c = (inputs[f"{key}0"].reshape(B, C, height, width) for key in "hc")
    outputs = []
    for t in range(T):
        x = inputs["x"][:, t].reshape(B, D, height, width)
        z = conv2d(x, w["weight_ih_l0"], w["bias_l0"], padding="same")
        i, f, g, o = (z + conv2d(h, w["weight_hh_l0"], padding="same")).chunk(4, 1)
        c = sigmoid(f + p["f"] * c) * c + sigmoid(i + p["i"] * c) * tanh(g)
        h = sigmoid(o + p["o"] * c) * tanh(c)
        outputs.append(h.flatten(1))
    last = {"h_n": h.flatten(1), "c_n": c.flatten(1)}
    finish(name, inputs, w, {"output": torch.stack(outputs, 1)} | last)


def bn_lstm(name, seed):
    """Training from the zero state, then evaluation with the statistics that it moved."""
    generator = torch.Generator().manual_seed(seed)
    T, D, H = (SMALL[key] for key in "TDH")
    B = 12  # fewer sequences lie so close together that √ε decides, and rounding with it
    shapes = {
        "weight_ih_l0": (4 * H, D), "weight_hh_l0": (4 * H, H), "bias_l0": (4 * H,),
        "norm_ih_weight_l0": (4 * H,), "norm_hh_weight_l0": (4 * H,),
        "norm_c_weight_l0": (H,), "norm_c_bias_l0": (H,),
    }
    w = {key: draw(generator, *shape, bound=0.75) for key, shape in shapes.items()}
    x = draw(generator, B, T, D, bound=1.5)
    for value in [x, *w.values()]:
        value.requires_grad_()
    sizes = {"ih": 4 * H, "hh": 4 * H, "c": H}
    running = {}
    for part, size in sizes.items():
        running[f"norm_{part}_running_mean_l0"] = torch.zeros(T, size).double()
        running[f"norm_{part}_running_var_l0"] = torch.ones(T, size).double()

    def norm(z, part, t, training):
        mean, var = (running[f"norm_{part}_running_{key}_l0"][t] for key in ("mean", "var"))
        gain, shift = w[f"norm_{part}_weight_l0"], w.get(f"norm_{part}_bias_l0")
        return batch_norm(z, mean, var, gain, shift, training)

    def run(training):
        h = c = torch.zeros(B, H).double()
        outputs = []
        for t in range(T):
            z = norm(linear(x[:, t], w["weight_ih_l0"]), "ih", t, training)
            z = z + norm(linear(h, w["weight_hh_l0"]), "hh", t, training) + w["bias_l0"]
            i, f, g, o = z.chunk(4, 1)
            c = sigmoid(f) * c + sigmoid(i) * tanh(g)
            h = sigmoid(o) * tanh(norm(c, "c", t, training))
            outputs.append(h)
        return torch.stack(outputs, 1)

    output = run(training=True)
    finish(name, {"x": x}, w, {"output": output}, running | {"evaluated": run(training=False)})


def indrnn_norm(name, seed):
    """W x normalised before the activation and h after it, step by step: training, then evaluation."""
    generator = torch.Generator().manual_seed(seed)
    T, D, H = (SMALL[key] for key in "TDH")
    B = 12
    shapes = {
        "weight_ih_l0": (H, D), "weight_hh_l0": (H,), "bias_ih_l0": (H,), "norm_ih_weight_l0": (H,),
        "weight": (H,), "bias": (H,),
    }
    w = {key: draw(generator, *shape, bound=0.75) for key, shape in shapes.items()}
    x = draw(generator, B, T, D, bound=1.5)
    for value in [x, *w.values()]:
        value.requires_grad_()
    running = {}
    for part in ("norm_ih_running_{}_l0", "running_{}"):
        running[part.format("mean")] = torch.zeros(T, H).double()
        running[part.format("var")] = torch.ones(T, H).double()

    def norm(z, part, t, gain, shift, training):
        mean, var = (running[part.format(key)][t] for key in ("mean", "var"))
        return batch_norm(z, mean, var, gain, shift, training)

    def run(training):
        h, outputs = torch.zeros(B, H).double(), []
        for t in range(T):
            z = norm(linear(x[:, t], w["weight_ih_l0"]), "norm_ih_running_{}_l0", t,
                     w["norm_ih_weight_l0"], w["bias_ih_l0"], training)
            h = relu(z + w["weight_hh_l0"] * h)
            outputs.append(norm(h, "running_{}", t, w["weight"], w["bias"], training))
        return torch.stack(outputs, 1)

    output = run(training=True)
    finish(name, {"x": x}, w, {"output": output}, running | {"evaluated": run(training=False)})


def main():
    D, H = SMALL["D"], SMALL["H"]
    bidirectional("bi_rnn", nn.RNN, 60)
    bidirectional("bi_lstm", nn.LSTM, 61)
    bidirectional("bi_gru", nn.GRU, 62)
    cell("gru_reset_before", 63, stacked(3, D, H), "h", gru_reset_before)
    peepholes = {f"weight_c{gate}_l0": (H,) for gate in "ifo"}
    cell("peephole_lstm", 64, stacked(4, D, H) | peepholes, ["h", "c"], peephole_lstm)
    output = {"weight_ho_l0": (H, H), "bias_ho_l0": (H,)}
    cell("jordan", 65, stacked(1, D, H) | output, "y", jordan)
    independent = {"weight_ih_l0": (H, D), "weight_hh_l0": (H,), "bias_ih_l0": (H,)}
    cell("indrnn", 66, independent, "h", indrnn)
    indrnn_norm("indrnn_norm", 71)
    norms = {
        "weight_ih_l0": (4 * H, D), "weight_hh_l0": (4 * H, H), "bias_l0": (4 * H,),
        "norm_ih_weight_l0": (4 * H,), "norm_hh_weight_l0": (4 * H,),
        "norm_c_weight_l0": (H,), "norm_c_bias_l0": (H,),
    }
    cell("layer_norm_lstm", 67, norms, ["h", "c"], layer_norm_lstm)
    bn_lstm("bn_lstm", 68)
    conv_lstm("conv_lstm_channel", 69, ["C"])
    conv_lstm("conv_lstm_place", 70, ["C", "height", "width"])


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
    print(sum(path.stat().st_size for path in FOLDER.glob("*.safetensors")), "bytes in all")
