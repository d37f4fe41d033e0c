#!/usr/bin/env python3
"""Ratios of PyTorch's step time to ours, both measured in one run on the same machine.

Runs `unroll bench --json` and torch_step.py in turn (A B A B ...), so that a change of the machine's
mood hits both, and takes the best of all rounds and the median of the rounds' medians. Memory is the
most that either process had, with its program and libraries.

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
    "cascade": 1.6, "tcn": 2, "danq": 1.4, "step-latency": 18,
    "start-up": 30,
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
        "peer": [sys.executable, PEERS / "torch_step.py", *seconds],
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
    print(f"unroll ({ours['isa']}, {ours['threads']} threads, peak {ours['peak_gflops']:.0f} GFLOP/s) "
          f"and {peer['peer']} ({peer['threads']} threads), "
          f"ms a step, best (median) of {options.rounds} rounds")
    print(f"{'workload':<13}{'unroll':>18}{'peer':>18}{'ratio':>8}{'goal':>7}{'GFLOP/s':>9}"
          f"{'of peak':>9}{'MiB':>7}{'peer':>7}")
    for name in names:
        row, best, memory = f"{name:<13}", {}, {}
        for side in sides:
            rounds = found[side, name]
            best[side] = min(one["best_ms"] for one in rounds)
            median = statistics.median(one["median_ms"] for one in rounds)
            memory[side] = max(one["peak_memory_bytes"] for one in rounds) / 2**20
            row += f"{best[side]:>9.4g}{f'({median:.4g})':>9}"
        ratio = best["peer"] / best["unroll"]
        fastest = min(found["unroll", name], key=lambda one: one["best_ms"])
        goal = GOALS.get(name)
        row += f"{ratio:>7.2f}x" + (f"{goal:>6}x" if goal else f"{'':>7}")
        row += (f"{fastest['gflops']:>9.1f}{fastest['share_of_peak']:>9.0%}"
                if "gflops" in fastest else f"{'':>18}")
        row += f"{memory['unroll']:>7.0f}{memory['peer']:>7.0f}"
        print(row + ("  below the goal" if goal and ratio < goal else ""))
