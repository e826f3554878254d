"""What holds of any tariff, any loan and any day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.debt import debt, prolongation, simulate, total_owed
from tenant_apps.pawn.domain.tariffs.lines import Kind
from tenant_apps.pawn.domain.tariffs.loan import ActDone, Loan, PaidDown, Prolonged
from tenant_apps.pawn.domain.tariffs.months import add_months
from tests.pawn.tariffs.written import tariff

DAY = timedelta(days=1)
cents = st.integers(min_value=0, max_value=3_000).map(lambda number: str(Money(number)))
rates = st.integers(min_value=0, max_value=3_000).map(lambda number: str(Decimal(number) / 1000))
starts = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))
euros = st.integers(min_value=1000, max_value=2_000_000).map(Money)


@st.composite
def brackets(draw: st.DrawFn) -> list[dict[str, str]]:
    bounds = sorted(draw(st.sets(st.integers(min_value=20, max_value=9_000), max_size=3)))
    per = draw(st.sampled_from(["month", "year"]))
    written = [{"up_to": f"{bound}.00", "rate": draw(rates), "per": per} for bound in bounds]
    return [*written, {"rate": draw(rates), "per": per}]


@st.composite
def fees(draw: st.DrawFn) -> dict[str, Any]:
    """What is withheld of ten euros stays below five."""
    charged = draw(st.sampled_from(["once", "prolongation", "period"]))
    paid = "end" if charged == "period" else draw(st.sampled_from(["start", "end"]))
    return {
        "share": draw(rates),
        "amount": str(Money(draw(st.integers(min_value=1, max_value=100 if paid == "start" else 2_000)))),
        "charged": charged,
        "every_months": draw(st.integers(min_value=1, max_value=12)) if charged == "period" else None,
        "paid": paid,
        "above": draw(st.sampled_from(["0.00", "50.00", "1000.00"])),
        "base": draw(st.sampled_from(["lent", "rest"])),
        "below_free": draw(st.booleans()),
    }


@st.composite
def tariffs(draw: st.DrawFn, /, **otherwise: Any) -> dict[str, Any]:
    """What `tariff` takes."""
    applied = draw(st.sampled_from(["whole", "slices"]))
    drawn = {
        "applied": applied,
        "basis": "rest" if applied == "slices" else draw(st.sampled_from(["lent", "rest"])),
        "free_up_to": draw(st.sampled_from(["0.00", "100.00"])),
        "months": [6],
        "brackets": draw(brackets()),
        "counting": {
            "period": draw(st.sampled_from(["day", "half_month", "month"])),
            "days_in_year": draw(st.sampled_from([360, 365])),
            "periods_from": draw(st.sampled_from(["start", "payment"])),
            "after_term": draw(st.booleans()),
            "least_periods": draw(st.integers(min_value=0, max_value=3)),
            "least_sum": draw(cents),
        },
        "rounding": {
            "unit": draw(st.sampled_from(["0.01", "0.05", "1.00"])),
            "way": draw(st.sampled_from(["half_up", "half_even", "up", "down"])),
            "interest": draw(st.sampled_from(["once", "each_period"])),
        },
        "prolongation": {"months": [3, 6], "runs_from": draw(st.sampled_from(["term", "payment"]))},
        "fixed_fees": draw(st.lists(fees(), max_size=2)),
        "late": draw(
            st.none()
            | st.fixed_dictionaries(
                {
                    "base": st.sampled_from(["lent", "rest", "interest", "rest_and_interest"]),
                    "below_free": st.booleans(),
                    "steps": st.just([{"from_day": 1, "rate": "1"}, {"from_day": 40, "rate": "2.5"}]),
                }
            )
        ),
        "acts": [{"act": "sending", "amount": "15.00", "share": "1.25", "plus_cost": True}],
    }
    return drawn | otherwise


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    """With things that happened in its first months, paid down and prolonged among them."""
    start, lent = draw(starts), draw(euros)
    loan = Loan(lent=lent, start=start, term=add_months(start, 6))
    for after in sorted(draw(st.lists(st.integers(min_value=0, max_value=300), max_size=3))):
        day = start + timedelta(days=after)
        kind = draw(st.sampled_from(["down", "act", "prolonged"]))
        if kind == "down" and loan.capital > Money(1000):
            loan = loan.after(PaidDown(on=day, capital=Money(draw(st.integers(1, loan.capital.cents - 500)))))
        elif kind == "act":
            loan = loan.after(ActDone(on=day, act="sending", extra=Money(draw(st.integers(0, 900)))))
        else:
            later = max(day, loan.current_term)
            loan = loan.after(Prolonged(on=day, until=add_months(later, draw(st.integers(1, 3)))))
    return loan


@given(otherwise=tariffs(), loan=loans(), since=st.integers(-100, 900))
def test_the_total_alone_is_that_of_the_lines_to_the_cent(
    otherwise: dict[str, Any], loan: Loan, since: int
) -> None:
    written, on = tariff(**otherwise), max(loan.start, loan.current_term + timedelta(days=since))
    assert total_owed(tariff=written, loan=loan, on=on) == debt(tariff=written, loan=loan, on=on).total


@given(otherwise=tariffs(), loan=loans(), since=st.integers(0, 900), more=st.integers(1, 400))
def test_while_nobody_pays_the_total_never_falls(
    otherwise: dict[str, Any], loan: Loan, since: int, more: int
) -> None:
    last = max([loan.start, *(event.on for event in loan.events)])
    used, day = tariff(**otherwise), last + timedelta(days=since)
    assert (
        debt(tariff=used, loan=loan, on=day).total
        <= debt(tariff=used, loan=loan, on=day + timedelta(days=more)).total
    )


@given(otherwise=tariffs(), loan=loans(), after=st.integers(0, 900))
def test_the_lines_add_up_and_none_is_negative(otherwise: dict[str, Any], loan: Loan, after: int) -> None:
    found = debt(tariff=tariff(**otherwise), loan=loan, on=loan.start + timedelta(days=after))
    assert found.capital + found.interest + found.fees + found.penalty == found.total
    assert sum(line.amount.cents for line in found.lines) == found.total.cents
    assert all(line.amount >= Money() for line in found.lines)


@given(otherwise=tariffs(), loan=loans(), after=st.integers(0, 900))
def test_what_was_just_paid_is_not_owed_again_the_same_day(
    otherwise: dict[str, Any], loan: Loan, after: int
) -> None:
    day = max([loan.start, *(event.on for event in loan.events)]) + timedelta(days=after)
    paid = loan.after(PaidDown(on=day, capital=Money(1)))
    assert debt(tariff=tariff(**otherwise), loan=paid, on=day).charges == Money()


WITHOUT_FEES: dict[str, Any] = {"fixed_fees": [], "late": None}


@given(
    otherwise=tariffs(**WITHOUT_FEES),
    start=starts,
    lent=euros,
    first=st.integers(0, 180),
    then=st.integers(0, 200),
)
def test_counted_from_the_loan_prolonging_then_redeeming_costs_what_one_redemption_would(
    otherwise: dict[str, Any], start: date, lent: Money, first: int, then: int
) -> None:
    counting = {**otherwise["counting"], "periods_from": "start", "after_term": True}
    used = tariff(**{**otherwise, "counting": counting, "prolongation": {"months": [6], "runs_from": "term"}})
    loan = Loan(lent=lent, start=start, term=add_months(start, 6))
    day = start + timedelta(days=first)
    prolonged = prolongation(tariff=used, loan=loan, on=day, months=6)
    end = day + timedelta(days=then)
    in_two = prolonged.to_pay + debt(tariff=used, loan=prolonged.after, on=end).total
    assert in_two == debt(tariff=used, loan=loan, on=end).total


@given(otherwise=tariffs(), start=starts, lent=st.integers(10, 20_000))
def test_the_taeg_gives_the_cost_back(otherwise: dict[str, Any], start: date, lent: int) -> None:
    found = simulate(tariff=tariff(**otherwise), capital=Money.of(lent), start=start, months=6)
    again = found.handed_over.euros * (1 + found.taeg / 100) ** (Decimal(6) / 12)
    assert again.quantize(Decimal("0.01")) == found.paid.euros
    assert found.cost == found.paid - found.handed_over


@given(bound=st.integers(min_value=20, max_value=9_000), low=rates, high=rates)
def test_at_the_edge_of_a_bracket_slices_go_on_and_a_whole_rate_jumps(
    bound: int, low: str, high: str
) -> None:
    written = [{"up_to": f"{bound}.00", "rate": low, "per": "month"}, {"rate": high, "per": "month"}]

    def interest(applied: str, capital: Money) -> Money:
        used = tariff(applied=applied, basis="rest", brackets=written)
        start = date(2026, 1, 15)
        return debt(
            tariff=used, loan=Loan(lent=capital, start=start, term=date(2026, 7, 15)), on=date(2026, 7, 15)
        ).interest

    edge, above = Money.of(bound), Money.of(bound) + Money(1)
    assert interest("slices", edge) == interest("whole", edge)
    assert abs(interest("slices", above).cents - interest("slices", edge).cents) <= 1
    expected = Money.rounded(above.euros * Decimal(high) * 6 / 100)
    assert interest("whole", above) == expected


def test_a_kind_of_line_belongs_to_one_of_the_four_sums() -> None:
    assert set(Kind) == {
        Kind.CAPITAL,
        *(Kind.INTEREST, Kind.MINIMUM),
        *(Kind.FIXED_FEE, Kind.ACT),
        Kind.PENALTY,
    }
