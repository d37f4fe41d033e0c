"""What the checks of the command line share: running the program, files, the list of checks."""

import json
import os
import pty
import random
import resource
import select
import shutil
import signal
import struct
import subprocess
import time
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
CHECKS = []

Done = namedtuple("Done", "code out err")


def check(function):
    """Adds a function of the program and an empty folder to the checks."""
    CHECKS.append(function)
    return function


class Skipped(Exception):
    """A check that this machine cannot do."""


class Program:
    """The binary, run in a folder like a newcomer would."""

    def __init__(self, path):
        self.path = str(Path(path).resolve())

    def __call__(self, *arguments, folder, memory=None, prefix=(), timeout=120, env=None, **more):
        """Runs to the end; `memory` limits the address space in bytes."""
        def limit():
            heed_signals()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

        more.setdefault("stdout", subprocess.PIPE)
        done = subprocess.run(
            [*prefix, self.path, *map(str, arguments)], cwd=folder, stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, timeout=timeout, preexec_fn=limit,
            env={**os.environ, **(env or {})}, **more,
        )
        out = (done.stdout or b"").decode("utf-8", "surrogateescape")
        return Done(done.returncode, out, done.stderr.decode("utf-8", "surrogateescape"))

    def start(self, *arguments, folder, ignoring=()):
        """Starts without waiting; `ignoring` signals as nohup does."""
        return subprocess.Popen(
            [self.path, *map(str, arguments)], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: heed_signals(ignoring),
        )

    def on_terminal(self, *arguments, folder, timeout=60):
        """Runs with standard output and error on a terminal; the status and the raw bytes."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.execv(self.path, [self.path, *map(os.fsencode, arguments)])
        seen = b""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            seen += piece
        else:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), seen


def heed_signals(ignored=()):
    """Whatever the caller of this script ignores, the program hears."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


def refused(done, code, *words):
    """The program said no: with this status, in one sentence that has these words."""
    assert done.code == code, done
    lines = done.err.strip().splitlines()
    assert lines, done
    for word in words:
        assert word in done.err, f"{word!r} is not in {done}"
    assert "Fatal error" not in done.err and "Swift/" not in done.err, done


def parse(text):
    """JSON without NaN and Infinity, which are not JSON."""
    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def lines(text):
    """The objects of --jsonl."""
    return [parse(line) for line in text.splitlines()]


def losses(events):
    """The loss of every training step, with its number."""
    return [(e["step"], e["loss"]) for e in events if e["event"] == "step"]


def words(count=600, seed=1):
    """A text of twelve different characters that is a little predictable."""
    source = random.Random(seed)
    stock = ["abba", "cab", "deaf", "fade", "gag", "hi", "bead", "chef"]
    return "\n".join(" ".join(source.choice(stock) for _ in range(6)) for _ in range(count // 6))


def letters(folder, name="letters.json", **training):
    """A character model of a text beside it, with twelve different characters."""
    (folder / "text.txt").write_text(words() + "x\n")
    count = len(set(words() + "x\n"))
    session = {
        "format": 1, "name": "letters",
        "data": {"set": "text.txt", "batch_size": 4, "sequence_length": 16},
        "model": [
            {"layer": "embedding", "embedding_dim": 8}, {"layer": "gru", "hidden_size": 12},
            {"layer": "dropout", "p": 0.1}, {"layer": "linear", "out_features": count},
        ],
        "training": {"steps": 40, "validate_every": 10, **training},
    }
    (folder / name).write_text(json.dumps(session))
    return name


def write_safetensors(path, arrays):
    """A safetensors file made by hand: names and float32 arrays."""
    header, offset = {}, 0
    for name, array in arrays.items():
        data = array.astype("<f4")
        header[name] = {
            "dtype": "F32", "shape": list(data.shape),
            "data_offsets": [offset, offset + data.nbytes],
        }
        offset += data.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(array.astype("<f4").tobytes() for array in arrays.values())
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def read_safetensors(path):
    """The float32 arrays of a safetensors file by name."""
    import numpy

    data = Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = parse(data[8:8 + size])
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", (name, entry)
        start, end = entry["data_offsets"]
        flat = numpy.frombuffer(data[8 + size + start:8 + size + end], "<f4")
        arrays[name] = flat.reshape(entry["shape"])
    return arrays


def as_nobody(folder):
    """The words that run a program without rights, for whom `folder` can be read."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise Skipped("setpriv is missing")
    for place in [folder, *folder.parents]:
        if not place.stat().st_mode & 0o005 == 0o005:
            folder.chmod(0o755)
    return NOBODY
