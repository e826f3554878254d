"""Samples of two sides, and what a comparison of them says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal


@dataclass(frozen=True, slots=True)
class Spread:
    """A median between two quartiles, from so many samples. One sample alone is all three."""

    low: float
    middle: float
    high: float
    samples: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Spread":
        if len(samples) == 1:
            return cls(samples[0], samples[0], samples[0], 1)
        low, _, high = quantiles(samples, n=4, method="inclusive")
        return cls(low, median(samples), high, len(samples))

    def over(self, other: "Spread") -> "Spread":
        """A ratio of medians; the quartiles as far apart as they can be."""
        return Spread(self.low / other.high, self.middle / other.middle, self.high / other.low, self.samples)


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach."""

    sense: Literal["at least", "at most"]
    limit: float

    def is_met(self, figure: float) -> bool:
        return figure >= self.limit if self.sense == "at least" else figure <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: Guichet's figure, that of the alternative, and what they make together."""

    benchmark: str
    what: str
    unit: Literal["s", "ms", "statements"]
    ours: Spread
    theirs: Spread | None = None
    # What `figure` is: "times faster", "times as long", "more".
    meaning: str = ""
    figure: Spread | None = None
    target: Target | None = None

    @property
    def is_missed(self) -> bool:
        return self.target is not None and self.figure is not None and not self.target.is_met(self.figure.middle)


def faster(
    *, benchmark: str, what: str, ours: Sequence[float], theirs: Sequence[float], target: Target | None = None
) -> Line:
    """How many times faster ours is; seconds, sample by sample taken in turns."""
    pairs = [other / our for our, other in zip(ours, theirs, strict=True)]
    return Line(
        benchmark=benchmark,
        what=what,
        unit="ms",
        ours=Spread.of(ours),
        theirs=Spread.of(theirs),
        meaning="times faster",
        figure=_ratio_of_medians(theirs, ours, pairs),
        target=target,
    )


def slower(
    *,
    benchmark: str,
    what: str,
    ours: Sequence[Sequence[float]],
    theirs: Sequence[Sequence[float]],
    target: Target,
) -> Line:
    """How many times as long ours takes; seconds, block by block taken in turns."""
    pairs = [median(our) / median(other) for our, other in zip(ours, theirs, strict=True)]
    all_ours, all_theirs = [each for block in ours for each in block], [each for block in theirs for each in block]
    return Line(
        benchmark=benchmark,
        what=what,
        unit="ms",
        ours=Spread.of(all_ours),
        theirs=Spread.of(all_theirs),
        meaning="times as long",
        figure=_ratio_of_medians(all_ours, all_theirs, pairs),
        target=target,
    )


def in_turns(first: Callable[[], float], second: Callable[[], float], *, times: int) -> tuple[list[float], list[float]]:
    """Each so many times, the one that begins changing each time: a drift of the computer falls on both."""
    one: list[float] = []
    two: list[float] = []
    for turn in range(times):
        if turn % 2:
            two.append(second())
            one.append(first())
        else:
            one.append(first())
            two.append(second())
    return one, two


def _ratio_of_medians(above: Sequence[float], below: Sequence[float], pairs: Sequence[float]) -> Spread:
    spread = Spread.of(pairs)
    return Spread(spread.low, median(above) / median(below), spread.high, spread.samples)
