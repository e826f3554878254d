"""The `d` of an SVG path as lines of points: curves become short straight pieces. Commands of our own drawings only."""

import re
from collections.abc import Callable, Iterator
from math import atan2, cos, hypot, pi, sin, sqrt

Point = tuple[float, float]
Line = list[Point]

_WORDS = re.compile(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
_PIECES = 16


class UnknownCommandError(ValueError):
    """A drawing asks for what this does not know."""


class _Pen:
    """Where the path has come to."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.at: Point = (0.0, 0.0)
        # The second handle of the curve before, which a smooth one mirrors.
        self.handle: Point | None = None

    def move(self, to: Point) -> None:
        self.lines.append([to])
        self.at = to

    def draw(self, points: Line) -> None:
        self.lines[-1].extend(points)
        self.at = points[-1]

    def close(self) -> None:
        self.draw([self.lines[-1][0]])


def outline(path: str) -> list[Line]:
    """Raises UnknownCommandError."""
    pen = _Pen()
    for command, numbers in _commands(path):
        x, y = pen.at if command.islower() else (0.0, 0.0)
        handle = _STEPS[command.upper()](pen, numbers, (x, y))
        pen.handle = handle
    return pen.lines


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, numbers = "", list[float]()
    for word in _WORDS.findall(path):
        if word.isalpha():
            command = word
            if command.upper() not in _TAKES:
                raise UnknownCommandError(command)
            if command.upper() == "Z":
                yield command, []
            continue
        numbers.append(float(word))
        if len(numbers) == _TAKES[command.upper()]:
            yield command, numbers
            numbers = []
            # What follows a move without a letter of its own is a line.
            command = {"M": "L", "m": "l"}.get(command, command)


def _move(pen: _Pen, numbers: list[float], origin: Point) -> None:
    pen.move((origin[0] + numbers[0], origin[1] + numbers[1]))


def _line(pen: _Pen, numbers: list[float], origin: Point) -> None:
    pen.draw([(origin[0] + numbers[0], origin[1] + numbers[1])])


def _across(pen: _Pen, numbers: list[float], origin: Point) -> None:
    pen.draw([(origin[0] + numbers[0], pen.at[1])])


def _down(pen: _Pen, numbers: list[float], origin: Point) -> None:
    pen.draw([(pen.at[0], origin[1] + numbers[0])])


def _close(pen: _Pen, numbers: list[float], origin: Point) -> None:
    pen.close()


def _curve(pen: _Pen, numbers: list[float], origin: Point) -> Point:
    first, second, end = _points(numbers, origin)
    pen.draw(_bezier(pen.at, first, second, end))
    return second


def _smooth(pen: _Pen, numbers: list[float], origin: Point) -> Point:
    second, end = _points(numbers, origin)
    before = pen.handle or pen.at
    first = (2 * pen.at[0] - before[0], 2 * pen.at[1] - before[1])
    pen.draw(_bezier(pen.at, first, second, end))
    return second


def _arc(pen: _Pen, numbers: list[float], origin: Point) -> None:
    """Of a circle, as SVG 1.1 (F.6.5) finds its centre."""
    radius, _, _, large, sweep, x, y = numbers
    (x0, y0), (x1, y1) = pen.at, (origin[0] + x, origin[1] + y)
    half = hypot(x1 - x0, y1 - y0) / 2
    away = sqrt(max(radius**2 - half**2, 0.0)) * (1 if bool(large) != bool(sweep) else -1)
    cx = (x0 + x1) / 2 - away * (y1 - y0) / (2 * half) * -1
    cy = (y0 + y1) / 2 - away * (x1 - x0) / (2 * half)
    start = atan2(y0 - cy, x0 - cx)
    turn = (atan2(y1 - cy, x1 - cx) - start) % (2 * pi) - (0 if sweep else 2 * pi)
    reach, steps = max(radius, half), _PIECES * 2
    angles = (start + turn * step / steps for step in range(1, steps + 1))
    pen.draw([(cx + reach * cos(angle), cy + reach * sin(angle)) for angle in angles])


def _points(numbers: list[float], origin: Point) -> list[Point]:
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [(origin[0] + x, origin[1] + y) for x, y in pairs]


def _bezier(start: Point, first: Point, second: Point, end: Point) -> Line:
    def at(share: float, axis: int) -> float:
        rest = 1 - share
        return (
            rest**3 * start[axis]
            + 3 * rest**2 * share * first[axis]
            + 3 * rest * share**2 * second[axis]
            + share**3 * end[axis]
        )

    return [(at(step / _PIECES, 0), at(step / _PIECES, 1)) for step in range(1, _PIECES + 1)]


_STEPS: dict[str, Callable[[_Pen, list[float], Point], Point | None]] = {
    "M": _move,
    "L": _line,
    "H": _across,
    "V": _down,
    "C": _curve,
    "S": _smooth,
    "A": _arc,
    "Z": _close,
}
