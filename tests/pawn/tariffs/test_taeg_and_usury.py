"""The TAEG as the law counts it, and the ceilings with which it is compared."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs import usury, words
from tenant_apps.pawn.domain.tariffs.taeg import exceeds, shown, taeg
from tenant_apps.pawn.domain.tariffs.usury import (
    MOVES_AT_MOST,
    known_periods,
    nearest_to,
    period_on,
    periods_since,
    stretches,
)


@pytest.mark.parametrize(
    ("handed_over", "paid", "months", "rate"),
    [
        # One year: the cost itself.
        ("1000", "1100", 12, "10"),
        # Half a year: 1.05² = 1.1025.
        ("1000", "1050", 6, "10.25"),
        # Two years: the square root of 1.21.
        ("1000", "1210", 24, "10"),
        # A month: 1.01¹² = 1.126825…
        ("100", "101", 1, "12.68250301319698"),
        ("100", "100", 6, "0"),
    ],
)
def test_the_taeg_compounds_by_the_year(handed_over: str, paid: str, months: int, rate: str) -> None:
    found = taeg(handed_over=Money.of(handed_over), paid=Money.of(paid), months=months)
    assert abs(found - Decimal(rate)) < Decimal("1e-13")


def test_the_taeg_is_shown_with_two_decimals_and_the_half_goes_up() -> None:
    assert [str(shown(Decimal(rate))) for rate in ("8.6649", "8.665", "8.675", "0")] == [
        "8.66",
        "8.67",
        "8.68",
        "0.00",
    ]


def test_a_ceiling_that_is_reached_is_not_exceeded() -> None:
    lent, ceiling = Money.of(1000), Decimal("10.25")
    assert not exceeds(handed_over=lent, paid=Money.of("1050.00"), months=6, ceiling=ceiling)
    assert exceeds(handed_over=lent, paid=Money.of("1050.01"), months=6, ceiling=ceiling)


@pytest.mark.parametrize(
    ("day", "euros", "rate"),
    [
        (date(2026, 1, 1), "3000.00", "23.56"),
        (date(2026, 3, 31), "3000.01", "15.87"),
        (date(2026, 2, 1), "6000.00", "15.87"),
        (date(2026, 2, 1), "6000.01", "8.67"),
        (date(2025, 12, 31), "6001.00", "8.73"),
        (date(2023, 10, 1), "125.00", "21.75"),
    ],
)
def test_the_ceiling_is_that_of_the_day_and_the_amount(day: date, euros: str, rate: str) -> None:
    period = period_on(day)
    assert period is not None
    assert period.ceiling(Money.of(euros)) == Decimal(rate)


def test_where_the_ceilings_of_a_day_are_not_known_it_says_which_it_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = known_periods()[-1]
    after, before = last.end + timedelta(days=1), known_periods()[0].start - timedelta(days=1)
    assert period_on(after) is period_on(before) is None
    assert (nearest_to(after).period, nearest_to(after).in_force) == (last, False)
    assert nearest_to(before).period == known_periods()[0]
    assert nearest_to(last.end).in_force
    november = date(2023, 11, 15)
    known = tuple(each for each in known_periods() if not each.start <= november <= each.end)
    monkeypatch.setattr(usury, "known_periods", lambda: known)
    assert nearest_to(november).period.end == date(2023, 10, 31)
    assert not nearest_to(november).in_force


def test_no_ceiling_moved_by_more_than_the_margin_that_is_kept_for_each_quarter() -> None:
    for before, after in pairwise(known_periods()):
        moves = [abs(one.rate - two.rate) for one, two in zip(before.ceilings, after.ceilings, strict=True)]
        assert max(moves) < MOVES_AT_MOST


def test_the_margin_grows_with_each_quarter_that_is_not_known() -> None:
    first, last = known_periods()[0].start, known_periods()[-1].end
    after = [nearest_to(last + timedelta(days=days)).margin for days in (0, 1, 92, 93, 366)]
    assert after == [0, 1, 1, 2, 4]
    assert [nearest_to(first - timedelta(days=days)).margin for days in (0, 1, 93)] == [0, 1, 2]


def test_a_tariff_meets_the_ceilings_of_its_first_day_and_all_later_ones() -> None:
    met = [each.start for each in periods_since(date(2025, 12, 31))]
    assert met[:2] == [date(2025, 10, 1), date(2026, 1, 1)]
    assert met[-1] == known_periods()[-1].start


def test_which_ceilings_are_known_and_by_whom_is_told_with_their_gaps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(stretches()) == 1
    without = tuple(each for each in known_periods() if each.start != date(2024, 1, 1))
    monkeypatch.setattr(usury, "known_periods", lambda: without)
    monkeypatch.setattr(words, "known_periods", lambda: without)
    spans, source, alone = (
        each.replace("\u00a0", " ").replace("\u202f", " ") for each in words.known_in_words()
    )
    assert "du 1er octobre 2023 au 31 décembre 2023 ; du 1er avril 2024" in spans
    assert "data.gouv.fr" in source
    assert "du 1er novembre 2023 au 30 novembre 2023" in alone
    assert "du 1er janvier 2026" not in alone


def test_every_period_has_a_source_and_the_three_classes_of_amounts() -> None:
    for period in known_periods():
        assert period.source
        assert [str(bound) for bound in period.bounds] == ["3000.00", "6000.00"]
