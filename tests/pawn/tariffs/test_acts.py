"""What may be done with a loan, and what is refused."""

from datetime import date
from typing import Any

import pytest

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.account import UnknownActError
from tenant_apps.pawn.domain.tariffs.debt import (
    Refusal,
    RefusedError,
    debt,
    part_payment,
    prolongation,
    simulate,
)
from tenant_apps.pawn.domain.tariffs.lines import Kind
from tenant_apps.pawn.domain.tariffs.loan import (
    ActDone,
    Event,
    ImpossibleLoanError,
    Loan,
    PaidDown,
    Prolonged,
)
from tenant_apps.pawn.domain.tariffs.stored import parse_stored, to_store
from tests.pawn.tariffs.written import START, loan, published, tariff

TERM = date(2026, 7, 15)
WITHHELD = {"share": "1", "base": "lent", "charged": "prolongation", "paid": "start", "below_free": True}


def refused(act: Any, **words: Any) -> Refusal:
    with pytest.raises(RefusedError) as found:
        act(**words)
    return found.value.refusal


@pytest.mark.parametrize(
    ("capital", "months", "refusal"),
    [
        ("9.00", 6, Refusal.AMOUNT_NOT_OFFERED),
        ("20001.00", 6, Refusal.AMOUNT_NOT_OFFERED),
        ("1000.50", 6, Refusal.AMOUNT_NOT_OFFERED),
        ("1000.00", 7, Refusal.MONTHS_NOT_OFFERED),
        ("1000.00", 0, Refusal.MONTHS_NOT_OFFERED),
    ],
)
def test_what_the_caisse_does_not_offer_is_not_simulated(capital: str, months: int, refusal: Refusal) -> None:
    found = refused(simulate, tariff=tariff(), capital=Money.of(capital), start=START, months=months)
    assert found is refusal


def test_prolongations_stay_within_two_years_of_the_loan() -> None:
    used, pledged = tariff(), loan(1000)
    for term in (date(2027, 1, 15), date(2027, 7, 15), date(2028, 1, 15)):
        found = prolongation(tariff=used, loan=pledged, on=pledged.current_term, months=6)
        assert found.until == term
        pledged = found.after
    assert (
        refused(prolongation, tariff=used, loan=pledged, on=date(2028, 1, 10), months=6)
        is Refusal.BEYOND_TWO_YEARS
    )


@pytest.mark.parametrize("basis", ["lent", "rest"])
@pytest.mark.parametrize("paid", ["start", "end"])
@pytest.mark.parametrize(("base", "fee"), [("lent", "10.00"), ("rest", "6.00")])
def test_after_a_part_payment_the_fee_of_a_prolongation_is_of_the_base_that_the_tariff_names(
    basis: str, paid: str, base: str, fee: str
) -> None:
    """1 % of the 1 000 € that were lent, or of the 600 € that are left; whatever the brackets look at."""
    used = tariff(basis=basis, fixed_fees=[{**WITHHELD, "base": base, "paid": paid}])
    pledged = loan(1000).after(PaidDown(on=TERM, capital=Money.of(400)))
    once = prolongation(tariff=used, loan=pledged, on=TERM, months=6)
    again = prolongation(tariff=used, loan=once.after, on=once.until, months=6)
    fees = [line for line in again.lines if line.kind is Kind.FIXED_FEE]
    assert [(line.amount, line.base) for line in fees] == [(Money.of(fee), Money.of(fee) * 100)]


@pytest.mark.parametrize(("base", "due"), [("lent", True), ("rest", False)])
def test_the_bounds_of_a_fee_look_at_its_base_too(base: str, *, due: bool) -> None:
    used = tariff(fixed_fees=[{**WITHHELD, "base": base, "above": "600.00"}])
    pledged = loan(1000).after(PaidDown(on=TERM, capital=Money.of(400)))
    lines = prolongation(tariff=used, loan=pledged, on=TERM, months=6).lines
    assert any(line.kind is Kind.FIXED_FEE for line in lines) == due


def test_a_fee_of_a_tariff_that_was_stored_before_looks_at_what_its_brackets_do() -> None:
    for basis in ("lent", "rest"):
        stored = to_store(tariff(basis=basis, fixed_fees=[WITHHELD]).document)
        del stored["fixed_fees"][0]["base"]
        assert parse_stored(stored).fixed_fees[0].base == basis


def test_the_last_day_of_a_month_is_found_again_after_a_short_one() -> None:
    pledged = Loan(lent=Money.of(1000), start=date(2025, 8, 31), term=date(2026, 2, 28))
    found = prolongation(tariff=tariff(), loan=pledged, on=date(2026, 2, 28), months=6)
    assert found.until == date(2026, 8, 31)


def test_a_term_that_would_be_past_already_is_refused() -> None:
    late = date(2027, 3, 1)
    assert refused(prolongation, tariff=tariff(), loan=loan(1000), on=late, months=6) is Refusal.NOT_LATER
    from_payment = tariff(prolongation={"runs_from": "payment"})
    assert prolongation(tariff=from_payment, loan=loan(1000), on=late, months=6).until == date(2027, 9, 1)


def test_a_duration_that_is_not_offered_is_refused() -> None:
    assert refused(prolongation, tariff=tariff(), loan=loan(1000), on=TERM, months=5) is (
        Refusal.MONTHS_NOT_OFFERED
    )


def test_a_part_payment_reaches_the_capital_and_leaves_some() -> None:
    words: dict[str, Any] = {"tariff": tariff(), "loan": loan(1000), "on": TERM}
    assert refused(part_payment, **words, paid=Money.of("60.00")) is Refusal.BELOW_CHARGES
    assert refused(part_payment, **words, paid=Money.of("1060.00")) is Refusal.REDEEMS
    assert part_payment(**words, paid=Money.of("60.01")).capital == Money(1)
    assert part_payment(**words, paid=Money.of("1059.99")).after.capital == Money(1)


def test_nothing_is_done_before_what_was_done_already() -> None:
    used, pledged = tariff(), loan(1000).after(PaidDown(on=TERM, capital=Money.of(100)))
    before = date(2026, 7, 14)
    assert refused(prolongation, tariff=used, loan=pledged, on=before, months=6) is Refusal.OUT_OF_ORDER
    assert refused(part_payment, tariff=used, loan=pledged, on=before, paid=Money.of(100)) is (
        Refusal.OUT_OF_ORDER
    )
    assert refused(part_payment, tariff=used, loan=loan(10), on=date(2026, 1, 14), paid=Money(1)) is (
        Refusal.OUT_OF_ORDER
    )


def test_a_debt_is_told_as_it_was_known_that_day() -> None:
    pledged = loan(1000).after(PaidDown(on=TERM, capital=Money.of(100)))
    assert debt(tariff=tariff(), loan=pledged, on=date(2026, 7, 14)).capital == Money.of(1000)
    assert debt(tariff=tariff(), loan=pledged, on=TERM).capital == Money.of(900)
    assert pledged.until(date(2026, 7, 14)) == loan(1000)


def test_an_act_that_the_tariff_does_not_charge_is_no_guess() -> None:
    with pytest.raises(UnknownActError):
        debt(tariff=tariff(), loan=loan(1000).after(ActDone(on=START, act="sending")), on=TERM)


def test_what_is_withheld_is_no_debt_but_a_cost_and_is_paid_with_each_prolongation() -> None:
    used = tariff(fixed_fees=[WITHHELD])
    found = simulate(tariff=used, capital=Money.of(1000), start=START, months=6)
    assert (found.handed_over, found.paid, found.cost) == (Money.of(990), Money.of(1060), Money.of(70))
    # (1060 / 990)² = 1.146414…
    assert str(found.taeg)[:7] == "14.6413"
    prolonged = prolongation(tariff=used, loan=found.loan, on=TERM, months=6)
    assert [(line.kind, str(line.amount)) for line in prolonged.lines] == [
        (Kind.INTEREST, "60.00"),
        (Kind.FIXED_FEE, "10.00"),
    ]
    assert debt(tariff=used, loan=prolonged.after, on=TERM).charges == Money()


def test_a_fee_that_comes_again_is_due_with_the_new_term() -> None:
    again = {**WITHHELD, "paid": "end"}
    once = {**again, "charged": "once"}
    for fee, fees in ((again, "10.00"), (once, "0.00")):
        used = tariff(fixed_fees=[fee])
        after = prolongation(tariff=used, loan=loan(1000), on=TERM, months=6).after
        assert debt(tariff=used, loan=after, on=date(2027, 1, 15)).fees == Money.of(fees)


def test_a_compulsory_act_counts_in_the_taeg_and_another_does_not() -> None:
    for compulsory, paid in ((True, "1065.00"), (False, "1060.00")):
        acts = [{"act": "due_notice", "amount": "5.00", "compulsory": compulsory}]
        found = simulate(tariff=tariff(acts=acts), capital=Money.of(1000), start=START, months=6)
        assert found.paid == Money.of(paid)


def test_the_least_interest_is_owed_from_the_first_day_and_covers_what_comes() -> None:
    used = tariff(counting={"least_sum": "15.00"})
    found = debt(tariff=used, loan=loan(1000), on=date(2026, 1, 20))
    assert [(line.kind, str(line.amount)) for line in found.lines[1:]] == [
        (Kind.INTEREST, "10.00"),
        (Kind.MINIMUM, "5.00"),
    ]
    paid = part_payment(tariff=used, loan=loan(1000), on=date(2026, 1, 20), paid=Money.of(16)).after
    # Two months of 1 000 € and 999 € are 19,99 €, of which 15 € are paid.
    assert debt(tariff=used, loan=paid, on=date(2026, 3, 15)).interest == Money.of("4.99")


def test_who_pays_each_time_pays_each_started_month_anew_where_the_tariff_says_so() -> None:
    for periods_from, interest in (("start", "0.00"), ("payment", "9.90")):
        used = tariff(counting={"periods_from": periods_from})
        paid = loan(1000).after(PaidDown(on=date(2026, 1, 25), capital=Money.of(10)))
        assert debt(tariff=used, loan=paid, on=date(2026, 2, 10)).interest == Money.of(interest)


def test_interest_may_stop_at_the_term() -> None:
    used = tariff(counting={"after_term": False})
    assert debt(tariff=used, loan=loan(1000), on=date(2027, 1, 15)).interest == Money.of(60)


def test_a_penalty_that_was_paid_is_not_asked_again_until_its_next_step() -> None:
    nantes = published("nantes")
    late = date(2026, 8, 15)
    after = part_payment(tariff=nantes, loan=loan(1000), on=late, paid=Money.of(200)).after
    assert debt(tariff=nantes, loan=after, on=date(2026, 8, 31)).penalty == Money()
    # 3 % of what is left, less the 20 € that were paid.
    left = after.capital.cents * 3 // 100 - 2000
    assert abs(debt(tariff=nantes, loan=after, on=date(2026, 12, 13)).penalty.cents - left) <= 1


def test_roundings_are_those_of_the_tariff() -> None:
    grid: dict[str, Any] = {"brackets": [{"rate": "0.123", "per": "month"}]}
    found = {
        (way, unit): str(
            debt(
                tariff=tariff(**grid, rounding={"way": way, "unit": unit}), loan=loan("100.00"), on=TERM
            ).interest
        )
        for way in ("half_up", "half_even", "up", "down")
        for unit in ("0.01", "0.10", "1.00")
    }
    # 0,123 % of 100 € over six months is 0,738 €.
    assert found == {
        ("half_up", "0.01"): "0.74",
        ("half_up", "0.10"): "0.70",
        ("half_up", "1.00"): "1.00",
        ("half_even", "0.01"): "0.74",
        ("half_even", "0.10"): "0.70",
        ("half_even", "1.00"): "1.00",
        ("up", "0.01"): "0.74",
        ("up", "0.10"): "0.80",
        ("up", "1.00"): "1.00",
        ("down", "0.01"): "0.73",
        ("down", "0.10"): "0.70",
        ("down", "1.00"): "0.00",
    }
    each = tariff(**grid, rounding={"interest": "each_period"})
    # Six times 0,12 €.
    assert debt(tariff=each, loan=loan(100), on=TERM).interest == Money.of("0.72")


def test_the_half_of_a_cent_goes_where_the_tariff_says() -> None:
    grid: dict[str, Any] = {"brackets": [{"rate": "0.5", "per": "month"}]}
    for euros, half_up, half_even in (("1.00", "0.01", "0.00"), ("3.00", "0.02", "0.02")):
        for way, interest in (("half_up", half_up), ("half_even", half_even)):
            used = tariff(**grid, rounding={"way": way})
            one_month = debt(tariff=used, loan=loan(euros), on=date(2026, 2, 15))
            assert one_month.interest == Money.of(interest)


@pytest.mark.parametrize(
    ("runs_from", "periods_from", "interest"),
    [
        # Two months after the new term was agreed: the gap of forty-seven days is skipped, or belongs to the new term.
        ("payment", "start", "20.00"),
        ("payment", "payment", "20.00"),
        ("term", "start", "40.00"),
        ("term", "payment", "40.00"),
    ],
)
def test_where_interest_stops_at_the_term_a_new_term_begins_where_the_tariff_says(
    runs_from: str, periods_from: str, interest: str
) -> None:
    counting = {"after_term": False, "periods_from": periods_from}
    used = tariff(counting=counting, prolongation={"runs_from": runs_from})
    found = prolongation(tariff=used, loan=loan(1000), on=date(2026, 8, 31), months=6)
    assert found.to_pay == Money.of(60)
    two_months_later = date(2026, 10, 31)
    assert debt(tariff=used, loan=found.after, on=two_months_later).interest == Money.of(interest)


def test_each_term_has_its_own_penalty() -> None:
    late = {"base": "lent", "below_free": True, "steps": [{"from_day": 1, "rate": "2"}]}
    used = tariff(late=late)
    found = prolongation(tariff=used, loan=loan(1000), on=date(2026, 7, 20), months=6)
    assert [str(line.amount) for line in found.lines if line.kind is Kind.PENALTY] == ["20.00"]
    assert debt(tariff=used, loan=found.after, on=date(2027, 1, 15)).penalty == Money()
    assert debt(tariff=used, loan=found.after, on=date(2027, 1, 16)).penalty == Money.of(20)


@pytest.mark.parametrize("periods_from", ["start", "payment"])
def test_the_least_is_owed_once_on_the_day_of_the_loan(periods_from: str) -> None:
    used = tariff(counting={"least_periods": 2, "periods_from": periods_from})
    twice = (
        loan(1000)
        .after(PaidDown(on=START, capital=Money.of(1)))
        .after(PaidDown(on=START, capital=Money.of(1)))
    )
    assert debt(tariff=used, loan=loan(1000), on=START).interest == Money.of(20)
    assert debt(tariff=used, loan=twice, on=START).interest == Money()
    assert debt(tariff=used, loan=twice, on=date(2026, 2, 15)).interest == (
        Money() if periods_from == "start" else Money.of("19.96")
    )


@pytest.mark.parametrize(
    "events",
    [
        [PaidDown(on=date(2026, 1, 14), capital=Money(1))],
        [PaidDown(on=TERM, capital=Money(1)), ActDone(on=START, act="sending")],
        [Prolonged(on=TERM, until=TERM)],
        [PaidDown(on=TERM, capital=Money.of(900)), PaidDown(on=TERM, capital=Money.of("100.01"))],
    ],
)
def test_a_loan_that_cannot_be_is_refused(events: list[Event]) -> None:
    with pytest.raises(ImpossibleLoanError):
        Loan(lent=Money.of(1000), start=START, term=TERM, events=tuple(events))


def test_a_loan_of_nothing_or_of_no_time_is_refused() -> None:
    for lent, term in ((Money(), TERM), (Money(1), START)):
        with pytest.raises(ImpossibleLoanError):
            Loan(lent=lent, start=START, term=term)
