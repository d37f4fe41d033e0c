"""Data of the user's own, looked at and trained on, and claims put to the test."""

import math

import numpy as np

from support import check, parse, refused


def weather(folder, rows=400):
    lines = ["day,temperature,rain,wind"]
    for row in range(rows):
        rain = "" if row % 50 == 7 else str(row * 7 % 10)
        lines.append(f"{row},{10 * math.sin(row / 20):.3f},{rain},{'ab'[row % 2]}")
    path = folder / "weather.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@check
def a_table_is_understood_and_trained_on(program, folder):
    weather(folder)
    settings = ["--set", "data.target=temperature", "--set", "data.sequence_length=20"]
    done = program("data", "check", "weather.csv", "--json", *settings, folder=folder)
    assert done.code == 0, done
    report = parse(done.out)
    roles = {column["name"]: column for column in report["columns"]}
    assert roles["temperature"]["role"] == "input, target", roles
    assert roles["rain"]["missing"] == 8, roles
    assert roles["wind"]["type"] == "word", roles
    assert [part["split"] for part in report["splits"]] == ["train", "validation", "test"]
    text = program("data", "check", "weather.csv", *settings, folder=folder)
    command = text.out.strip().splitlines()[-1]
    assert command == report["train"] and command.startswith("unroll train --data"), command
    words = command.split()[1:] + ["--headless", "--steps", "20"]
    trained = program(*words, folder=folder)
    assert trained.code == 0 and "rmse" in trained.err, trained


@check
def what_is_wrong_in_a_file_is_found_by_line_and_column(program, folder):
    wrong = {
        "short.csv": ("a,b\n1,2\n3\n", "needs 2 cells in every row, got 1 at line 3, column 1"),
        "open.csv": ('a,b\n1,2\n3,"x\n', "closing quote for the one at line 3, column 3"),
        "bare.ts": ("1,2:a\n", "at line 1, column 1, got '1,2:a'"),
        "empty.csv": ("", "got"),
        "broken.npz": ("PK not really", "is not a ZIP archive"),
    }
    for name, (text, sentence) in wrong.items():
        (folder / name).write_text(text)
        refused(program("data", "check", name, folder=folder), 65, name, sentence)
    weather(folder)
    misspelt = program(
        "data", "check", "weather.csv", "--set", "data.target=temprature", folder=folder)
    refused(misspelt, 65, "Did you mean 'temperature'?")
    refused(program("data", "check", "nothing.csv", folder=folder), 66, "nothing.csv")


@check
def arrays_of_the_user_are_classes(program, folder):
    random = np.random.default_rng(3)
    y = random.integers(0, 2, 120)
    x = random.normal(size=(120, 6, 2)).astype(np.float32) + y[:, None, None]
    np.savez_compressed(folder / "mine.npz", x=x, y=y)
    done = program("data", "check", "mine.npz", folder=folder)
    assert done.code == 0 and "[B, T, 2]" in done.out and "2 classes" in done.out, done
    trained = program(
        "train", "--headless", "--data", "mine.npz", "--steps", "30", folder=folder)
    assert trained.code == 0 and "test loss" in trained.err, trained


@check
def arrays_without_answers_say_where_they_go(program, folder):
    np.save(folder / "x.npy", np.zeros((4, 5, 2), np.float32))
    refused(program("data", "check", "x.npy", folder=folder), 66, "'y.npy'", "'x' and 'y'")


@check
def a_data_set_is_printed_as_csv(program, folder):
    done = program("data", "dump", "adding", "--count", "2", folder=folder)
    rows = [line.split(",") for line in done.out.strip().splitlines()]
    assert done.code == 0 and rows[0][:2] == ["sequence", "step"], done
    assert {row[0] for row in rows[1:]} == {"0", "1"}, rows
    assert len({len(row) for row in rows}) == 1, rows


@check
def a_claim_judges_itself(program, folder):
    done = program("experiment", "vowels", "--json", folder=folder)
    report = parse(done.out)
    assert done.code == 0, done
    found = report["experiments"][0]
    assert found["experiment"] == "vowels" and found["passed"] is True, found
    assert {m["role"] for m in found["measurements"]} >= {"baseline", "result"}, found
    refused(program("experiment", "vowls", folder=folder), 64, "Did you mean 'vowels'?")
