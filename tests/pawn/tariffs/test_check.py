"""A tariff is checked over all that it offers, and its dearest loan is named."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.check import check
from tenant_apps.pawn.domain.tariffs.debt import simulate
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.domain.tariffs.stored import parse_stored, to_store
from tenant_apps.pawn.domain.tariffs.taeg import exceeds
from tenant_apps.pawn.domain.tariffs.tariff import TaegOnlyError, tariff_of
from tenant_apps.pawn.domain.tariffs.usury import period_on
from tenant_apps.pawn.domain.tariffs.worst import Search, growth, worst_cases
from tests.pawn.tariffs.test_properties import tariffs
from tests.pawn.tariffs.written import FILES, START, document, tariff

WINTER = period_on(START)
FEE = {"share": "1", "base": "lent", "charged": "once", "paid": "end", "below_free": True}
ALL_OF_2026 = {"taeg": "50", "above": "0.00", "since": "2026-01-01", "until": "2026-12-31"}
SIGN_OFF = {"by": "Une directrice", "on": "2026-01-02", "reason": "Une raison", "accepted": [ALL_OF_2026]}


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def of_file(name: str) -> TariffDocument:
    return read_tariff_file(FILES / f"{name}.toml").document


def test_the_published_grid_of_nantes_crosses_the_ceiling_of_2026_and_is_signed_for() -> None:
    verdict = check(of_file("nantes"))
    assert verdict.errors == []
    assert [each.breaches for each in verdict.worst] == [False, False, True, True, True, True]
    said = str(verdict.findings[0]).replace("\u202f", " ").replace("\u00a0", " ")
    assert "sur 6 mois" in said
    assert "TAEG 8,672 %, seuil 8,67 %" in said
    assert "Direction (démonstration)" in said


def test_without_a_signature_the_breach_is_refused_with_the_worst_case() -> None:
    unsigned = of_file("nantes").model_copy(update={"usury_sign_off": None})
    errors = check(unsigned).errors
    assert len(errors) == 4
    said = str(errors[0]).replace("\u202f", " ").replace("\u00a0", " ")
    assert "6 011,00 € sur 6 mois" in said
    assert "seuil 8,67 % (du 1er janvier 2026 au 31 mars 2026)" in said
    assert "L314-6" in said
    # In the quarter before, the same grid stays below.
    assert check(unsigned, on=date(2025, 12, 31)).errors == []


@pytest.mark.parametrize("name", ["nice", "nimes", "paris"])
def test_the_other_files_stay_below_every_known_ceiling(name: str) -> None:
    verdict = check(of_file(name))
    assert verdict.findings == ()
    assert verdict.worst
    assert all(each.excess < 0 for each in verdict.worst)


def test_where_no_ceiling_is_known_for_its_first_day_a_tariff_is_refused() -> None:
    (error,) = check(document(valid_from="2030-01-01")).errors
    assert "n’est pas connu" in error.message
    assert "du 1er octobre 2026" in error.message.replace("\u00a0", " ")


def test_a_tariff_that_is_lent_by_today_says_that_the_ceilings_of_today_are_not_known() -> None:
    far, known = date(2031, 5, 2), date(2026, 2, 1)
    (warning,) = check(document(), today=far).findings
    assert (warning.level, warning.rule) == ("warning", "usury-unknown")
    assert "2 mai 2031" in warning.message.replace("\u00a0", " ")
    assert check(document(), today=known).findings == ()


def test_rates_published_as_taeg_do_not_suffice() -> None:
    (error,) = check(document(published_as="taeg")).errors
    assert error.path == "published_as"
    with pytest.raises(TaegOnlyError):
        tariff(published_as="taeg")


def test_a_published_taeg_that_the_rates_do_not_give_is_told() -> None:
    written = [{"rate": "1", "per": "month", "published_taeg": "12.00"}]
    low = {"greatest": "1000.00"}
    assert check(document(brackets=written, amounts=low)).findings == ()
    written[0]["published_taeg"] = "12.68"
    (warning,) = check(document(brackets=written, amounts=low)).findings
    assert (warning.level, warning.path) == ("warning", "brackets.0.published_taeg")
    assert "12.00 %" in warning.message.replace("\u202f", " ")


def test_a_choice_names_a_key_of_the_file() -> None:
    right = {"setting": "fixed_fees.0.below_free", "because": "Une raison"}
    wrong = {"setting": "fixed_fees.1.below_free", "because": "Une raison"}
    (error,) = check(document(fixed_fees=[FEE], choices=[right, wrong])).errors
    assert error.path == "choices.1.setting"


def test_a_published_grid_says_where_it_is_published() -> None:
    (error,) = check(document(origin="published", source="")).errors
    assert error.path == "source"


def test_a_prolongation_that_never_fits_in_two_years_is_told() -> None:
    found = check(document(months=[12], prolongation={"months": [6, 18]})).findings
    assert [(each.level, each.path) for each in found] == [("warning", "prolongation.months.1")]


def test_the_edge_of_a_class_is_looked_at_from_both_sides() -> None:
    """0,7 % a month and 1 % once: 10,69 % over six months, lawful at 6 000 €, not at 6 001 €."""
    grid: dict[str, Any] = {"brackets": [{"rate": "0.7", "per": "month"}], "fixed_fees": [FEE], "months": [6]}
    assert check(document(**grid, amounts={"greatest": "6000.00"})).errors == []
    winter, *_later = check(document(**grid, amounts={"greatest": "6001.00"})).errors
    assert "6 001,00" in winter.message.replace("\u202f", " ")


def test_a_single_amount_above_the_ceiling_is_found() -> None:
    """5 € at least is dear for a small loan alone: 12 € for 5 € over six months, and lawful from 48 € on."""
    least = {"least_sum": "5.00"}
    brackets = [{"up_to": "500.00", "rate": "0.5", "per": "month"}, {"rate": "0.6", "per": "month"}]
    grid: dict[str, Any] = {"brackets": brackets, "counting": least, "months": [6]}
    assert check(document(**grid, amounts={"least": "48.00", "greatest": "3000.00"})).errors == []
    for euros in ("44.00", "43.00"):
        verdict = check(document(**grid, amounts={"least": euros, "greatest": "3000.00"}))
        assert verdict.errors
        assert verdict.worst[0].simulation.loan.lent == Money.of(euros)


def test_a_dear_bracket_between_two_cheap_ones_is_found_however_narrow() -> None:
    brackets = [
        {"up_to": "1000.00", "rate": "0.1", "per": "month"},
        {"up_to": "1010.00", "rate": "3", "per": "month"},
        {"rate": "0.1", "per": "month"},
    ]
    worst = check(document(brackets=brackets, amounts={"greatest": "3000.00"})).worst[0]
    assert Money.of(1000) < worst.simulation.loan.lent <= Money.of(1010)


def test_a_fee_of_a_few_amounts_is_found() -> None:
    few = {**FEE, "share": "9", "above": "1000.00", "up_to": "1010.00"}
    grid: dict[str, Any] = {"brackets": [{"rate": "0.1", "per": "month"}], "fixed_fees": [few]}
    worst = check(document(**grid, amounts={"greatest": "3000.00"})).worst[0]
    assert Money.of(1000) < worst.simulation.loan.lent <= Money.of(1010)


def test_what_may_cross_a_ceiling_is_looked_at_however_near_it_is() -> None:
    """Over a year at 1 % a month the TAEG is 12 %."""
    found = {}
    for ceiling in ("11.9999", "12.0000", "12.0001"):
        search = Search(tariff(), 12, START, frozenset({Decimal(ceiling)}))
        best = search.at(100_000)
        found[ceiling] = search.may_leave(best, growth(best) + Fraction(1, 10_000_000))
        assert not search.may_leave(best, growth(best) + Fraction(1, 10_000))
    assert found == {"11.9999": True, "12.0000": False, "12.0001": True}


@settings(max_examples=25)
@given(
    otherwise=tariffs(),
    least=st.integers(min_value=10, max_value=6_100),
    more=st.integers(min_value=0, max_value=150),
)
def test_no_loan_is_dearer_than_the_one_that_is_named(
    otherwise: dict[str, Any], least: int, more: int
) -> None:
    """Against every amount and day of signing, one by one."""
    assert WINTER is not None
    amounts = {"least": f"{least}.00", "greatest": f"{least + more}.00"}
    used = tariff(**{**otherwise, "amounts": amounts})
    cases = worst_cases(used, [WINTER], since=date(2026, 3, 1))
    for case in cases:
        mine = [
            simulate(
                tariff=used, capital=Money.of(euros), start=date(2026, 3, day), months=case.simulation.months
            )
            for euros in range(least, least + more + 1)
            for day in (1, 31)
            if WINTER.ceiling(Money.of(euros)) == case.ceiling
        ]
        dearest = max(each.taeg for each in mine)
        assert case.simulation.taeg <= dearest
        assert dearest - case.simulation.taeg < Decimal("0.0015")
        crossed = [
            each
            for each in mine
            if exceeds(handed_over=each.handed_over, paid=each.paid, months=each.months, ceiling=case.ceiling)
        ]
        assert case.breaches == bool(crossed)
    assert len(cases) >= 1


def test_a_signature_makes_a_warning_of_the_breach() -> None:
    dear: dict[str, Any] = {"brackets": [{"rate": "3", "per": "month"}], "months": [6]}
    assert check(document(**dear)).errors
    signed = check(document(**dear, usury_sign_off=SIGN_OFF))
    assert (signed.errors, signed.findings[0].level) == ([], "warning")
    assert "Une directrice" in signed.findings[0].message


QUARTERS = ("1er janvier", "1er avril", "1er juillet", "1er octobre")


@pytest.mark.parametrize(
    ("accepted", "refused"),
    [
        ({}, []),
        ({"taeg": "39.24"}, []),
        ({"taeg": "39.23"}, [1, 2, 3, 4]),
        ({"above": "10.00"}, [1, 2, 3, 4]),
        ({"above": "9.00", "up_to": "19999.00"}, [1, 2, 3, 4]),
        ({"above": "9.00", "up_to": "20000.00"}, []),
        ({"until": "2026-06-30"}, [3, 4]),
        ({"until": "2026-09-29"}, [3, 4]),
        ({"since": "2026-01-02"}, [1]),
    ],
)
def test_a_signature_is_for_the_rate_the_sums_and_the_quarters_that_it_names(
    accepted: dict[str, str], refused: list[int]
) -> None:
    """3 % a month for six months is 39,24 % a year, from 10 € to 20 000 €."""
    signed = {**SIGN_OFF, "accepted": [{**ALL_OF_2026, **accepted}]}
    brackets = [{"rate": "3", "per": "month"}]
    errors = check(document(brackets=brackets, months=[6], usury_sign_off=signed)).errors
    said = "".join(plain(each.message) for each in errors)
    assert [rank for rank, first in enumerate(QUARTERS, start=1) if f"(du {first}" in said] == refused


def test_the_same_signature_does_not_cover_ten_times_the_rates() -> None:
    grid = of_file("nantes")
    dear = [each.model_copy(update={"rate": each.rate * 10}) for each in grid.brackets]
    errors = check(grid.model_copy(update={"brackets": tuple(dear)})).errors
    assert {each.path for each in errors} == {"usury_sign_off"}
    assert "TAEG de 8,68 % au plus, au-dessus de 6 000,00 €" in plain(errors[0].message)


def test_a_signature_is_of_a_year_at_most() -> None:
    for until in ("2025-12-31", "2027-01-02"):
        with pytest.raises(ValidationError):
            document(usury_sign_off={**SIGN_OFF, "accepted": [{**ALL_OF_2026, "until": until}]})


def test_what_was_signed_for_ever_is_signed_for_no_more() -> None:
    """As tariffs were stored once."""
    stored = to_store(document(usury_sign_off=SIGN_OFF))
    assert parse_stored(stored).usury_sign_off is not None
    del stored["usury_sign_off"]["accepted"]
    assert parse_stored(stored).usury_sign_off is None


def test_the_day_of_signing_that_makes_a_loan_longest_is_the_one_that_is_looked_at() -> None:
    """By the day, six months are 181 to 184 days: 184 from 1 March."""
    assert WINTER is not None
    by_day = tariff_of(document(counting={"period": "day"}, months=[6]))
    starts = {case.simulation.loan.start for case in worst_cases(by_day, [WINTER], since=WINTER.start)}
    assert starts == {date(2026, 3, 1)}
