#!/usr/bin/env python3
"""The engine's matrix product beside numpy's OpenBLAS, in turn, shape by shape.

Runs `unroll bench products --json` and numpy in fresh processes, A B A B ..., for every shape, so that
a change of the machine's mood hits both, and takes the best of all rounds. Numpy writes into an array
that exists; what a call from Python costs (the product of 1 x 1 matrices) is taken off its times.
A row is printed as soon as it is measured.

    swift build -c release --product unroll
    python3 Tests/Peers/products.py [SHAPE ...] [--threads 1 2] [--rounds N] [--seconds S] [--json FILE]
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

UNROLL = Path(__file__).resolve().parents[2] / ".build/release/unroll"
ORDERS = ["nn", "nt", "tn"]


def best_of(step, seconds):
    """The shortest call of many, in seconds."""
    for _ in range(2):
        step()
    best, count, end = float("inf"), 0, time.perf_counter() + seconds
    while time.perf_counter() < end or count < 5:
        begin = time.perf_counter()
        step()
        best, count = min(best, time.perf_counter() - begin), count + 1
    return best


def openblas(shape, seconds):
    """In a process of its own: best milliseconds by order, and what OpenBLAS says of itself."""
    import numpy
    import threadpoolctl

    def timed(m, k, n, order):
        random = numpy.random.default_rng(1)
        a = random.random((k, m) if order == "tn" else (m, k), "float32")
        b = random.random((n, k) if order == "nt" else (k, n), "float32")
        a, b = a.T if order == "tn" else a, b.T if order == "nt" else b
        c = numpy.empty((m, n), "float32")
        return best_of(lambda: numpy.matmul(a, b, out=c), seconds)

    sizes = [int(size) for size in shape.split("x")]
    m, k, n = sizes * 3 if len(sizes) == 1 else sizes
    call = timed(1, 1, 1, "nn")
    about = threadpoolctl.threadpool_info()[0]
    return {
        "name": f"OpenBLAS {about['version']} {about['architecture']}",
        "best_ms": {order: 1e3 * max(1e-9, timed(m, k, n, order) - call) for order in ORDERS},
    }


def answer(command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def one_shape(shape, threads, options):
    """The best milliseconds of both sides by order, and both their names."""
    seconds = str(options.seconds)
    ours, theirs, about = {}, {}, ()
    for _ in range(options.rounds):
        mine = answer([options.unroll, "bench", "products", shape, "--json", "--seconds", seconds,
                       "--threads", str(threads)])
        for one in mine["products"]:
            ours.setdefault(one["order"], []).append(one["best_ms"])
        peer = answer([sys.executable, __file__, shape, "--seconds", seconds, "--openblas"],
                      OPENBLAS_NUM_THREADS=str(threads))
        for order, milliseconds in peer["best_ms"].items():
            theirs.setdefault(order, []).append(milliseconds)
        about = (mine, peer["name"])
    return {o: min(ours[o]) for o in ORDERS}, {o: min(theirs[o]) for o in ORDERS}, about


def standard(program):
    """The shapes that `unroll bench products` times by itself."""
    quick = answer([program, "bench", "products", "--json", "--seconds", "0.001", "--orders", "nn",
                    "--threads", "1"])
    return [one["shape"] for one in quick["products"]]


def table(options):
    rows = []
    for shape in options.shapes or standard(options.unroll):
        for threads in options.threads:
            ours, theirs, (machine, name) = one_shape(shape, threads, options)
            if not rows:
                print(f"unroll ({machine['isa']}, peak {machine['peak_gflops']:.0f} GFLOP/s) and {name}, "
                      f"best of {options.rounds} rounds, GFLOP/s; above 1 we are faster", flush=True)
                print(f"{'M x K x N':<16}{'threads':>8}"
                      + "".join(f"{order:>9}{'BLAS':>7}{'ratio':>7}" for order in ORDERS), flush=True)
            sizes = [int(size) for size in shape.split("x")]
            m, k, n = sizes * 3 if len(sizes) == 1 else sizes
            work = 2e-6 * m * k * n
            row = f"{shape:<16}{threads:>8}"
            for order in ORDERS:
                row += (f"{work / ours[order]:>9.1f}{work / theirs[order]:>7.1f}"
                        f"{theirs[order] / ours[order]:>7.2f}")
                rows.append({
                    "shape": shape, "threads": threads, "order": order, "unroll_ms": ours[order],
                    "openblas_ms": theirs[order], "ratio": theirs[order] / ours[order]})
            print(row, flush=True)
    if options.json:
        options.json.write_text(json.dumps({"schema": 1, "peer": name, "products": rows}, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="MxKxN or N; ours by default")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="threads (1 2)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (3)")
    parser.add_argument("--seconds", type=float, default=0.1, help="measured time each product (0.1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--unroll", type=Path, default=UNROLL, help="the program to measure")
    parser.add_argument("--openblas", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.openblas:
        print(json.dumps(openblas(options.shapes[0], options.seconds)))
    elif not options.unroll.exists():
        parser.error(f"{options.unroll} is missing; build it: swift build -c release --product unroll")
    else:
        table(options)
