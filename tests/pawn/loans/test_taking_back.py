"""A payment that is taken back: the contract is as it would be without it, and the history keeps both."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from guichet.kernel.money import ZERO, Money
from guichet.tenancy.connection import connection
from tenant_apps.pawn.domain.operations import Means, OperationKind, at_counter
from tenant_apps.pawn.domain.possible import BlockKind, WhyNot
from tenant_apps.pawn.holdings import holdings_of
from tenant_apps.pawn.loans import debt_of, loan_behind, loan_of
from tenant_apps.pawn.models import Contract, Notice, Operation
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fees import fees_due
from tenant_apps.pawn.services.fetch_object import fetch_object
from tenant_apps.pawn.services.foresee_taking_back import (
    NoSuchOperationError,
    foresee_taking_back,
    operation_of,
)
from tenant_apps.pawn.services.give_extra_time import give_extra_time
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.take_back import take_back
from tenant_apps.pawn.services.waive_fee import waive_fee
from tenants.models import Caisse
from tests.pawn.loans.lending import (
    BY,
    TERM,
    announce,
    asked,
    card,
    fresh,
    lend,
    noon,
    parts,
    pay_down,
    prolong,
    redeem,
)

DAY = date(2026, 5, 4)
LATE = TERM + timedelta(days=40)
CASH = at_counter(by=BY, means=Means.CASH)


def undo(contract: Contract, paid: Done, on: date, **otherwise: Any) -> Done:
    words = {"paid": paid.operation.uuid, "reason": "wrong_sum", **asked(on), **otherwise}
    return take_back(contract=contract, **words)


def refused(contract: Contract, paid: Done, on: date) -> NotPossibleError:
    before = Operation.objects.count()
    with pytest.raises(NotPossibleError) as caught:
        undo(contract, paid, on)
    assert Operation.objects.count() == before
    return caught.value


def standing(contract: Contract) -> dict[str, Any]:
    columns = ("state", "due_on", "extra_until", "capital", "announced_on", "sale_on", "sale_requested")
    return dict(Contract.objects.values(*columns).get(pk=contract.pk))


def owed(contract: Contract, on: date) -> Money:
    """As its page and as the lists of its client add it up."""
    found = debt_of(contract=fresh(contract), on=on)
    assert found is not None
    listed = {each.pk: each.due for each in holdings_of(client=contract.client, today=on)}
    assert listed[contract.pk] == found.total
    return found.total


PAY: dict[str, Callable[..., Done]] = {
    "part": lambda contract, on: pay_down(contract, on, "300.00", origin=CASH),
    "prolong": lambda contract, on: prolong(contract, on, origin=CASH),
    "redeem": lambda contract, on: redeem(contract, on, origin=CASH),
}


@pytest.mark.parametrize("pay", PAY)
@pytest.mark.parametrize("on", [DAY, LATE])
def test_a_contract_is_as_it_was_before_the_payment(contract: Contract, pay: str, on: date) -> None:
    keep_dates(on=on, now=noon(on), limit=9)
    before, due = standing(contract), owed(contract, on)
    paid = PAY[pay](contract, on)
    assert standing(contract) != before
    payment = operation_of(contract=fresh(contract), uuid=paid.operation.uuid)
    foreseen = foresee_taking_back(operation=payment, on=on)
    done = undo(contract, paid, on)
    assert standing(contract) == before
    assert owed(contract, on) == due == foreseen.owed
    assert (foreseen.state, foreseen.term) == (before["state"], before["due_on"])
    assert parts(done.operation) == [(part, f"-{amount}") for part, amount in parts(paid.operation)]
    # By the means that it came by, under its own number, the next of the same series.
    assert (done.operation.means, done.operation.source) == (Means.CASH, "counter")
    assert (paid.operation.receipt, done.operation.receipt) == ("R26-000001", "R26-000002")
    # And it can be paid again.
    PAY[pay](contract, on)


def test_a_sale_that_a_redemption_stopped_by_mistake_is_announced_again(contract: Contract) -> None:
    on = TERM + timedelta(days=120)
    announce(contract, on, on + timedelta(days=20), requested=True)
    before, due = standing(contract), owed(contract, on)
    assert before["sale_requested"]
    paid = redeem(contract, on)
    undo(contract, paid, on)
    assert standing(contract) == before
    assert owed(contract, on) == due


def test_the_time_that_the_director_gave_before_a_prolongation_counts_again(contract: Contract) -> None:
    until = TERM + timedelta(days=110)
    give_extra_time(contract=contract, until=until, reason="hard_time", **asked(LATE))
    paid = prolong(contract, LATE)
    assert standing(contract)["extra_until"] is None
    undo(contract, paid, LATE)
    assert standing(contract)["extra_until"] == until


def test_fees_that_a_payment_has_paid_are_due_again(contract: Contract) -> None:
    block_contract(
        contract=contract, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked(DAY - timedelta(days=1))
    )
    due, total = fees_due(contract=fresh(contract)), owed(contract, DAY)
    assert due
    paid = pay_down(contract, DAY, "300.00")
    assert fees_due(contract=fresh(contract)) == []
    undo(contract, paid, DAY)
    assert fees_due(contract=fresh(contract)) == due
    assert owed(contract, DAY) == total


@pytest.mark.parametrize("waived", [False, True])
def test_a_fee_that_was_charged_anew_behind_a_payment_is_counted_once(
    contract: Contract, waived: bool
) -> None:
    """A notice left after the price was promised: it is due with the next payment, and so charged again behind it."""
    note_notice(
        contract=contract,
        kind="due_soon",
        about=TERM,
        channel="letter",
        message=None,
        charged=True,
        on=DAY,
        now=noon(DAY),
    )
    total = owed(contract, DAY)
    fee = fees_due(contract=fresh(contract))[0].fee.amount
    assert fee
    paid = pay_down(contract, DAY, "300.00", as_of=noon(DAY) - timedelta(hours=1))
    (anew,) = fees_due(contract=fresh(contract))
    if waived:
        waive_fee(contract=contract, fee=anew.name, reason="goodwill", **asked(DAY))
    undo(contract, paid, DAY)
    assert owed(contract, DAY) == (total - fee if waived else total)
    assert len(fees_due(contract=fresh(contract))) == (0 if waived else 1)


def test_the_same_form_twice_takes_back_once_and_another_one_is_refused(contract: Contract) -> None:
    paid = pay_down(contract, DAY, "300.00")
    form = uuid4()
    assert not undo(contract, paid, DAY, operation=form).replayed
    # Sent again after midnight, it is answered as it was.
    assert undo(contract, paid, DAY + timedelta(days=1), operation=form).replayed
    with pytest.raises(OperationReusedError):
        undo(contract, paid, DAY, operation=form, reason="wrong_act")
    assert refused(contract, paid, DAY).why is WhyNot.TAKEN_BACK
    assert Operation.objects.filter(kind="taken_back").count() == 1


def test_a_mistake_is_mended_the_same_day_only(contract: Contract) -> None:
    paid = pay_down(contract, DAY, "300.00")
    assert refused(contract, paid, DAY + timedelta(days=1)).why is WhyNot.TILL_CLOSED


def test_what_something_has_followed_stays(contract: Contract) -> None:
    first = pay_down(contract, DAY, "100.00")
    second = pay_down(contract, DAY, "100.00")
    error = refused(contract, first, DAY)
    assert (error.why, error.followed) == (WhyNot.FOLLOWED, OperationKind.PAID_DOWN)
    # What was taken back itself has not followed; nor has what changes neither sums, term nor state.
    undo(contract, second, DAY)
    block_contract(contract=contract, kind=BlockKind.CLAIMED_BY_OTHER, reason="claim", **asked(DAY))
    undo(contract, first, DAY)
    assert owed(contract, DAY)
    assert standing(contract)["capital"] == Money.of(1000)


def test_what_was_handed_over_is_not_owed_again(contract: Contract) -> None:
    paid = redeem(contract, DAY)
    fetch_object(contract=contract, name="Anne", document="passport", **asked(DAY))
    assert refused(contract, paid, DAY).why is WhyNot.OBJECT_GONE


def test_what_is_no_payment_of_this_contract_is_not_taken_back(contract: Contract) -> None:
    (opened,) = Operation.objects.filter(contract=contract)
    assert refused(contract, Done(contract=contract, operation=opened), DAY).why is WhyNot.NOT_A_PAYMENT
    by_card = pay_down(contract, DAY, "300.00", origin=card())
    assert refused(contract, by_card, DAY).why is WhyNot.NOT_LOST
    other = lend()
    with pytest.raises(NoSuchOperationError):
        undo(other, by_card, DAY)


def test_the_receipts_of_before_say_what_was_due_then(contract: Contract) -> None:
    first = pay_down(contract, DAY, "100.00")
    loan = loan_behind(operation=first.operation)
    second = pay_down(contract, DAY, "200.00")
    behind = loan_behind(operation=second.operation)
    done = undo(contract, second, DAY)
    assert loan_behind(operation=first.operation) == loan
    assert loan_behind(operation=second.operation) == behind
    assert loan_behind(operation=done.operation) == loan == loan_of(contract=fresh(contract))


def test_the_client_is_reminded_of_the_term_that_holds_again(contract: Contract, lends: Caisse) -> None:
    """What a prolongation would have put off."""
    on = TERM - timedelta(days=3)
    paid = prolong(contract, on)
    undo(contract, paid, on)
    assert remind(now=noon(TERM)) == 1
    assert Notice.objects.filter(contract=contract, kind="due", about=TERM).exists()


@transaction.atomic
def _write(contract: Contract, payment: Operation, *, parts_too: bool = False, **otherwise: Any) -> None:
    """The rows alone, looked at as when a transaction ends."""
    columns = {
        "uuid": uuid4(),
        "fingerprint": "x",
        "contract": contract,
        "kind": "taken_back",
        "on": DAY,
        "at": noon(DAY),
        "source": "counter",
        "by": BY,
        "amount": -payment.amount,
        "capital": -payment.capital,
        "takes_back": payment,
        **otherwise,
    }
    written = Operation.objects.create(**columns)
    for each in payment.lines.all() if parts_too else ():
        written.lines.create(position=each.position, part=each.part, act=each.act, amount=-each.amount)
    if parts_too:
        left = (fresh(contract).capital or ZERO) + payment.capital
        Contract.objects.filter(pk=contract.pk).update(capital=left)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"takes_back": None}, "a_taking_back_names_a_payment"),
        ({"kind": "paid_down"}, "a_payment_is_not_negative|paid_capital|a_taking_back"),
        ({"amount": Money.of(1), "capital": ZERO}, "a_payment_is_not_negative"),
        ({"amount": ZERO, "capital": ZERO}, "other parts"),
    ],
)
def test_the_database_refuses_a_taking_back_that_is_none(
    contract: Contract, wrong: dict[str, Any], said: str
) -> None:
    paid = pay_down(contract, DAY, "300.00").operation
    with pytest.raises(IntegrityError, match=said):
        _write(contract, paid, **wrong)


def test_the_database_refuses_to_take_back_what_something_followed(contract: Contract) -> None:
    first = pay_down(contract, DAY, "100.00").operation
    pay_down(contract, DAY, "100.00")
    other = lend()
    pay_down(other, DAY, "300.00")
    with pytest.raises(IntegrityError, match="something followed"):
        _write(contract, first, parts_too=True)
    with pytest.raises(IntegrityError, match="no payment of it"):
        _write(other, first, parts_too=True)
