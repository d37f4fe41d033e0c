#!/usr/bin/env python3
"""How long the workbench takes from a key press to the changed screen while it trains at full speed.

Keys that change the screen (other screens, help, moving the cursor, filtering, a command line) are pressed
at irregular moments on a pseudo-terminal. The bytes that come back are kept with their times; pyte, a
terminal emulator, replays them afterwards and says when the screen showed what the key was to do.

    swift build -c release --product unroll
    pip install pyte
    python3 Tests/Measurements/keys.py [SESSION ...] [--presses N] [--sizes 120x36 80x24] [--json FILE]
"""

import argparse
import json
import os
import random
import statistics
import time
from pathlib import Path

import pyte
import workbench

GOAL = 30  # milliseconds, 99th percentile


def row(text):
    """Whether some row of the screen has `text`."""
    return lambda screen, _: any(text in line for line in screen.display)


def no_row(text):
    return lambda screen, _: not any(text in line for line in screen.display)


def moved(columns, first, last):
    """Whether these rows look other than when the key was pressed: its cursor has moved."""
    def check(screen, before):
        return any(
            look(screen, y, columns) != before[y] for y in range(first, min(last, screen.lines)))
    return check


def look(screen, y, columns=None):
    line = screen.buffer[y]
    return [line[x] for x in range(screen.columns)[:columns]]


# What is pressed on the Train screen, round and round, and how the screen shows that it was heeded.
TOUR = [
    ("3", row("[3 Inspect]")), ("1", row("[1 Build]")),
    ("j", moved(None, 1, 20)), ("k", moved(None, 1, 20)),
    ("2", row("[2 Train]")), ("?", row("type to filter")), ("q", row("/ q")), ("\x7f", no_row("/ q")),
    ("\x1b", no_row("type to filter")),
    ("4", row("[4 Log]")), ("5", row("[5 Lab]")), ("2", row("[2 Train]")),
    ("L", row("log y")), ("L", no_row("log y")),
]


def press_keys(options, session, size):
    """The chunks that came with their times, and the presses: key, check, time."""
    chooser = random.Random(1)
    presses = []
    with workbench.temporary_folder() as folder:
        program = workbench.Program(
            options.unroll, workbench.arguments(session, folder), folder, *size)
        program.wait(2)
        for number in range(options.presses):
            key, check = TOUR[number % len(TOUR)]
            presses.append((key, check, time.perf_counter()))
            program.press(key)
            program.wait(chooser.uniform(0.1, 0.3))
        program.end()
    return program.chunks, presses


def delays(chunks, presses, size):
    """Milliseconds from every press to the screen that shows it; None for one that was not seen before
    the next press."""
    screen = pyte.Screen(*size)
    stream = pyte.ByteStream(screen)
    found, place = [], 0
    ends = [when for _, _, when in presses[1:]] + [float("inf")]
    for (_, check, when), end in zip(presses, ends):
        while place < len(chunks) and chunks[place][0] < when:
            stream.feed(chunks[place][1])
            place += 1
        before = {y: look(screen, y) for y in range(screen.lines)}
        delay = None
        while place < len(chunks) and chunks[place][0] < end:
            stream.feed(chunks[place][1])
            if delay is None and check(screen, before):
                delay = 1e3 * (chunks[place][0] - when)
            place += 1
        found.append(delay)
    return found


def measure(options, session, size):
    chunks, presses = press_keys(options, session, size)
    found = delays(chunks, presses, size)
    escape = [delay for (key, _, _), delay in zip(presses, found) if key == "\x1b"]
    others = [delay for (key, _, _), delay in zip(presses, found) if key != "\x1b"]
    seen = sorted(delay for delay in others if delay is not None)
    by_key = {}
    for (key, _, _), delay in zip(presses, found):
        by_key.setdefault(key, []).append(delay)
    return {
        "session": session, "size": "x".join(map(str, size)), "presses": len(others),
        "unseen": sum(delay is None for delay in found),
        "median_ms": statistics.median(seen), "p95_ms": percentile(seen, 0.95),
        "p99_ms": percentile(seen, 0.99), "worst_ms": seen[-1],
        "escape_ms": statistics.median([one for one in escape if one] or [float("nan")]),
        "worst_by_key": {key: max((one for one in some if one), default=None)
                         for key, some in by_key.items()},
        "load": os.getloadavg()[0],
    }


def percentile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sessions", nargs="*", metavar="SESSION", help=", ".join(workbench.SESSIONS))
    parser.add_argument("--sizes", nargs="+", default=["120x36", "80x24"], metavar="COLUMNSxROWS")
    parser.add_argument("--presses", type=int, default=400, help="keys to press (400)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--unroll", type=Path, default=workbench.UNROLL, help="the program to measure")
    options = parser.parse_args()
    workbench.demand(parser, options)
    print(f"milliseconds from a key to the changed screen while training, {options.presses} presses; goal "
          f"{GOAL} ms for 99 of 100. A lone Escape waits 25 ms for the rest of a sequence.")
    print(f"{'session':<15}{'size':>8}{'median':>9}{'95 %':>8}{'99 %':>8}{'worst':>8}{'unseen':>8}"
          f"{'Escape':>8}{'load':>6}", flush=True)
    rows = []
    for session in options.sessions or workbench.SESSIONS:
        for size in options.sizes:
            one = measure(options, session, tuple(map(int, size.split("x"))))
            rows.append(one)
            print(f"{session:<15}{size:>8}" + "".join(
                f"{one[key]:>{width}.3g}" for key, width in [
                    ("median_ms", 9), ("p95_ms", 8), ("p99_ms", 8), ("worst_ms", 8), ("unseen", 8),
                    ("escape_ms", 8)]) + f"{one['load']:>6.1f}"
                + ("  above the goal" if one["p99_ms"] > GOAL or one["unseen"] else ""), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"schema": 1, "keys": rows}, indent=1) + "\n")
