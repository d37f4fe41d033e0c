"""Types what a newcomer types, wrong things too, and holds every answer to its sentence and status.

Usage: command_line.py PROGRAM [WORD ...]
With words, only the checks whose names have one of them. Needs Python 3 and numpy.
"""

import sys
import tempfile
import traceback
from pathlib import Path

import checks_arrays
import checks_bad_input
import checks_data
import checks_runs
import checks_signals
import checks_trained
import checks_usage
from support import CHECKS, Program, Skipped

MODULES = [
    checks_usage, checks_bad_input, checks_data, checks_arrays, checks_runs, checks_trained,
    checks_signals,
]


def main(path, wanted):
    program = Program(path)
    passed, failed = 0, 0
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        if wanted and not any(word in name for word in wanted):
            continue
        with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
            try:
                function(program, Path(folder))
            except Skipped as reason:
                print(f"skipped  {name}: {reason}")
                continue
            except Exception:
                failed += 1
                print(f"FAILED   {name}")
                traceback.print_exc(file=sys.stdout)
                continue
        passed += 1
        print(f"passed   {name}", flush=True)
    print(f"command line: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
