"""A chart of bars: where each one stands, and the table that says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guichet.kernel import formatting

HIGHEST = 100
_SLOT, _GAP = 12, 3
_MOST_BARS_NAMED, _MOST_LETTERS = 6, 30
"""Side by side on a phone: beyond, every other bar is named."""
_ROUND = tuple(map(Decimal, ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bar to draw; `name` is short, for under the bar."""

    name: str
    full_name: str
    value: Decimal
    text: str
    is_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar as the drawing places it, in units of its own: they stretch with the page."""

    name: str
    full_name: str
    text: str
    is_now: bool
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What components/chart.html takes."""

    title: str
    of_names: str
    of_values: str
    bars: Sequence[Bar]
    scale: Sequence[str]
    """From the top down to zero."""

    @property
    def width(self) -> int:
        return len(self.bars) * _SLOT

    @property
    def crowded(self) -> bool:
        letters = sum(len(bar.name) for bar in self.bars)
        return len(self.bars) > _MOST_BARS_NAMED or letters > _MOST_LETTERS


def bar_chart(
    *, title: str, of_names: str, of_values: str, points: Sequence[Point], language: formatting.Language
) -> Chart:
    """Values are zero or more. The top of the scale is the next round number above the highest."""
    top = _round_above(max((point.value for point in points), default=Decimal(0)))
    return Chart(
        title=title,
        of_names=of_names,
        of_values=of_values,
        bars=[_bar(point, place, top) for place, point in enumerate(points)],
        scale=[formatting.decimal_number(_plain(mark), language) for mark in (top, top / 2, Decimal(0))],
    )


def _bar(point: Point, place: int, top: Decimal) -> Bar:
    height = int((point.value * HIGHEST / top).to_integral_value())
    return Bar(
        name=point.name,
        full_name=point.full_name,
        text=point.text,
        is_now=point.is_now,
        x=place * _SLOT + _GAP,
        y=HIGHEST - height,
        width=_SLOT - 2 * _GAP,
        height=height,
    )


def _plain(mark: Decimal) -> Decimal:
    """Neither an exponent nor zeros after the point."""
    return mark.quantize(Decimal(1)) if mark == mark.to_integral_value() else mark.normalize()


def _round_above(value: Decimal) -> Decimal:
    """A figure that is read at a glance, and so is its half: 4 815 gives 5 000."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(each * power for each in _ROUND if each * power >= value)
