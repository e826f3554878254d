"""The figures, for a person and for a machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.machine import Machine
from benchmarks.measure import Line, Spread, Unit

HEAD = ("", "what", "takes", "against", "", "target", "")
PER: Mapping[Unit, float] = {"ms": 1000.0}
DIGITS: Mapping[Unit, int] = {"KB": 0, "statements": 0, "sign-ins": 0}
# What a figure is told with.
FIGURE_DIGITS = {"times as long": 2, "lost": 0, "a second": 0}


def table(lines: Sequence[Line], machine: Machine) -> str:
    """Medians; in brackets, the quartiles."""
    rows = [HEAD, *(_row(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    printed = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    printed.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join([*printed, "", *_signed(machine)])


def as_json(lines: Sequence[Line], machine: Machine) -> str:
    """Times in seconds, whatever the unit of the table."""
    measured = [{**asdict(line), "missed": line.is_missed} for line in lines]
    return json.dumps({"machine": asdict(machine), "lines": measured}, ensure_ascii=False, indent=2)


def _row(line: Line) -> tuple[str, ...]:
    target = f"{line.target.sense} {line.target.limit:g}" if line.target else ""
    verdict = ("MISSED" if line.is_missed else "met") if line.target else ""
    theirs = _shown(line.theirs, line.unit) if line.theirs else ""
    return (line.benchmark, line.what, _shown(line.ours, line.unit), theirs, _figure(line), target, verdict)


def _shown(spread: Spread, unit: Unit) -> str:
    low, middle, high = (
        f"{value * PER.get(unit, 1.0):.{DIGITS.get(unit, 1)}f}"
        for value in (spread.low, spread.middle, spread.high)
    )
    word = "" if unit == "statements" else f" {unit}"
    return f"{middle}{word}" if spread.samples == 1 else f"{middle}{word} [{low}–{high}]"


def _figure(line: Line) -> str:
    if line.figure is None:
        return ""
    if line.unit == "statements":
        return f"{line.figure.middle:+.0f}"
    digits = FIGURE_DIGITS.get(line.meaning, 1)
    low, middle, high = (
        f"{value:.{digits}f}" for value in (line.figure.low, line.figure.middle, line.figure.high)
    )
    return f"{middle} {line.meaning}" + (f" [{low}–{high}]" if line.figure.samples > 1 else "")


def _signed(machine: Machine) -> list[str]:
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    load = f"load {machine.load:g} when it began" + (
        "" if machine.is_quiet else ": the machine was not quiet"
    )
    return [
        f"{machine.date}, commit {machine.commit}",
        f"{machine.processor}, {machine.cores} cores, {machine.system}, {load}",
        versions,
    ]
