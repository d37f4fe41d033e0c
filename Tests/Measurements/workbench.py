"""The workbench on a pseudo-terminal of its own, as a user has it, and its training runs from outside.

Nothing of what is measured runs in this process while it is measured: bytes are kept with their times,
and what the screen showed when is found out later.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNROLL = ROOT / ".build/release/unroll"

# Sessions on real data, from the one that does the most steps a second on: what is trained and, for the
# smallest one, what makes it small.
SESSIONS = {
    "tiny": ["pendigits-gru", "gru.hidden_size=16", "data.batch_size=8"],
    "pendigits-gru": ["pendigits-gru"],
    "vowels-lstm": ["vowels-lstm"],
    "char-gru": ["char-gru"],
    "char-lstm": ["char-lstm"],
}
# Steps and nothing else, for as long as it takes.
ENDLESS = ["training.steps=100000000", "training.validate_every=100000000",
           "training.checkpoint_every=0", "training.patience=0"]


def arguments(name, folder):
    """What trains session `name` in `folder`."""
    session, *settings = SESSIONS[name]
    sets = [word for setting in settings + ENDLESS for word in ("--set", setting)]
    return ["train", ROOT / "sessions" / f"{session}.json", "--run", Path(folder) / "run", *sets]


class Program:
    """The program on a terminal of so many columns and rows."""

    def __init__(self, program, words, folder, columns, rows):
        self.chunks = []
        self.began = time.perf_counter()
        self.id, self.terminal = pty.fork()
        if self.id == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=str(folder))
            os.execv(program, [str(program), *map(str, words)])

    def wait(self, seconds):
        """Keeps what the program writes for so long; false once it has ended."""
        end = time.perf_counter() + seconds
        while (rest := end - time.perf_counter()) > 0:
            if not select.select([self.terminal], [], [], rest)[0]:
                continue
            try:
                piece = os.read(self.terminal, 1 << 16)
            except OSError:
                return False
            self.chunks.append((time.perf_counter(), piece))
        return True

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def screen_time(self):
        """Seconds that the thread of the screen has been on a processor."""
        return int(Path(f"/proc/{self.id}/task/{self.id}/schedstat").read_text().split()[0]) / 1e9

    def end(self):
        os.kill(self.id, signal.SIGTERM)
        while self.wait(0.5):
            pass
        os.waitpid(self.id, 0)
        os.close(self.terminal)


def steps(folder):
    """The number and the second of every step that the run in `folder` did."""
    lines = (Path(folder) / "run/metrics.jsonl").read_text().splitlines()
    found = (json.loads(line) for line in lines)
    return [(one["step"], one["seconds"]) for one in found if one["event"] == "step"]


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="unroll-measure-")


def demand(parser, options):
    """Leaves with a sentence where the program or a session is missing."""
    if unknown := [name for name in options.sessions if name not in SESSIONS]:
        parser.error(f"unknown session {unknown[0]!r}; choose from {', '.join(SESSIONS)}")
    if not options.unroll.exists():
        parser.error(f"{options.unroll} is missing; build it: swift build -c release --product unroll")
