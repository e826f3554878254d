"""Pawn loans simulated in this very process: interest, fees, TAEG and the lines that explain them."""

from datetime import date
from time import perf_counter

from benchmarks.effort import Effort
from benchmarks.fleets import Fleets
from benchmarks.measure import Line, Spread, Target
from benchmarks.side import ROOT
from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.debt import simulate
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.domain.tariffs.tariff import Tariff, tariff_of

NAME = "tariff"
LOANS = 10_000
A_SECOND = Target("at least", 10_000)
SIGNED = date(2026, 1, 15)
# By the month on the whole capital; by the half-month; by the day and by slices.
FILES = ("nantes", "nimes", "paris")


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    """No database: a caisse's tariff is parsed once in a process."""
    return [_line(name, effort.simulations) for name in FILES]


def _line(name: str, turns: int) -> Line:
    tariff = tariff_of(read_tariff_file(ROOT / "fixtures" / "tariffs" / f"{name}.toml").document)
    spread = Spread.of([_seconds(tariff) for _ in range(turns)])
    return Line(
        benchmark=NAME,
        what=f"{LOANS} simulations of the tariff of {name.title()}",
        unit="ms",
        ours=spread,
        meaning="a second",
        figure=Spread(LOANS / spread.high, LOANS / spread.middle, LOANS / spread.low, spread.samples),
        target=A_SECOND,
    )


def _seconds(tariff: Tariff) -> float:
    """Of as many loans, no two alike in a row."""
    amounts = tariff.document.amounts
    steps = (amounts.greatest.cents - amounts.least.cents) // amounts.step.cents
    begun = perf_counter()
    for number in range(LOANS):
        capital = Money(amounts.least.cents + number * 7 % steps * amounts.step.cents)
        months = tariff.document.months[number % len(tariff.document.months)]
        simulate(tariff=tariff, capital=capital, start=SIGNED, months=months)
    return perf_counter() - begun
