#!/usr/bin/env python3
"""What an open workbench costs: training steps a second with it and without.

`unroll train` trains a session on real data headless and on a pseudo-terminal that shows the Train
screen at full refresh, in turn (A B B A A B …), so that a machine's mood hits both. Steps a second are
those of metrics.jsonl, the first second left out. A ratio compares neighbours; what counts is the one in
the middle. Beside it stands the share of one processor that the thread of the screen took, which does
not depend on what else the machine does.

    swift build -c release --product unroll
    python3 Tests/Measurements/throughput.py [SESSION ...] [--rounds N] [--seconds S] [--json FILE]
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
from pathlib import Path

import workbench

GOAL = 0.98


def rate(steps):
    """Steps a second between the first second and the end."""
    counted = [one for one in steps if one[1] >= 1]
    (first, begin), (last, end) = counted[0], counted[-1]
    return (last - first) / (end - begin)


def headless(options, session):
    with workbench.temporary_folder() as folder:
        words = [options.unroll, *workbench.arguments(session, folder), "--headless"]
        process = subprocess.Popen(words, cwd=folder, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            process.wait(options.seconds + 1)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        process.wait()
        return rate(workbench.steps(folder))


def on_screen(options, session, size):
    """Steps a second, the share of the screen's thread, and the frames a second that were written."""
    with workbench.temporary_folder() as folder:
        program = workbench.Program(
            options.unroll, workbench.arguments(session, folder), folder, *size)
        program.wait(1)
        before, since = program.screen_time(), len(program.chunks)
        program.wait(options.seconds)
        share = (program.screen_time() - before) / options.seconds
        written = sum(len(piece) for _, piece in program.chunks[since:])
        program.end()
        return rate(workbench.steps(folder)), share, written / options.seconds


def measure(options, session, size):
    ratios, shares, rates, bytes_a_second = [], [], [], []
    for turn in range(options.rounds):
        alone = headless(options, session) if turn % 2 == 0 else None
        open_, share, written = on_screen(options, session, size)
        alone = alone or headless(options, session)
        ratios.append(open_ / alone)
        rates.append(alone)
        shares.append(share)
        bytes_a_second.append(written)
    return {
        "session": session, "size": "x".join(map(str, size)), "rounds": options.rounds,
        "headless_steps_per_second": statistics.median(rates), "ratios": ratios,
        "ratio": statistics.median(ratios), "screen_thread": statistics.median(shares),
        "bytes_per_second": statistics.median(bytes_a_second), "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sessions", nargs="*", metavar="SESSION", help=", ".join(workbench.SESSIONS))
    parser.add_argument("--sizes", nargs="+", default=["120x36", "80x24"], metavar="COLUMNSxROWS")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each (5)")
    parser.add_argument("--seconds", type=float, default=6, help="measured time each turn (6)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--unroll", type=Path, default=workbench.UNROLL, help="the program to measure")
    options = parser.parse_args()
    workbench.demand(parser, options)
    rows = []
    print(f"training with the workbench open over headless, median of {options.rounds} rounds; goal "
          f"{GOAL:.0%}")
    print(f"{'session':<15}{'size':>8}{'steps/s':>9}{'ratio':>9}{'lowest':>9}{'highest':>9}"
          f"{'screen thread':>15}{'kB/s':>7}{'load':>6}", flush=True)
    for session in options.sessions or workbench.SESSIONS:
        for size in options.sizes:
            row = measure(options, session, tuple(map(int, size.split("x"))))
            rows.append(row)
            print(f"{session:<15}{size:>8}{row['headless_steps_per_second']:>9.4g}{row['ratio']:>9.1%}"
                  f"{min(row['ratios']):>9.1%}{max(row['ratios']):>9.1%}{row['screen_thread']:>15.1%}"
                  f"{row['bytes_per_second'] / 1e3:>7.0f}{row['load']:>6.1f}"
                  + ("  below the goal" if row["ratio"] < GOAL else ""), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"schema": 1, "throughput": rows}, indent=1) + "\n")
