#!/usr/bin/env python3
"""Ratios of PyTorch's step time to ours, both measured in one run on the same machine.

Runs `unroll bench --json` and lm_step.py in turn (A B A B ...), so that a change of the machine's
mood hits both, and takes the best of all rounds and the median of the rounds' medians.

    swift build -c release --product unroll
    python3 Tests/Peers/compare.py [WORKLOAD ...] [--rounds N] [--seconds S]
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent
UNROLL = PEERS.parent.parent / ".build/release/unroll"
# Best peer over us, from the design; a ratio below it is marked.
GOALS = {
    "rnn-small": 2, "gru-small": 3, "lstm-char": 1.4, "gru-char": 2.3, "lstm-large": 1.25,
}


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{result.stderr.strip()}")
    return json.loads(result.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(GOALS))
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side (3)")
    parser.add_argument("--seconds", type=float, default=2, help="measured time each turn (2)")
    parser.add_argument("--unroll", type=Path, default=UNROLL, help="the program to measure")
    options = parser.parse_args()
    names = options.workloads or list(GOALS)
    if not options.unroll.exists():
        parser.error(f"{options.unroll} is missing; build it: swift build -c release --product unroll")

    seconds = ["--seconds", str(options.seconds)]
    sides = {
        "unroll": [options.unroll, "bench", "--json", *seconds],
        "peer": [sys.executable, PEERS / "lm_step.py", *seconds],
    }
    found = {(side, name): [] for side in sides for name in names}
    about = {}
    for _ in range(options.rounds):
        for name in names:
            for side, command in sides.items():
                answer = run([*command[:2], name, *command[2:]])
                about[side] = answer
                found[side, name] += answer["workloads"]

    ours, peer = about["unroll"], about["peer"]
    print(f"unroll ({ours['isa']}, {ours['threads']} threads) and {peer['peer']} "
          f"({peer['threads']} threads), ms a step, best (median) of {options.rounds} rounds")
    print(f"{'workload':<12}{'unroll':>18}{'peer':>18}{'ratio':>8}{'goal':>7}{'GFLOP/s':>9}")
    for name in names:
        row, best = f"{name:<12}", {}
        for side in sides:
            rounds = found[side, name]
            best[side] = min(one["best_ms"] for one in rounds)
            median = statistics.median(one["median_ms"] for one in rounds)
            row += f"{best[side]:>9.2f}{f'({median:.2f})':>9}"
        ratio = best["peer"] / best["unroll"]
        gflops = max(one["gflops"] for one in found["unroll", name])
        goal = GOALS.get(name)
        row += f"{ratio:>7.2f}x" + (f"{goal:>6}x" if goal else f"{'':>7}") + f"{gflops:>9.1f}"
        print(row + ("  below the goal" if goal and ratio < goal else ""))
