"""What a trained model makes of new material, and of time to come."""

import csv
import io
import math
import subprocess

import numpy

from support import ROOT, check, parse, refused


def table(text):
    """The rows of CSV as dictionaries."""
    return list(csv.DictReader(io.StringIO(text)))


@check
def new_texts_are_classified(program, folder):
    stems = {"north": ["olaf", "sven", "knut"], "south": ["luca", "ugo", "pia"]}
    rows = [
        f"{stem}{a}{b},{label}"
        for label, names in stems.items() for stem in names for a in "abc" for b in "xyz"
    ]
    (folder / "names.csv").write_text("\n".join(["name,label", *rows]) + "\n")
    done = program(
        "train", "--data", "names.csv", "--headless", "--steps", "150", folder=folder)
    assert done.code == 0, done

    def predict(*more, **options):
        done = program("predict", "last", *more, folder=folder, **options)
        assert done.code == 0, done
        return done.out

    answers = table(predict("--text", "svenax", "--text", "ugocc"))
    assert [(a["sequence"], a["rank"]) for a in answers] == [
        ("svenax", "1"), ("svenax", "2"), ("ugocc", "1"), ("ugocc", "2")], answers
    assert (answers[0]["label"], answers[2]["label"]) == ("north", "south"), answers
    assert abs(sum(float(a["probability"]) for a in answers[:2]) - 1) < 1e-5
    (folder / "new.txt").write_text("svenax\n\nugocc\n")
    assert table(predict("--text-file", "new.txt")) == answers
    (folder / "new.csv").write_text("id,name\n7,svenax\n8,ugocc\n")
    predict("--data", "new.csv", "--output", "answers.csv")
    assert table((folder / "answers.csv").read_text()) == answers
    found = parse(predict("--text", "ugocc", "--json", "--top", "1"))["answers"]
    assert [len(answer["labels"]) for answer in found] == [1], found
    assert found[0]["labels"][0]["label"] == "south"
    piped = subprocess.run(
        [program.path, "predict", "last", "--text-file", "-"], input="svenax\nugocc\n",
        capture_output=True, text=True, cwd=folder)
    assert table(piped.stdout) == answers, piped
    for arguments, words in (
        (["--text", "ugo!"], "got '!' at column 4. Leave that character out."),
        (["--data", "names.txt"], "names.txt"),
    ):
        done = program("predict", "last", *arguments, folder=folder)
        assert done.code in (65, 66) and words in done.err, done
    for arguments in (["--text", "a", "--data", "b"], ["--text", "a", "--set", "x=1"], []):
        done = program("predict", "last", *arguments, folder=folder)
        assert done.code == 64, done
    (folder / "names.csv").write_text("\n".join(["name,label", *rows, "zena,north"]) + "\n")
    refused(
        program("predict", "last", "--text", "ugo", folder=folder), 65,
        "Predicting needs the data that the model was trained on, got another one in")
    predict("--text", "ugo", "--changed-data")


@check
def a_series_is_predicted_and_forecast_in_its_unit(program, folder):
    wave = [200 + 50 * math.sin(2 * math.pi * t / 12) for t in range(300)]
    rows = [f"{t},{value}" for t, value in enumerate(wave)]
    (folder / "wave.csv").write_text("\n".join(["t,level", *rows]) + "\n")
    settings = [
        "--set", "data.inputs=level", "--set", "data.target=level",
        "--set", "data.sequence_length=36", "--set", "training.learning_rate=0.01"]
    done = program(
        "train", "--data", "wave.csv", *settings, "--headless", "--steps", "200", folder=folder)
    assert done.code == 0, done
    (folder / "new.csv").write_text(
        "\n".join(["note,level", *(f"x,{value}" for value in wave[5:65])]) + "\n")
    done = program("predict", "last", "--data", "new.csv", folder=folder)
    assert done.code == 0, done
    answers = table(done.out)
    assert [int(a["step"]) for a in answers] == list(range(1, 61)), done
    assert {a["quantity"] for a in answers} == {"level"}
    errors = [abs(float(a["value"]) - wave[5 + int(a["step"])]) for a in answers[20:]]
    assert max(errors) < 20, errors
    (folder / "bad.csv").write_text("level\n1\nhigh\n")
    done = program("predict", "last", "--data", "bad.csv", folder=folder)
    refused(done, 65, "got 'high' at line 3, column 1.")

    done = program("forecast", "last", "--steps", "12", "--read", "24", folder=folder)
    assert done.code == 0 and "RMSE over 12 steps" in done.err, done
    steps = table(done.out)
    assert [row["step"] for row in steps] == [str(step) for step in range(1, 13)], done
    for row in steps:
        low, high = float(row["q05"]), float(row["q95"])
        assert low <= float(row["q50"]) <= high, row
        assert 100 < float(row["forecast"]) < 300, row
        assert row["quantity"] == "level" and row["last_value"], row
    again = program("forecast", "last", "--steps", "12", "--read", "24", folder=folder)
    assert again.out == done.out
    found = parse(
        program("forecast", "last", "--steps", "3", "--json", folder=folder).out)
    assert len(found["quantities"][0]["steps"]) == 3 and found["data"].endswith("wave.csv")
    refused(
        program("forecast", "last", "--example", "4000", folder=folder), 64,
        "--example needs a number from 1 to ")


@check
def changes_are_put_back_into_their_unit(program, folder):
    # A slope that only grows: numbers of the future are beyond all that were seen.
    rows = [100 + 3 * t + 10 * math.sin(t / 3) for t in range(240)]
    (folder / "slope.csv").write_text("\n".join(["level", *map(str, rows[:200])]) + "\n")
    done = program(
        "train", "--data", "slope.csv", "--set", "data.target=level", "--set", "data.inputs=level",
        "--set", "data.difference=1", "--set", "data.sequence_length=24",
        "--set", "training.learning_rate=0.01", "--headless", "--steps", "200", folder=folder)
    assert done.code == 0, done
    (folder / "new.csv").write_text("\n".join(["level", *map(str, rows[200:])]) + "\n")
    done = program("predict", "last", "--data", "new.csv", folder=folder)
    assert done.code == 0, done
    answers = table(done.out)
    assert [int(a["step"]) for a in answers] == list(range(1, 41)), done
    # What follows row t stands in row t + 1.
    errors = [abs(float(a["value"]) - rows[200 + int(a["step"])]) for a in answers[8:-1]]
    assert max(errors) < 2.5, errors


@check
def several_inputs_come_from_one_file(program, folder):
    session = ROOT / "sessions" / "parallel-crnn.json"
    done = program("train", session, "--headless", "--steps", "30", folder=folder)
    assert done.code == 0, done
    rng = numpy.random.default_rng(1)
    frames = rng.normal(0, 0.2, (3, 1, 12, 12)).astype(numpy.float32)
    signs = numpy.eye(4, dtype=numpy.float32)[rng.integers(0, 4, (3, 20))]
    numpy.savez(folder / "both.npz", frame=frames, sequence=signs)
    answers = table(program("predict", "last", "--data", "both.npz", folder=folder).out)
    assert {a["sequence"] for a in answers} == {"1", "2", "3"}, answers
    numpy.savez(folder / "short.npz", frame=frames[:2], sequence=signs)
    refused(
        program("predict", "last", "--data", "short.npz", folder=folder), 65,
        "needs as many examples in 'frame' as in 'sequence', 3, got 2.")
    numpy.savez(folder / "one.npz", sequence=signs)
    refused(
        program("predict", "last", "--data", "one.npz", folder=folder), 65,
        "needs an array 'frame' [N, 1, 12, 12], got 'sequence'.")


@check
def pictures_go_the_way_of_the_training_pictures(program, folder):
    rng = numpy.random.default_rng(2)
    done = program(
        "train", ROOT / "sessions" / "digits-rows-elman.json", "--headless", "--steps", "30",
        folder=folder)
    assert done.code == 0, done
    pictures = rng.integers(0, 17, (2, 8, 8))
    numpy.save(folder / "pictures.npy", pictures)
    numpy.savetxt(
        folder / "pictures.csv", pictures.reshape(2, 64), fmt="%d", delimiter=",")
    found = [
        program("predict", "last", "--data", name, folder=folder).out
        for name in ("pictures.npy", "pictures.csv")]
    assert found[0] == found[1] and len(table(found[0])) == 6, found
    numpy.save(folder / "loud.npy", pictures * 16)
    refused(
        program("predict", "last", "--data", "loud.npy", folder=folder), 65,
        "needs pixels from 0 to 16 in 'x', got ")


@check
def sequences_end_to_end_have_their_lengths_beside_them(program, folder):
    rng = numpy.random.default_rng(3)
    lengths = rng.integers(3, 9, 40)
    steps = int(lengths.sum())
    numpy.save(folder / "x.npy", rng.normal(size=(steps, 2)))
    numpy.save(folder / "len.npy", lengths)
    numpy.save(folder / "y.npy", numpy.arange(40) % 2)
    done = program("train", "--data", "x.npy", "--headless", "--steps", "10", folder=folder)
    assert done.code == 0, done
    (folder / "new").mkdir()
    numpy.save(folder / "new" / "n.npy", rng.normal(size=(9, 2)))
    refused(
        program("predict", "last", "--data", "new/n.npy", folder=folder), 66,
        "need the lengths of their sequences beside them in 'len.npy'")
    numpy.save(folder / "new" / "parts.npy", numpy.array([4, 5]))
    asked = program(
        "predict", "last", "--data", "new/n.npy", "--lengths", "new/parts.npy", folder=folder)
    assert {a["sequence"] for a in table(asked.out)} == {"1", "2"}, asked
    numpy.save(folder / "new" / "len.npy", numpy.array([4, 5]))
    assert program("predict", "last", "--data", "new/n.npy", folder=folder).out == asked.out
