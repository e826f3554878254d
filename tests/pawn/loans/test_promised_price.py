"""A price holds as long as it was promised, though the clock charges a notice meanwhile; that is due afterwards."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.holdings import holdings_of
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.services.fees import fees_due
from tenant_apps.pawn.services.waive_fee import waive_fee
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.quoting import Quote, Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.identity.steps import mails, publish
from tests.pawn.loans.lending import TERM, apply_grid, asked, fresh, lend, noon, parts, pay_down, price
from tests.payments.bank import Bank, captured
from tests.payments.paying import PROVIDER, again, lines, pay

MINUTE = timedelta(minutes=1)
ACTS = {"redeem": Act.REDEEM, "prolong:6": Act.PROLONG}
MONTHS: dict[str, dict[str, int]] = {"redeem": {}, "prolong:6": {"months": 6}}
QUOTED = noon(TERM)
NOTICE = Money.of(3)


@pytest.fixture(autouse=True)
def _bank() -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


@pytest.fixture
def contract(alpha: Caisse, beta: Caisse) -> Iterator[Contract]:
    """Whose reminders cost 3 € each."""
    publish(alpha, {"pawn": {"notices_charged": "all"}})
    with tenant_context(alpha):
        apply_grid()
        yield lend()


def quoted(contract: Contract, act: str, amount: Money | None = None, now: datetime = QUOTED) -> Quote:
    wanted = [Wanted(kind=KIND, reference=contract.uuid, act=act, amount=amount)]
    return open_basket(client=Client.objects.get(number="C-1"), wanted=wanted, now=now)


def begun(quote: Quote, now: datetime) -> Payment:
    client = Client.objects.get(number="C-1")
    started = start_payment(client=client, quote=quote, form=uuid.uuid4(), now=now)
    return Payment.objects.get(uuid=started.payment)


def due_of_notices(contract: Contract) -> Money:
    """What is due on the day of the term beside the capital, once a payment of that day has paid the rest."""
    return price(contract, Act.REDEEM, TERM) - (fresh(contract).capital or Money())


@pytest.mark.parametrize("told_after", [MINUTE, 3 * MINUTE], ids=["in the basket", "on the card's page"])
def test_a_part_pays_as_it_was_quoted_and_the_notice_is_due_with_the_next_payment(
    contract: Contract, told_after: timedelta
) -> None:
    charges = price(contract, Act.REDEEM, TERM) - Money.of(1000)
    quote = quoted(contract, "part", charges + Money.of(200))
    if told_after == MINUTE:
        assert remind(now=QUOTED + told_after) == 1
    payment = begun(quote, QUOTED + 2 * MINUTE)
    if told_after != MINUTE:
        assert remind(now=QUOTED + told_after) == 1
    assert pay(payment, now=QUOTED + 5 * MINUTE)
    assert lines(payment) == ["applied"]
    done = contract.operations.get(kind="paid_down")
    assert done.capital == Money.of(200)
    assert "due_notice" not in dict(parts(done))
    assert due_of_notices(contract) == NOTICE
    # Paid once: the next payment has it, the one after has not.
    pay_down(contract, TERM, "103.00")
    assert fresh(contract).capital == Money.of(700)
    assert due_of_notices(contract) == Money()


def test_a_prolongation_costs_what_was_promised_and_the_notice_is_due_afterwards(contract: Contract) -> None:
    payment = begun(quoted(contract, "prolong:6"), QUOTED + MINUTE)
    assert remind(now=QUOTED + 2 * MINUTE) == 1
    assert pay(payment, now=QUOTED + 3 * MINUTE)
    assert (lines(payment), again(payment).state) == (["applied"], "applied")
    assert "due_notice" in {each.act for each in contract.charges.all()}
    charged = contract.operations.filter(kind="charged").order_by("id")
    assert [each.pk > contract.operations.get(kind="prolonged").pk for each in charged] == [False, True]


def test_who_redeems_at_the_promised_price_owes_nothing_more(contract: Contract) -> None:
    payment = begun(quoted(contract, "redeem"), QUOTED + MINUTE)
    assert remind(now=QUOTED + 2 * MINUTE) == 1
    assert pay(payment, now=QUOTED + 3 * MINUTE)
    assert (lines(payment), fresh(contract).state) == (["applied"], "redeemed")


def test_a_price_asked_after_the_notice_has_it(contract: Contract) -> None:
    before = price(contract, Act.REDEEM, TERM)
    remind(now=QUOTED - MINUTE)
    assert quoted(contract, "redeem").total == before + NOTICE


def test_what_another_payment_has_paid_meanwhile_is_charged_no_second_time(contract: Contract) -> None:
    charges = price(contract, Act.REDEEM, TERM) - Money.of(1000)
    payment = begun(quoted(contract, "part", charges + Money.of(200)), QUOTED + MINUTE)
    assert remind(now=QUOTED + 2 * MINUTE) == 1
    pay_down(contract, TERM, str((charges + NOTICE + Money.of(100)).euros))
    assert pay(payment, now=QUOTED + 3 * MINUTE)
    assert contract.operations.filter(kind="charged").count() == 1
    assert due_of_notices(contract) == Money()


@pytest.mark.parametrize(("act", "state"), [("redeem", "redeemed"), ("prolong:6", "running")])
def test_what_is_waived_while_the_page_of_the_card_is_open_is_set_apart_and_the_act_is_done(
    alpha: Caisse, contract: Contract, act: str, state: str
) -> None:
    before = price(contract, ACTS[act], TERM, **MONTHS[act])
    remind(now=QUOTED - MINUTE)
    payment = begun(quoted(contract, act), QUOTED + MINUTE)
    [fee] = fees_due(contract=fresh(contract))
    waive_fee(contract=contract, fee=fee.name, reason="kindness", **asked(TERM, now=QUOTED + 2 * MINUTE))
    assert pay(payment, now=QUOTED + 3 * MINUTE)
    found = payment.lines.order_by("position").values_list("kind", "state", "amount")
    assert list(found) == [(KIND, "applied", before), ("surplus", "held", NOTICE)]
    assert (again(payment).state, fresh(contract).state) == ("paid", state)
    assert contract.operations.get(payment=payment.uuid).amount == before
    [mail] = mails(alpha, kind="payment_held")
    assert "vous deviez moins" in mail
    database.check_constraints()


def test_what_else_is_cheaper_meanwhile_is_another_act_and_is_held(contract: Contract) -> None:
    remind(now=QUOTED - MINUTE)
    payment = begun(quoted(contract, "redeem"), QUOTED + MINUTE)
    [fee] = fees_due(contract=fresh(contract))
    waive_fee(contract=contract, fee=fee.name, reason="kindness", **asked(TERM, now=QUOTED + 2 * MINUTE))
    charges = price(contract, Act.REDEEM, TERM) - Money.of(1000)
    pay_down(contract, TERM, str((charges + Money.of(100)).euros))
    assert pay(payment, now=QUOTED + 3 * MINUTE)
    assert lines(payment) == ["held"]


def told_at_noon(contract: Contract, act: str, amount: Money | None = None) -> Payment:
    """Quoted and charged on the eve of the notice; the bank says it once the notice is charged."""
    late = timezone.make_aware(datetime.combine(TERM - timedelta(days=1), time(23, 20)))
    payment = begun(quoted(contract, act, amount, late), late + MINUTE)
    assert remind(now=noon(TERM)) == 1
    charged = captured(payment.uuid, payment.total, late + 5 * MINUTE)
    assert take_event(provider=PROVIDER, event=charged, now=noon(TERM) + 5 * MINUTE)
    return payment


@pytest.mark.parametrize(("act", "state"), [("redeem", "redeemed"), ("prolong:6", "running")])
def test_a_word_that_comes_after_the_notice_of_the_next_day_finds_its_price_kept(
    contract: Contract, act: str, state: str
) -> None:
    payment = told_at_noon(contract, act)
    assert (lines(payment), fresh(contract).state) == (["applied"], state)


def test_the_notice_of_the_next_day_is_due_behind_what_was_told_late(contract: Contract) -> None:
    eve = TERM - timedelta(days=1)
    charges = price(contract, Act.REDEEM, eve) - Money.of(1000)
    payment = told_at_noon(contract, "part", charges + Money.of(200))
    done = contract.operations.get(kind="paid_down")
    assert (lines(payment), done.on, done.capital) == (["applied"], eve, Money.of(200))
    assert due_of_notices(contract) == NOTICE
    holdings = {each.pk: each.due for each in holdings_of(client=contract.client, today=TERM)}
    assert holdings[contract.pk] == Money.of(803)
    assert [(str(each.fee.amount), each.on) for each in fees_due(contract=fresh(contract))] == [
        ("3.00", TERM)
    ]
    pay_down(contract, TERM, "103.00")
    assert (fresh(contract).capital, due_of_notices(contract)) == (Money.of(700), Money())
