#!/usr/bin/env python3
"""Ratios of other libraries' step times to ours, all measured in one run on the same machine.

Runs `unroll bench --json` and the scripts of the peers in turn (A B C A B C ...), so that a change of
the machine's mood hits all, and takes the best of all rounds. The ratio is that of the best peer.
Memory is the most that a process had, with its program and libraries.

    swift build -c release --product unroll
    pip install torch==2.13.0+cpu --index-url https://download.pytorch.org/whl/cpu
    pip install jax keras
    python3 Tests/Peers/compare.py [WORKLOAD ...] [--peers torch jax keras] [--rounds N] [--seconds S]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent
UNROLL = PEERS.parent.parent / ".build/release/unroll"
# Best peer over us, as we want it; a ratio below it is marked.
GOALS = {
    "rnn-small": 2, "gru-small": 3, "lstm-char": 1.4, "gru-char": 2.3, "lstm-large": 1.25,
    "cascade": 1.6, "convlstm": 1.7, "tcn": 2, "danq": 1.4, "step-latency": 18,
    "start-up": 30,
}


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{result.stderr.strip()}")
    return json.loads(result.stdout.strip().splitlines()[-1] if command[0] == sys.executable
                      else result.stdout)


def knows(peer, name):
    """Keras has no step without a model around it."""
    return not (peer == "keras" and name == "step-latency")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(GOALS))
    parser.add_argument("--peers", nargs="+", default=["torch"], choices=["torch", "jax", "keras"],
                        help="what to compare with (torch)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (3)")
    parser.add_argument("--seconds", type=float, default=2, help="measured time each turn (2)")
    parser.add_argument("--unroll", type=Path, default=UNROLL, help="the program to measure")
    options = parser.parse_args()
    names = options.workloads or list(GOALS)
    if not options.unroll.exists():
        parser.error(f"{options.unroll} is missing; build it: swift build -c release --product unroll")

    seconds = ["--seconds", str(options.seconds)]
    sides = {"unroll": [options.unroll, "bench", "--json", *seconds]}
    for peer in options.peers:
        sides[peer] = [sys.executable, PEERS / f"{peer}_step.py", *seconds]
    found = {(side, name): [] for side in sides for name in names}
    about = {}
    for _ in range(options.rounds):
        for name in names:
            for side, command in sides.items():
                if knows(side, name):
                    answer = run([*command[:2], name, *command[2:]])
                    about[side] = answer
                    found[side, name] += answer["workloads"]

    ours = about["unroll"]
    print(f"unroll ({ours['isa']}, {ours['threads']} threads, peak {ours['peak_gflops']:.0f} GFLOP/s) and "
          + ", ".join(about[peer]["peer"] for peer in options.peers)
          + f" (2 threads), best ms a step of {options.rounds} rounds")
    print(f"{'workload':<13}" + "".join(f"{side:>10}" for side in sides)
          + f"{'ratio':>9}{'goal':>7}{'GFLOP/s':>9}{'of peak':>9}{'MiB':>7}{'peer':>7}")
    for name in names:
        best = {side: min((one["best_ms"] for one in found[side, name]), default=None)
                for side in sides}
        memory = {side: max((one["peak_memory_bytes"] for one in found[side, name]), default=0) / 2**20
                  for side in sides}
        fastest = min((peer for peer in options.peers if best[peer]), key=best.get)
        ratio = best[fastest] / best["unroll"]
        row = f"{name:<13}" + "".join(f"{best[side] or float('nan'):>10.4g}" for side in sides)
        row += f"{ratio:>8.2f}x{GOALS[name]:>6}x"
        one = min(found["unroll", name], key=lambda one: one["best_ms"])
        row += (f"{one['gflops']:>9.1f}{one['share_of_peak']:>9.0%}" if "gflops" in one
                else f"{'':>18}")
        row += f"{memory['unroll']:>7.0f}{memory[fastest]:>7.0f}"
        print(row + ("  below the goal" if ratio < GOALS[name] else ""))
