"""bin/bench: what to measure, and what to say of it."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout

from benchmarks import contracts, crowd, demo, deploy, latest, memory, page, scale, schema, sign_in, tariff
from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.fleets import Fleets
from benchmarks.machine import this_machine
from benchmarks.measure import Line
from benchmarks.report import as_json, table
from benchmarks.scratch import scratch
from guichet.running.screen import Screen

BENCHMARKS: Mapping[str, Callable[[Fleets, Effort], list[Line]]] = {
    each.NAME: each.measure
    for each in (page, contracts, deploy, schema, scale, sign_in, memory, crowd, tariff, demo)
}
MISSED, NOT_MEASURED, STOPPED = 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """0 when every target is met, 1 when one is missed, 2 when something could not be measured."""
    options = _options(arguments)
    machine = this_machine()
    try:
        # What is told while it lasts goes to standard error; standard output holds the figures alone.
        with redirect_stdout(sys.stderr), scratch() as made:
            lines = _measure(options.only or list(BENCHMARKS), Fleets(made, Screen()), quick=options.quick)
    except KeyboardInterrupt:
        return STOPPED
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_MEASURED
    sys.stdout.write((as_json if options.json else table)(lines, machine) + "\n")
    if options.write:
        latest.write(table(lines, machine))
    missed = [f"{line.benchmark}: {line.what}" for line in lines if line.is_missed]
    if missed:
        sys.stderr.write(f"Missed: {'; '.join(missed)}.\n")
    return MISSED if missed else 0


def _measure(names: Sequence[str], fleets: Fleets, *, quick: bool) -> list[Line]:
    effort = QUICK if quick else FULL
    return [line for name, measure in BENCHMARKS.items() if name in names for line in measure(fleets, effort)]


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measures Guichet against the plain alternative, on a PostgreSQL of its own under var/.",
        epilog="docs/benchmarks.md says what is measured, how, and what came out.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--only", action="append", choices=list(BENCHMARKS), help="one benchmark; may be given several times"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and no start of the demo")
    parser.add_argument("--json", action="store_true", help="the figures as JSON, times in seconds")
    parser.add_argument(
        "--write", action="store_true", help="put the table of a whole run into docs/benchmarks.md"
    )
    options = parser.parse_args(arguments)
    if options.quick and options.only == [demo.NAME]:
        parser.error("--quick leaves the demo out: nothing would be measured")
    if options.write and (options.quick or options.only):
        parser.error("--write is for a whole run: without --only and without --quick")
    return options
