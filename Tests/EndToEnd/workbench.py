"""Presses keys in the real workbench inside tmux: build, train, pause, inspect, quit.

Usage: workbench.py PROGRAM
Needs tmux. Polls the screen instead of sleeping; on failure the screen is printed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())


class Screen:
    """A private tmux server with one window that runs the program."""

    def __init__(self, width, height, term="tmux-256color", locale="C.UTF-8", extra="",
                 arguments="", files={}, folder=None):
        self.socket = f"unroll{os.getpid()}-{time.monotonic_ns()}"
        self.folder = folder or tempfile.mkdtemp()
        for name, text in files.items():
            path = Path(self.folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        shell = (
            f"cd {self.folder}; export LC_ALL={locale} HOME={self.folder} {extra}; "
            f"TERM={term} {PROGRAM} {arguments}; "
            "echo left with $?; stty -a | grep -o ' -*echo ' ; exec cat"
        )
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
                  "bash", "-c", shell)

    def tmux(self, *arguments):
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *arguments], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def text(self):
        return self.tmux("capture-pane", "-p")

    def press(self, *keys):
        for key in keys:
            self.tmux("send-keys", key)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def click(self, text):
        """Presses and lets go the left button on the first place that shows `text`."""
        rows = self.text().splitlines()
        y = next(y for y, row in enumerate(rows) if text in row)
        place = f"0;{rows[y].index(text) + 1};{y + 1}"
        self.type(f"\x1b[<{place}M\x1b[<{place}m")

    def expect(self, *wanted, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = self.text()
            if all(text in seen for text in wanted):
                return seen
            time.sleep(0.05)
        raise AssertionError(f"never saw {wanted} in:\n{self.text()}")

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True)


def tour(width, height):
    screen = Screen(width, height)
    try:
        screen.expect("char-lstm", "embedding", "lstm", "linear")
        screen.type(":set lstm.hidden_size 64")
        screen.press("Enter")
        screen.expect("[B, T, 64]")
        screen.press("u")
        screen.expect("[B, T, 256]")
        screen.type(":delete 2")
        screen.press("Enter")
        screen.expect("needs [B, T, 80]")
        screen.press("u")
        screen.click("2 Train")
        screen.expect("nothing trained yet")
        screen.press("Space")
        screen.expect("RUN")
        screen.expect("step")
        screen.press("Space")
        screen.expect("PAUSE")
        screen.press("3")
        screen.expect("weights of step")
        for key in ("Right", "Right", "j", "w"):
            screen.press(key)
        screen.press("?")
        screen.expect("keys")
        screen.press("Escape")
        screen.tmux("resize-window", "-x", "50", "-y", "12")
        screen.expect("50x12")
        screen.tmux("resize-window", "-x", str(width), "-y", str(height))
        screen.expect("weights of step")
        screen.press("q")
        screen.expect("quit")
        screen.press("Enter")
        screen.expect("left with 0")
        screen.expect("unroll train --run runs/")
        assert screen.tmux("display", "-p", "#{alternate_on}").strip() == "0"
        screen.expect("left with 0", " echo")  # what stty says once the modes are back
    finally:
        screen.close()


def options():
    """What --set and --run name stands in the current directory, as it does without a screen."""
    model = [{"layer": "embedding"}, {"layer": "rnn"}, {"layer": "linear", "out_features": 8}]
    session = {"format": 1, "data": {"batch_size": 2}, "model": model, "training": {"steps": 3}}
    screen = Screen(
        80, 24, arguments="train in/session.json --set data.set=text.txt --run here",
        files={"in/session.json": json.dumps(session), "text.txt": "to be or not\n" * 99})
    try:
        screen.expect("done")
        screen.press("q")
        screen.expect("left with 0")
        assert list(Path(screen.folder, "here").glob("ckpt-*")), "--run was not heeded"
    finally:
        screen.close()


def plain_terminals():
    for term, locale, extra in [
        ("vt100", "C", ""), ("xterm-256color", "C.UTF-8", "NO_COLOR=1"), ("linux", "C", ""),
    ]:
        screen = Screen(80, 24, term, locale, extra)
        try:
            screen.expect("char-lstm", "embedding")
            screen.press("q")
            screen.expect("left with 0")
        finally:
            screen.close()


def a_run_goes_on():
    session = Path(__file__).resolve().parents[2] / "sessions" / "pendigits-gru.json"
    folder = tempfile.mkdtemp()
    screen = Screen(80, 24, folder=folder,
                    arguments=f"train {session} --run mine --set training.steps=1000000")
    try:
        screen.expect("[2 Train]", "RUN")
        screen.press("-")
        screen.expect("lr")
        screen.press("x")
        screen.expect("✓ stopped")
        screen.press("C-c")
        screen.expect("quit")
        screen.press("C-c")
        screen.expect("Go on with: unroll train --run mine", "left with 0")
    finally:
        screen.close()
    screen = Screen(80, 24, folder=folder, arguments="train --run mine")
    try:
        screen.expect("the run in 'mine' goes on", "pendigits-gru", "RUN")
        screen.press("q")
        screen.expect("stop the run and quit")
        screen.press("Enter")
        screen.expect("Go on with: unroll train --run mine", "left with 0")
    finally:
        screen.close()


def looks_inside():
    """Calibration, time scales and masks of a real run, and the bias of truncated gradients."""
    sessions = Path(__file__).resolve().parents[2] / "sessions"
    screen = Screen(
        80, 24, arguments=f"{sessions}/vowels-zoneout.json --set training.validate_every=5")
    try:
        screen.expect("vowels-zoneout")
        screen.press("2")
        screen.press("Space")
        screen.expect("val", "gap")
        screen.press("Space")
        screen.expect("PAUSE")
        screen.press("C")
        screen.expect("rows true, columns predicted")
        screen.press("Tab")
        screen.expect("calibration", "ECE", "90–100%")
        screen.press("Escape")
        screen.press("3")
        screen.expect("weights of step")
        screen.press("Tab")
        screen.press("Tab")
        screen.expect("time scales", "median")
        screen.press("d")
        screen.expect("as in training", "z_h")
    finally:
        screen.close()
    screen = Screen(
        80, 24, arguments=f"{sessions}/char-lstm.json --set lstm.hidden_size=16 "
        "--set data.batch_size=2 --set training.tbptt_k1=16")
    try:
        screen.expect("char-lstm")
        screen.press("2")
        screen.press("T")
        screen.expect("bias of truncated gradients", "k1 16, k2 16")
        screen.press("Escape")
        screen.press("3")
        screen.expect("cut")
    finally:
        screen.close()


tour(80, 24)
tour(120, 36)
looks_inside()
options()
plain_terminals()
a_run_goes_on()
print("workbench in tmux: all checks passed")
