"""predict: arrays in, arrays out."""

import json

import numpy

from support import (
    ROOT, as_nobody, check, letters, parse, read_safetensors, refused, write_safetensors,
)


class Model:
    """A session with weights of its own making."""

    def __init__(self, program, folder, session):
        self.program, self.folder, self.session = program, folder, session
        self.summary = parse(program("summary", session, "--json", folder=folder).out)
        source = numpy.random.default_rng(3)
        self.weights = {
            parameter["name"]: source.normal(0, 0.3, parameter["shape"]).astype("float32")
            for layer in self.summary["layers"] for parameter in layer["parameters"]
        }
        self.save(self.weights)

    def save(self, weights):
        write_safetensors(self.folder / "w.safetensors", weights)

    def predict(self, array=None, *more, weights="w.safetensors", output="y.npy", **options):
        if array is not None:
            numpy.save(self.folder / "x.npy", array)
        return self.program(
            "predict", self.session, "--weights", weights, "--input", "x.npy", "--output", output,
            *more, folder=self.folder, **options)

    def parameter(self, layer, kind):
        """The only weight of a layer whose name begins like this."""
        prefix = f"{layer}.{kind}"
        (found,) = [value for name, value in self.weights.items() if name.startswith(prefix)]
        return found.astype("float64")


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def gru(model, x):
    """Every signal of a GRU over x [B, T, D], from its equations."""
    wi, wh = model.parameter("gru", "weight_ih"), model.parameter("gru", "weight_hh")
    bi, bh = model.parameter("gru", "bias_ih"), model.parameter("gru", "bias_hh")
    h = numpy.zeros((x.shape[0], wh.shape[1]))
    signals = {name: [] for name in "rznh"}
    for t in range(x.shape[1]):
        ir, iz, in_ = numpy.split(x[:, t] @ wi.T + bi, 3, axis=1)
        hr, hz, hn = numpy.split(h @ wh.T + bh, 3, axis=1)
        r, z = sigmoid(ir + hr), sigmoid(iz + hz)
        n = numpy.tanh(in_ + r * hn)
        h = (1 - z) * n + z * h
        for name, value in zip("rznh", (r, z, n, h)):
            signals[name].append(value)
    return {f"gru.{name}": numpy.stack(values, 1) for name, values in signals.items()}


def holds(path, wanted):
    """The output file has this array, float32 in row-major order."""
    array = numpy.load(path, allow_pickle=False)
    assert array.dtype == numpy.dtype("<f4") and array.flags.c_contiguous, array
    assert array.shape == wanted.shape and abs(array - wanted).max() < 1e-5, array - wanted


@check
def ids_are_predicted_and_traced(program, folder):
    model = Model(program, folder, letters(folder))
    classes = len(model.weights["linear.bias"])
    ids = numpy.random.default_rng(1).integers(0, classes, (3, 7))
    expected = gru(model, model.parameter("embedding", "weight")[ids])
    scores = expected["gru.h"] @ model.parameter("linear", "weight").T
    scores += model.parameter("linear", "bias")
    for dtype in ("int64", "int32", "uint8", ">i8"):
        done = model.predict(ids.astype(dtype), "--trace", "t.safetensors")
        assert done.code == 0 and not done.out, done
        holds(folder / "y.npy", scores)
        trace = read_safetensors(folder / "t.safetensors")
        assert set(trace) == set(expected), set(trace)
        for name, values in expected.items():
            assert trace[name].shape == (3, 7, 12) and abs(trace[name] - values).max() < 1e-5, name
    output = parse(program("summary", model.session, "--json", folder=folder).out)["layers"][-1]
    assert output["output"] == f"[B, T, {classes}]"
    assert model.predict(numpy.asfortranarray(ids)).code == 0
    holds(folder / "y.npy", scores)
    reordered = dict(reversed(model.weights.items()))
    model.save(reordered)
    assert model.predict(ids, "--threads", "2").code == 0
    holds(folder / "y.npy", scores)
    for save in (numpy.savez, numpy.savez_compressed):
        save(folder / "w.npz", **model.weights)
        assert model.predict(ids, weights="w.npz").code == 0
        holds(folder / "y.npy", scores)


@check
def features_are_predicted_and_traced(program, folder):
    session = str(ROOT / "sessions" / "pendigits-gru.json")
    model = Model(program, folder, session)
    x = numpy.random.default_rng(2).normal(size=(4, 8, 2)).astype("float32")
    expected = gru(model, x.astype("float64"))
    scores = expected["gru.h"][:, -1] @ model.parameter("linear", "weight").T
    scores += model.parameter("linear", "bias")
    done = model.predict(x, "--trace", "t.safetensors")
    assert done.code == 0, done
    holds(folder / "y.npy", scores)
    trace = read_safetensors(folder / "t.safetensors")
    assert set(trace) == set(expected)
    assert all(abs(trace[name] - expected[name]).max() < 1e-5 for name in trace)
    assert model.predict(x.astype("float64")).code == 0
    holds(folder / "y.npy", scores)
    x[1, 2, 0] = numpy.nan
    assert model.predict(x).code == 0
    assert numpy.isnan(numpy.load(folder / "y.npy")).any(axis=1).tolist() == [0, 1, 0, 0]


@check
def examples_without_time_are_predicted(program, folder):
    model = Model(program, folder, str(ROOT / "sessions" / "digits-dense.json"))
    x = numpy.zeros((4, 1, 8, 8), "float32")
    assert model.predict(x).code == 0
    assert numpy.load(folder / "y.npy").shape == (4, 10)
    refused(model.predict(x[:, None]), 65,
            "'x.npy' needs to hold floats [batch, 1, 8, 8], got an array [4, 1, 1, 8, 8].")


@check
def wrong_inputs_say_what_is_needed(program, folder):
    model = Model(program, folder, letters(folder))
    count = len(model.weights["linear.bias"])
    needs = f"'x.npy' needs to hold whole numbers [batch, time] from 0 to {count - 1}, got "
    ids = numpy.zeros((2, 3), "int64")
    wrong = [
        (ids.astype("float32"), 65, needs + "numbers of type F32."),
        (ids[0], 65, needs + "an array [3]."),
        (ids[None], 65, needs + "an array [1, 2, 3]."),
        (ids[:0], 65, needs + "an empty array [0, 3]."),
        (ids - 1, 65, needs + "the id -1."),
        (ids + count, 65, needs + f"the id {count}."),
        (ids + 2**62, 65, needs + f"the id {2**62}."),
        (numpy.array([["a", "b"]]), 65, "has type '<U1', which cannot be read"),
        (numpy.array([[{}, []]], dtype=object), 65, "holds Python objects"),
    ]
    for array, code, sentence in wrong:
        refused(model.predict(array), code, sentence)
    numpy.save(folder / "x.npy", ids)
    data = (folder / "x.npy").read_bytes()
    (folder / "x.npy").write_bytes(data[:-1])
    refused(model.predict(), 65, "It was cut short: copy it again.")
    (folder / "x.npy").write_bytes(b"")
    refused(model.predict(), 65, "x.npy")
    (folder / "x.npy").unlink()
    refused(model.predict(), 66, "x.npy")
    session = str(ROOT / "sessions" / "pendigits-gru.json")
    digits = Model(program, folder, session)
    needs = "'x.npy' needs to hold floats [batch, time, 2], got "
    for array in (ids, numpy.zeros((2, 3, 3), "float32")):
        refused(digits.predict(array), 65, needs + f"an array {list(array.shape)}.")
    assert not (folder / "y.npy").exists()


@check
def wrong_weights_say_which(program, folder):
    model = Model(program, folder, letters(folder))
    ids = numpy.zeros((2, 3), "int64")
    cure = "Use the session that they were trained with."
    missing = {name: value for name, value in model.weights.items() if name != "linear.bias"}
    count = len(model.weights["linear.bias"])
    model.save(missing)
    refused(
        model.predict(ids), 65,
        f"Weights need 'linear.bias' of shape [{count}], got none. {cure}")
    model.save({**model.weights, "extra.weight": numpy.zeros((2, 2))})
    refused(model.predict(ids), 65, f"The model has no weights 'extra.weight', got some. {cure}")
    model.save({**model.weights, "linear.bias": numpy.zeros(count + 1)})
    refused(
        model.predict(ids), 65,
        f"Weights need 'linear.bias' of shape [{count}], got [{count + 1}]. {cure}")
    model.save(model.weights)
    data = (folder / "w.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(data[:-4])
    refused(model.predict(ids, weights="cut.safetensors"), 65, "cut.safetensors")
    (folder / "text.safetensors").write_text("hello, this is no such file")
    refused(model.predict(ids, weights="text.safetensors"), 65, "text.safetensors")
    refused(model.predict(ids, weights="none.safetensors"), 66, "none.safetensors")
    refused(model.predict(ids, weights="."), 66, "is a folder")


@check
def a_checkpoint_serves_as_weights(program, folder):
    model = Model(program, folder, letters(folder))
    done = program("train", model.session, "--headless", "--run", "run", folder=folder)
    assert done.code == 0, done
    (checkpoint,) = (folder / "run").glob("ckpt-00000040.safetensors")
    ids = numpy.random.default_rng(1).integers(0, 9, (2, 30))
    assert model.predict(ids, weights=checkpoint).code == 0
    first = numpy.load(folder / "y.npy")
    arrays = read_safetensors(checkpoint)
    model.save({
        name.removeprefix("model."): value
        for name, value in arrays.items() if name.startswith("model.")
    })
    assert model.predict(ids).code == 0
    assert (numpy.load(folder / "y.npy") == first).all() and numpy.isfinite(first).all()


@check
def an_output_that_cannot_be_written_keeps_what_is_there(program, folder):
    prefix = as_nobody(folder)
    model = Model(program, folder, letters(folder))
    ids = numpy.zeros((1, 2), "int64")
    refused(model.predict(ids, output="no/y.npy"), 73, "Create its folder first.")
    refused(model.predict(ids, output="."), 73, "Cannot save")
    refused(model.predict(ids, output="/dev/full"), 73, "Cannot save '/dev/full'")
    folder.chmod(0o555)
    refused(model.predict(output="y.npy", prefix=prefix), 77, "Cannot save 'y.npy': Permission")
    folder.chmod(0o755)
    (folder / "y.npy").write_text("mine")
    refused(model.predict(ids, "--trace", "no/t.safetensors"), 73, "Create its folder first.")


@check
def an_absurd_model_is_not_made(program, folder):
    letters(folder)
    session = json.loads((folder / "letters.json").read_text())
    session["model"][1]["hidden_size"] = 65536
    (folder / "letters.json").write_text(json.dumps(session))
    numpy.save(folder / "x.npy", numpy.zeros((1, 2), "int64"))
    write_safetensors(folder / "w.safetensors", {"a": numpy.zeros(3)})
    arguments = ["--weights", "w.safetensors", "--input", "x.npy", "--output", "y.npy"]
    done = program("predict", "letters.json", *arguments, folder=folder)
    refused(done, 74, "Running this model over 'x.npy' needs ", "of memory, got ")


@check
def a_long_input_is_refused_when_memory_is_short(program, folder):
    model = Model(program, folder, letters(folder))
    numpy.save(folder / "x.npy", numpy.zeros((64, 40_000), "uint8"))
    for megabytes in (600, 1000, 1500, 3000):
        done = model.predict(memory=megabytes << 20)
        assert done.code in (0, 74), (megabytes, done)
        assert done.code == 0 or "of memory, got" in done.err, done
