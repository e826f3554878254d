"""The numbers that docs/algorithms/pawn-interest.md works out, each computed here."""

from datetime import date
from decimal import Decimal

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.debt import debt, part_payment, prolongation, simulate
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tests.pawn.tariffs.written import START, loan, published

JULY_15 = date(2026, 7, 15)


def test_at_nantes_a_thousand_euros_cost_59_20_over_six_months() -> None:
    found = debt(tariff=published("nantes"), loan=loan(1000), on=JULY_15)
    assert found.lines == (
        Line(Kind.CAPITAL, Money.of(1000), START, JULY_15),
        Line(
            Kind.INTEREST,
            Money.of("49.20"),
            START,
            JULY_15,
            Money.of(1000),
            Decimal("0.820"),
            "month",
            6,
            "month",
        ),
        Line(Kind.FIXED_FEE, Money.of("10.00"), START, START, Money.of(1000), Decimal(1)),
    )
    assert found.total == Money.of("1059.20")
    assert (found.capital, found.interest, found.fees, found.charges) == (
        Money.of(1000),
        Money.of("49.20"),
        Money.of(10),
        Money.of("59.20"),
    )


def test_at_nantes_a_month_begun_is_due_whole() -> None:
    nantes = published("nantes")
    owed = [
        debt(tariff=nantes, loan=loan(1000), on=day).interest
        for day in (START, date(2026, 1, 16), date(2026, 2, 15), date(2026, 2, 16))
    ]
    assert owed == [Money.of("0.00"), Money.of("8.20"), Money.of("8.20"), Money.of("16.40")]


def test_at_nantes_a_loan_up_to_100_euros_is_free_even_late() -> None:
    assert debt(tariff=published("nantes"), loan=loan(100), on=date(2027, 1, 15)).total == Money.of(100)
    assert debt(tariff=published("nantes"), loan=loan(101), on=JULY_15).total == Money.of("106.98")


def test_at_nantes_who_is_late_pays_two_three_or_four_per_cent_of_the_rest() -> None:
    nantes = published("nantes")
    found = {
        days: debt(tariff=nantes, loan=loan(1000), on=date.fromordinal(JULY_15.toordinal() + days))
        for days in (0, 1, 150, 151, 210, 211)
    }
    assert [str(each.penalty) for each in found.values()] == [
        "0.00",
        "20.00",
        "20.00",
        "30.00",
        "30.00",
        "40.00",
    ]
    assert found[211].days_late == 211


def test_at_nantes_above_6000_euros_the_taeg_is_8_672_over_six_months() -> None:
    found = simulate(tariff=published("nantes"), capital=Money.of(10_000), start=START, months=6)
    assert found.paid == Money.of("10424.60")
    assert found.taeg.quantize(Decimal("0.001")) == Decimal("8.672")


def test_at_nice_a_small_loan_costs_one_per_cent_a_half_year_begun() -> None:
    nice = published("nice")
    owed = [
        debt(tariff=nice, loan=loan(125, months=12), on=day).charges
        for day in (START, JULY_15, date(2026, 7, 16), date(2027, 1, 15))
    ]
    assert owed == [Money.of("1.25"), Money.of("1.25"), Money.of("2.50"), Money.of("2.50")]
    assert debt(tariff=nice, loan=loan(126), on=JULY_15).charges == Money.of("6.12")


def test_slices_of_days_add_up_to_the_rounded_sum() -> None:
    found = debt(tariff=published("paris"), loan=loan(1000), on=JULY_15)
    assert [str(line.amount) for line in found.lines] == ["1000.00", "10.41", "19.84"]
    assert found.interest == Money.of("30.25")


def test_a_prolongation_pays_interest_and_fees_and_moves_the_term() -> None:
    nantes = published("nantes")
    found = prolongation(tariff=nantes, loan=loan(1000), on=JULY_15, months=6)
    assert (found.to_pay, found.until) == (Money.of("59.20"), date(2027, 1, 15))
    later = debt(tariff=nantes, loan=found.after, on=date(2027, 1, 15))
    assert (later.total, later.charges) == (Money.of("1049.20"), Money.of("49.20"))


def test_a_part_payment_pays_the_charges_first_and_interest_then_runs_on_the_rest() -> None:
    nantes = published("nantes")
    found = part_payment(tariff=nantes, loan=loan(1000), on=date(2026, 3, 20), paid=Money.of(300))
    assert (found.charges, found.capital) == (Money.of("34.60"), Money.of("265.40"))
    later = debt(tariff=nantes, loan=found.after, on=JULY_15)
    assert (later.capital, later.interest, later.fees) == (Money.of("734.60"), Money.of("18.07"), Money())


def test_an_act_is_charged_with_what_it_cost() -> None:
    pledged = loan(1000).after(ActDone(on=START, act="sending", extra=Money.of("8.35")))
    found = debt(tariff=published("nantes"), loan=pledged, on=JULY_15)
    assert found.lines[-1].amount == Money.of("23.35")
    assert found.fees == Money.of("33.35")


def test_at_the_counter_of_the_half_month_three_begin_in_thirty_two_days() -> None:
    found = [
        debt(tariff=published("nimes"), loan=loan(1000), on=day).lines[1].periods
        for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 15), date(2026, 2, 16))
    ]
    assert found == [1, 2, 2, 3]


def test_what_is_withheld_makes_the_taeg_of_what_was_handed_over() -> None:
    found = simulate(tariff=published("paris"), capital=Money.of(1000), start=START, months=6)
    assert (found.handed_over, found.paid) == (Money.of(998), Money.of("1030.25"))
    assert found.taeg.quantize(Decimal("0.01")) == Decimal("6.57")


def test_after_a_part_payment_the_rest_is_redeemed_at_the_term() -> None:
    nantes = published("nantes")
    after = part_payment(tariff=nantes, loan=loan(1000), on=date(2026, 3, 20), paid=Money.of(300)).after
    assert debt(tariff=nantes, loan=after, on=JULY_15).total == Money.of("752.67")
