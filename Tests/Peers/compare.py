#!/usr/bin/env python3
"""Ratios of other libraries' step times to ours, all measured in one run on the same machine.

Runs `unroll bench --json` and the scripts of the peers in turn (A B C A B C ...), so that a change of
the machine's mood hits all, and takes the best of all rounds. The ratio is that of the best peer.
Memory is the most that a process had, with its program and libraries. One workload is measured after
the other: its row is printed, and FILE written anew, as soon as it is there, so that a run that is cut
off leaves its numbers.

    swift build -c release --product unroll
    pip install torch==2.13.0+cpu --index-url https://download.pytorch.org/whl/cpu
    pip install jax keras
    python3 Tests/Peers/compare.py [--workloads lstm-char ...] [--peers torch jax keras] [--rounds N]
                                   [--seconds S] [--json FILE]
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


def measured(name, sides, rounds):
    """What every side answers for one workload in all rounds, and what it says about itself."""
    found, about = {side: [] for side in sides if knows(side, name)}, {}
    for _ in range(rounds):
        for side in found:
            command = sides[side]
            about[side] = run([*command[:2], name, *command[2:]])
            found[side] += about[side]["workloads"]
    return found, about


def summary(name, found):
    """Best times, ratio to the best peer and memory of one workload, as JSON keeps them."""
    best = {side: min(one["best_ms"] for one in some) for side, some in found.items()}
    fastest = min((side for side in best if side != "unroll"), key=best.get, default=None)
    one = min(found["unroll"], key=lambda one: one["best_ms"])
    return {
        "name": name, "best_ms": best, "fastest_peer": fastest, "goal": GOALS[name],
        "ratio": best[fastest] / best["unroll"] if fastest else None,
        "gflops": one.get("gflops"), "share_of_peak": one.get("share_of_peak"),
        "peak_memory_bytes": {side: max(one["peak_memory_bytes"] for one in some)
                              for side, some in found.items()},
    }


def heading(sides, about, rounds):
    ours = about["unroll"]
    peers = ", ".join(about[side]["peer"] for side in about if side != "unroll")
    return (f"unroll ({ours['isa']}, {ours['threads']} threads, peak {ours['peak_gflops']:.0f} GFLOP/s) "
            f"and {peers} (2 threads), best ms a step of {rounds} rounds\n"
            f"{'workload':<13}" + "".join(f"{side:>10}" for side in sides)
            + f"{'ratio':>9}{'goal':>7}{'GFLOP/s':>9}{'of peak':>9}{'MiB':>7}{'peer':>7}")


def row(one, sides):
    text = f"{one['name']:<13}"
    text += "".join(f"{one['best_ms'].get(side, float('nan')):>10.4g}" for side in sides)
    if one["fastest_peer"] is None:
        return text + "  no peer knows it"
    text += f"{one['ratio']:>8.2f}x{one['goal']:>6}x"
    text += f"{one['gflops']:>9.1f}{one['share_of_peak']:>9.0%}" if one["gflops"] else f"{'':>18}"
    for side in ("unroll", one["fastest_peer"]):
        text += f"{one['peak_memory_bytes'][side] / 2**20:>7.0f}"
    return text + ("  below the goal" if one["ratio"] < one["goal"] else "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--workloads", nargs="+", default=list(GOALS), choices=GOALS, metavar="WORKLOAD",
                        help="what to measure, all by default: " + ", ".join(GOALS))
    parser.add_argument("--peers", nargs="+", default=["torch"], choices=["torch", "jax", "keras"],
                        help="what to compare with (torch)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (3)")
    parser.add_argument("--seconds", type=float, default=2, help="measured time each turn (2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--unroll", type=Path, default=UNROLL, help="the program to measure")
    options = parser.parse_args()
    if not options.unroll.exists():
        parser.error(f"{options.unroll} is missing; build it: swift build -c release --product unroll")

    seconds = ["--seconds", str(options.seconds)]
    sides = {"unroll": [options.unroll, "bench", "--json", *seconds]}
    for peer in options.peers:
        sides[peer] = [sys.executable, PEERS / f"{peer}_step.py", *seconds]
    rows, machine = [], {}
    for name in options.workloads:
        found, about = measured(name, sides, options.rounds)
        if not rows:
            print(heading(sides, about, options.rounds), flush=True)
        machine.update(about)
        rows.append(summary(name, found))
        print(row(rows[-1], sides), flush=True)
        if options.json:
            sides_of = {side: {key: value for key, value in one.items() if key != "workloads"}
                        for side, one in machine.items()}
            options.json.write_text(json.dumps(
                {"schema": 1, "rounds": options.rounds, "sides": sides_of, "workloads": rows},
                indent=1) + "\n")
