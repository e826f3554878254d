"""What was quoted before midnight and charged after it serves as it was quoted."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.settlement import apply
from tenant_apps.payments.registry import CannotApplyError
from tests.pawn.loans.lending import noon, pay_down, price

# The last day of the fifth month: the sixth begins at midnight.
EVE = date(2026, 6, 15)
AFTER = timezone.make_aware(datetime.combine(EVE + timedelta(days=1), time(0, 5)))


def charge(
    contract: Contract, act: str, amount: Money, at: datetime = AFTER, quoted_at: datetime | None = None
) -> Operation:
    payment = Client.objects.get(number="C-1").uuid
    apply(
        client_id=contract.client_id,
        reference=contract.uuid,
        act=act,
        amount=amount,
        payment_uuid=payment,
        now=at,
        quoted_at=quoted_at,
    )
    return Operation.objects.get(payment=payment)


def test_a_part_that_no_longer_reaches_the_capital_after_midnight_is_that_of_the_eve(
    contract: Contract,
) -> None:
    charges = price(contract, Act.PROLONG, EVE, months=6)
    assert price(contract, Act.PROLONG, AFTER.date(), months=6) > charges + Money(1)
    done = charge(contract, "part", charges + Money(1))
    assert (done.on, done.capital) == (EVE, Money(1))


def test_the_next_noon_it_is_too_late_for_it(contract: Contract) -> None:
    charges = price(contract, Act.PROLONG, EVE, months=6)
    with pytest.raises(CannotApplyError, match="below_charges"):
        charge(contract, "part", charges + Money(1), noon(AFTER.date()))


def test_a_prolongation_that_would_end_on_the_new_day_is_that_of_the_eve(contract: Contract) -> None:
    eve = date(2027, 1, 14)
    due = price(contract, Act.PROLONG, eve, months=6)
    after = timezone.make_aware(datetime.combine(date(2027, 1, 15), time(0, 5)))
    done = charge(contract, "prolong:6", due, after)
    assert (done.on, done.term_after) == (eve, date(2027, 1, 15))


def test_a_part_is_split_as_its_client_read_before_midnight(contract: Contract) -> None:
    """Though it would reach the capital on either day."""
    quoted_at = timezone.make_aware(datetime.combine(EVE, time(23, 50)))
    charges = price(contract, Act.PROLONG, EVE, months=6)
    done = charge(contract, "part", Money.of(300), quoted_at + timedelta(minutes=12), quoted_at)
    assert (done.on, done.capital) == (EVE, Money.of(300) - charges)


def test_a_part_that_is_quoted_and_charged_after_midnight_is_of_the_new_day(contract: Contract) -> None:
    done = charge(contract, "part", Money.of(300), AFTER, AFTER - timedelta(minutes=4))
    assert done.on == AFTER.date()


def test_a_part_is_of_the_new_day_where_something_was_done_on_it_meanwhile(contract: Contract) -> None:
    pay_down(contract, AFTER.date(), "100.00")
    done = charge(contract, "part", Money.of(300), AFTER, AFTER - timedelta(minutes=10))
    assert (done.on, done.capital) == (AFTER.date(), Money.of(300))


@pytest.mark.parametrize("minutes", [41, 54])
def test_a_price_is_kept_as_long_as_a_quote_and_the_page_of_the_card_last_together(
    contract: Contract, minutes: int
) -> None:
    quoted_at = timezone.make_aware(datetime.combine(EVE, time(23, 59)))
    due = price(contract, Act.PROLONG, EVE, months=6)
    done = charge(contract, "prolong:6", due, quoted_at + timedelta(minutes=minutes), quoted_at)
    assert done.on == EVE
