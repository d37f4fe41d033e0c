"""Makes the reference numbers of the layers without recurrence: python3 make_feedforward.py

The same rules as in make_layers.py beside it. Our sequences are [B, T, D] and PyTorch's
convolutions and pools over time want [B, D, T], so these modules transpose on both sides.
"""

import torch
from torch import nn
from torch.nn import functional as F

from make_layers import draw, run, weighted, write


def activations():
    generator = torch.Generator().manual_seed(60)
    functions = {
        "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish,
        "softplus": F.softplus, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
        "log_sigmoid": F.logsigmoid,
        "hard_sigmoid": F.hardsigmoid, "hard_tanh": F.hardtanh, "softsign": F.softsign,
        "softmax": lambda x: F.softmax(x, dim=-1),
    }
    # Also far from 0, where functions saturate, and at the kinks.
    x = draw(generator, 3, 7, 5, bound=6)
    x[0, 0] = torch.tensor([0, 1, -1, 3, -3]).double()
    x[0, 1] = torch.tensor([80, -80, 19.5, -19.5, 1e-4]).double()
    found = {"x": x}
    for name, function in functions.items():
        leaf = x.clone().requires_grad_()
        output = function(leaf)
        weighted(output).backward()
        found |= {f"output.{name}": output, f"grad.{name}": leaf.grad}
    write("activations", found)


class Normalization(nn.Module):
    """A module over the channels of `[N, C, ...]`; sequences are so many more examples."""

    def __init__(self, module, sequence):
        super().__init__()
        self.module, self.sequence = module, sequence

    def forward(self, inputs):
        x = inputs["x"]
        return {"output": self.module(x.flatten(0, 1) if self.sequence else x).reshape(x.shape)}


def normalizations():
    generator = torch.Generator().manual_seed(61)
    cases = {
        "layer_norm": (nn.LayerNorm(5), [3, 7, 5]),
        "layer_norm_image": (nn.LayerNorm([4, 3, 5]), [2, 4, 3, 5]),
        "rms_norm": (nn.RMSNorm(5, eps=2**-23), [3, 7, 5]),
        "group_norm": (nn.GroupNorm(2, 6), [3, 7, 6]),
        "group_norm_image": (nn.GroupNorm(2, 4), [2, 4, 3, 5]),
        "batch_norm": (nn.BatchNorm1d(5), [3, 7, 5]),
        "batch_norm_image": (nn.BatchNorm2d(4), [2, 4, 3, 5]),
    }
    for name, (module, shape) in cases.items():
        x = (draw(generator, *shape, bound=2) + 0.5).float().double().requires_grad_()
        sequence = len(shape) == 3
        module = Normalization(module, sequence)
        found = run(module, {"x": x}, generator, bound=1.5)
        if name.startswith("batch_norm"):
            found |= {key.split(".")[-1]: value for key, value in module.named_buffers()}
            found.pop("num_batches_tracked")
            found["evaluated"] = module.eval()({"x": x})["output"]
        write(name, found)


class Steps(nn.Module):
    """A module over images `[N, C, H, W]`, on every step of a sequence of them."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, inputs):
        x = inputs["x"]
        return {"output": self.module(x.flatten(0, 1)).unflatten(0, x.shape[:2])}


class OverTime(nn.Module):
    """A module that wants `[B, D, T]`; sequences are `[B, T, D]`."""

    def __init__(self, module, front=None):
        super().__init__()
        self.module, self.front = module, front

    def forward(self, inputs):
        x = inputs["x"].transpose(1, 2)
        if self.front is not None:
            x = F.pad(x, (self.front, 0))
        return {"output": self.module(x).transpose(1, 2)}


class Single(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, inputs):
        return {"output": self.module(inputs["x"])}


class Ids(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, inputs):
        return {"output": self.module(inputs["x"].long())}


class Video(nn.Module):
    """A module that wants `[B, C, T, H, W]`; videos are `[B, T, C, H, W]`."""

    def __init__(self, module, pad=(0,) * 6):
        super().__init__()
        self.module, self.pad = module, pad

    def forward(self, inputs):
        x = F.pad(inputs["x"].transpose(1, 2), self.pad)
        return {"output": self.module(x).transpose(1, 2)}


class Cut(nn.Module):
    """A transposed convolution without what is more than `stride` times the input."""

    def __init__(self, module, front):
        super().__init__()
        self.module, self.front = module, front

    def forward(self, x):
        y = self.module(x)
        for axis in range(2, x.dim()):
            y = y.narrow(axis, self.front, x.shape[axis] * self.module.stride[axis - 2])
        return y


class Halves(nn.Module):
    """A function of the two halves of the channels, which are an axis of `[N, C, H, W]` or the last."""

    def __init__(self, merge):
        super().__init__()
        self.merge = merge

    def forward(self, x):
        return self.merge(x, -3 if x.dim() == 4 else -1)


def swiglu(x, axis):
    a, b = x.chunk(2, dim=axis)
    return F.silu(a) * b


class ScaleNorm(nn.Module):
    """PyTorch has none: g x / sqrt(|x|^2 + D eps)."""

    def __init__(self, size):
        super().__init__()
        self.g, self.size = nn.Parameter(torch.ones(1)), size

    def forward(self, x):
        return self.g * x / (x.square().sum(-1, keepdim=True) + self.size * 1e-5).sqrt()


def more():
    """With a stream of its own, so that the numbers above stay as they are."""
    generator = torch.Generator().manual_seed(64)
    sequence, image, video = [3, 11, 6], [2, 6, 9, 7], [2, 5, 4, 6, 5]
    cases = {
        "conv3d": (Video(nn.Conv3d(4, 3, 3, padding="same")), video),
        "conv3d_causal": (
            Video(nn.Conv3d(4, 6, 3, stride=2, groups=2), (1, 1, 1, 1, 2, 0)), video),
        "conv3d_valid": (Video(nn.Conv3d(4, 3, 2, dilation=2, bias=False)), video),
        "conv_transpose1d": (OverTime(Cut(nn.ConvTranspose1d(6, 4, 4, stride=2), 1)), sequence),
        "conv_transpose1d_causal": (
            OverTime(Cut(nn.ConvTranspose1d(6, 4, 3, stride=2, groups=2), 0)), sequence),
        "conv_transpose1d_valid": (
            OverTime(nn.ConvTranspose1d(6, 5, 3, stride=3, dilation=2)), sequence),
        "conv_transpose2d": (Single(Cut(nn.ConvTranspose2d(6, 4, 3), 1)), image),
        "conv_transpose2d_stride": (
            Single(Cut(nn.ConvTranspose2d(6, 4, 2, stride=3, output_padding=1), 0)), image),
        "conv_transpose2d_valid": (
            Single(nn.ConvTranspose2d(6, 9, 3, stride=2, groups=3, bias=False)), image),
        "adaptive_avg_pool1d": (OverTime(nn.AdaptiveAvgPool1d(4)), sequence),
        "adaptive_max_pool1d": (OverTime(nn.AdaptiveMaxPool1d(4)), sequence),
        "adaptive_max_pool2d": (Single(nn.AdaptiveMaxPool2d(4)), image),
        "instance_norm": (Single(nn.InstanceNorm2d(6, affine=True)), image),
        "scale_norm": (Single(ScaleNorm(6)), sequence),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        if "max" in name:  # with ties, of which the first gets the gradient
            x = (x * 2).round() / 2
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def structured_activations():
    generator = torch.Generator().manual_seed(65)
    sequence, image = [3, 11, 6], [2, 6, 9, 7]
    cases = {
        "glu": (Single(Halves(F.glu)), sequence), "glu_image": (Single(Halves(F.glu)), image),
        "swiglu": (Single(Halves(swiglu)), sequence),
        "swiglu_image": (Single(Halves(swiglu)), image),
        "prelu": (Single(nn.PReLU()), sequence),
        "prelu_channels": (OverTime(nn.PReLU(6)), sequence),
        "prelu_image": (Single(nn.PReLU(6)), image),
    }
    for name, (module, shape) in cases.items():
        x = (draw(generator, *shape, bound=4)).float().double()
        x[0, 0] = 0  # at the kink
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def upsampling():
    generator = torch.Generator().manual_seed(66)
    sequence, image, images = [3, 5, 4], [2, 3, 4, 5], [2, 3, 2, 4, 5]

    def planes(scale, mode):
        corners = None if mode == "nearest" else False
        return nn.Upsample(scale_factor=scale, mode=mode, align_corners=corners)

    cases = {
        "upsample1d": (OverTime(planes(3, "nearest")), sequence),
        "upsample1d_linear": (OverTime(planes(3, "linear")), sequence),
        "upsample2d": (Single(planes(2, "nearest")), image),
        "upsample2d_linear": (Single(planes((3, 2), "bilinear")), image),
        "upsample2d_steps": (Steps(planes(2, "bilinear")), images),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def unequal_sides():
    generator = torch.Generator().manual_seed(67)
    image, video = [2, 6, 9, 7], [2, 5, 4, 6, 5]
    cases = {
        "conv2d_sides": (Single(nn.Conv2d(6, 4, (3, 5), stride=(2, 1), padding=(1, 2))), image),
        "conv3d_sides": (Video(nn.Conv3d(4, 3, (1, 2, 3), stride=(2, 1, 1))), video),
        "conv_transpose2d_sides": (
            Single(nn.ConvTranspose2d(6, 4, (2, 3), stride=(3, 2), dilation=(1, 2))), image),
        "conv_transpose3d": (Video(Cut(nn.ConvTranspose3d(4, 3, 3), 1)), video),
        "conv_transpose3d_valid": (
            Video(nn.ConvTranspose3d(4, 6, (1, 2, 3), stride=(2, 1, 2), groups=2)), video),
        "max_pool2d_sides": (Single(nn.MaxPool2d((2, 3), stride=(1, 2))), image),
        "max_pool3d": (Video(nn.MaxPool3d(2)), video),
        "max_pool3d_sides": (Video(nn.MaxPool3d((3, 2, 2), stride=(2, 1, 2), padding=(1, 0, 1))), video),
        "avg_pool3d": (Video(nn.AvgPool3d(2)), video),
        "avg_pool3d_sides": (Video(nn.AvgPool3d((3, 2, 2), stride=(2, 1, 2), padding=(1, 0, 1))), video),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        if "max" in name:  # with ties, of which the first gets the gradient
            x = (x * 2).round() / 2
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def embedding():
    generator = torch.Generator().manual_seed(63)
    ids = torch.randint(0, 6, (3, 7), generator=generator).double()
    ids[0, :2] = 2
    module = Ids(nn.Embedding(6, 4, padding_idx=2))
    write("embedding_padded", run(module, {"x": ids}, generator, bound=1.0))


def padding_by_number():
    generator = torch.Generator().manual_seed(71)
    sequence, image, video = [3, 11, 6], [2, 6, 9, 7], [2, 5, 4, 6, 5]
    cases = {
        "conv1d_padding": (OverTime(nn.Conv1d(6, 4, 3, stride=2, padding=4)), sequence),
        "conv2d_padding": (Single(nn.Conv2d(6, 4, 5, padding=1)), image),
        "conv2d_padding_sides": (
            Single(nn.Conv2d(6, 4, 3, stride=2, dilation=2, padding=(0, 3))), image),
        "conv3d_padding": (Video(nn.Conv3d(4, 3, (3, 2, 3), padding=(2, 0, 1))), video),
        "conv_transpose1d_padding": (
            OverTime(nn.ConvTranspose1d(6, 4, 4, stride=3, padding=1, output_padding=2)), sequence),
        "conv_transpose2d_padding": (
            Single(nn.ConvTranspose2d(6, 4, 4, stride=2, padding=1, output_padding=1)), image),
        "conv_transpose2d_behind": (
            Single(nn.ConvTranspose2d(6, 4, 3, stride=(2, 3), output_padding=(1, 2))), image),
        "conv_transpose3d_padding": (
            Video(nn.ConvTranspose3d(4, 3, 3, stride=(1, 2, 1), padding=(1, 0, 1))), video),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def convolutions():
    generator = torch.Generator().manual_seed(62)
    sequence, image, images = [3, 11, 6], [2, 6, 9, 7], [2, 3, 6, 9, 7]
    cases = {
        "conv1d": (OverTime(nn.Conv1d(6, 4, 3, padding="same")), sequence),
        "conv1d_even": (OverTime(nn.Conv1d(6, 37, 4, padding="same", dilation=2)), sequence),
        "conv1d_causal": (OverTime(nn.Conv1d(6, 4, 3, dilation=2, groups=2), 4), sequence),
        "conv1d_valid": (OverTime(nn.Conv1d(6, 4, 3, stride=2, bias=False)), sequence),
        "conv2d": (Single(nn.Conv2d(6, 4, 3, padding="same")), image),
        "conv2d_valid": (Single(nn.Conv2d(6, 37, 3, stride=2, dilation=2)), image),
        "conv2d_groups": (Single(nn.Conv2d(6, 9, 3, padding=1, stride=2, groups=3)), image),
        "conv2d_steps": (Steps(nn.Conv2d(6, 4, 2)), images),
        "max_pool1d": (OverTime(nn.MaxPool1d(3)), sequence),
        "max_pool1d_padded": (OverTime(nn.MaxPool1d(3, stride=2, padding=1)), sequence),
        "avg_pool1d": (OverTime(nn.AvgPool1d(3, stride=2, padding=1)), sequence),
        "max_pool2d": (Single(nn.MaxPool2d(2)), image),
        "max_pool2d_padded": (Single(nn.MaxPool2d(3, stride=2, padding=1)), image),
        "avg_pool2d": (Single(nn.AvgPool2d(3, stride=2, padding=1)), image),
        "adaptive_avg_pool2d": (Single(nn.AdaptiveAvgPool2d(4)), image),
        "adaptive_avg_pool2d_steps": (Steps(nn.AdaptiveAvgPool2d(1)), images),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        if "max" in name:  # with ties, of which the first gets the gradient
            x = (x * 2).round() / 2
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


def depthwise():
    """Every channel by itself: as many groups as channels, one and two kernels for each."""
    generator = torch.Generator().manual_seed(72)
    cases = {
        "conv1d_depthwise": (OverTime(nn.Conv1d(6, 12, 3, padding="same", groups=6)), [3, 11, 6]),
        "conv2d_depthwise": (
            Single(nn.Conv2d(6, 6, 3, padding=1, stride=2, groups=6)), [2, 6, 9, 7]),
    }
    for name, (module, shape) in cases.items():
        x = draw(generator, *shape, bound=1.5)
        write(name, run(module, {"x": x.requires_grad_()}, generator, bound=0.5))


if __name__ == "__main__":
    torch.set_num_threads(1)
    activations()
    normalizations()
    convolutions()
    more()
    structured_activations()
    upsampling()
    unequal_sides()
    padding_by_number()
    depthwise()
    embedding()
