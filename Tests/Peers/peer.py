"""What the scripts of all peers share: timing steps and printing them as `unroll bench --json` does."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time


def start_up(statement):
    """Makes a step of a process that only starts."""
    def step():
        subprocess.run([sys.executable, "-c", statement], check=True)
    return step


def measure(name, step, seconds):
    who = resource.RUSAGE_CHILDREN if name == "start-up" else resource.RUSAGE_SELF
    for _ in range(3):
        step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - begin))
    return {
        "name": name,
        "best_ms": round(min(times), 5),
        "median_ms": round(statistics.median(times), 5),
        "peak_memory_bytes": 1024 * resource.getrusage(who).ru_maxrss,
    }


def main(about, workloads, prepare):
    """`workloads` are functions that make a step, by name; `prepare(threads)` names the peer."""
    parser = argparse.ArgumentParser(description=about.split("\n\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(workloads))
    parser.add_argument("--seconds", type=float, default=3, help="measured time for each (3)")
    parser.add_argument("--threads", type=int, default=2, help="threads (2)")
    options = parser.parse_args()
    names = options.workloads or list(workloads)
    if unknown := [name for name in names if name not in workloads]:
        parser.error(f"unknown workload {unknown[0]!r}; choose from {', '.join(workloads)}")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
    print(json.dumps({
        "schema": 1,
        "peer": prepare(options.threads),
        "threads": options.threads,
        "workloads": [measure(name, workloads[name](), options.seconds) for name in names],
    }))
