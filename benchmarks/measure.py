"""Samples of two sides taken in turns, and what their comparison says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Literal

Unit = Literal["s", "ms", "MB", "KB", "statements", "sign-ins"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A median between two quartiles. One sample alone is all three."""

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


@dataclass(slots=True)
class Taken:
    """Blocks of samples, in seconds: block by block, a drift of the computer falls on every side."""

    blocks: list[list[float]] = field(default_factory=list)

    @property
    def spread(self) -> Spread:
        return Spread.of([sample for block in self.blocks for sample in block])

    def over(self, other: "Taken") -> Spread:
        """The median of the ratios of blocks taken one after the other, between their quartiles."""
        return Spread.of(
            [median(one) / median(two) for one, two in zip(self.blocks, other.blocks, strict=True)]
        )


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach."""

    sense: Literal["at least", "at most"]
    limit: float

    def is_met(self, figure: float) -> bool:
        return figure >= self.limit if self.sense == "at least" else figure <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: Guichet's figure, that of the alternative, and what the two make together."""

    benchmark: str
    what: str
    unit: Unit
    ours: Spread
    theirs: Spread | None = None
    # What `figure` is: "times faster", "times as long", "MB more", "lost".
    meaning: str = ""
    figure: Spread | None = None
    target: Target | None = None

    @property
    def is_missed(self) -> bool:
        return (
            self.target is not None and self.figure is not None and not self.target.is_met(self.figure.middle)
        )


def in_turns(*acts: Callable[[], list[float]], turns: int, taken: Sequence[Taken]) -> None:
    """Every act once a turn, in the opposite order each second time."""
    for turn in range(turns):
        for act, place in list(zip(acts, taken, strict=True))[:: -1 if turn % 2 else 1]:
            place.blocks.append(act())
