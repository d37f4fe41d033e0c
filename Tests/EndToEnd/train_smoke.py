"""Trains the default session without a screen and holds the numbers against each other.

Usage: train_smoke.py PROGRAM
Checks, on the real binary: every line of --jsonl is JSON; the validation loss of char-lstm after 600
steps is below the order-3 count baseline that the program prints; pendigits reach 97 % on the test
split; the bits of the losses do not depend on the number of threads; wrong input has its exit status.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.argv[1]).resolve())


def run(*arguments, folder, timeout=600):
    return subprocess.run(
        [PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=timeout
    )


def train(session, *arguments, folder):
    done = run(
        "train", str(ROOT / "sessions" / session), "--headless", "--jsonl", *arguments,
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def losses(events):
    return [event["loss"] for event in events if event.get("event") == "step"]


def validations(events, split):
    return [e for e in events if e.get("event") == "validation" and e["split"] == split]


def main():
    with tempfile.TemporaryDirectory() as folder:
        events = train("char-lstm.json", "--steps", "600", folder=folder)
        order3 = next(
            baseline["loss"] for baseline in events[0]["baselines"]
            if baseline["name"].startswith("order-3")
        )
        validation = validations(events, "validation")[-1]["loss"]
        print(f"char-lstm: validation loss {validation:.4f}, order-3 counts {order3:.4f}")
        assert validation < order3

        events = train("pendigits-gru.json", folder=folder)
        test = validations(events, "test")[-1]
        print(f"pendigits-gru: test accuracy {test['accuracy']:.4f}")
        assert test["accuracy"] >= 0.97

        for session in ("char-gru.json", "vowels-lstm.json"):
            one = losses(train(session, "--steps", "12", "--threads", "1", folder=folder))
            three = losses(train(session, "--steps", "12", "--threads", "3", folder=folder))
            assert len(one) == 12 and one == three, f"{session}: bits differ between threads"

        missing = run("train", "nothing.json", "--headless", folder=folder)
        assert missing.returncode == 66, missing
        assert "nothing.json" in missing.stderr
        bare = run(folder=folder)
        assert bare.returncode == 64 and "unroll" in bare.stdout + bare.stderr, bare
    print("headless training: all checks passed")


main()
