"""What the provider says, whenever and however often: the same end state, and every captured cent on a line."""

import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event as Journalled
from tenant_apps.messaging.models import Message
from tenant_apps.payments.domain.outcomes import Event, Outcome, Said
from tenant_apps.payments.domain.states import LINE_STEPS, PAYMENT_STEPS, REFUND_STEPS
from tenant_apps.payments.models import Payment, PaymentLine, Refund, TakenEvent
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.send_refund import send_refund
from tenant_apps.payments.services.take_event import take_event
from tenant_apps.payments.services.under_way import give_up
from tenants.models import Caisse
from tests.messaging.conftest import republish
from tests.payments.bank import Bank, captured, ended
from tests.payments.conftest import ONE, THREE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay
from tests.world import NOON

FIFTEEN, TWENTY = Money.of(15), Money.of(20)


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank]) -> None:
    counter.prices.update({ONE: FIFTEEN, TWO: TWENTY, THREE: TWENTY})


def messages() -> list[str]:
    return list(Message.objects.order_by("id").values_list("kind", flat=True))


def taken_back(payment: Payment) -> None:
    """Captured in a transaction that fails afterwards."""
    with transaction.atomic():
        pay(payment)
        transaction.set_rollback(True)


def check_all_is_placed() -> None:
    """As the database looks at it when the transaction ends, and as the invariant says it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert misplaced() == []


def test_a_capture_does_every_act_once_and_gives_a_receipt_number(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE, TWO)
    assert pay(payment)
    paid = again(payment)
    assert (paid.state, paid.captured, paid.receipt) == ("applied", Money.of(35), "2026-000001")
    assert [(each.reference, each.amount, each.payment) for each in counter.drunk] == [
        (ONE, FIFTEEN, payment.uuid),
        (TWO, TWENTY, payment.uuid),
    ]
    assert paid.address == ""
    check_all_is_placed()


def test_the_same_event_again_is_no_news(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE)
    assert [pay(payment), pay(payment)] == [True, False]
    # The same news under another name: both webhooks of Stripe speak of one capture.
    assert pay(payment, name="another")
    assert len(counter.drunk) == 1
    assert again(payment).receipt == "2026-000001"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_whatever_the_order_in_which_a_provider_speaks_the_end_is_the_same(
    client: Client, counter: Counter, order: tuple[int, ...]
) -> None:
    payment = begun(client, ONE)
    said = [
        captured(payment.uuid, FIFTEEN, SOON),
        captured(payment.uuid, FIFTEEN, SOON),
        ended(payment.uuid, Said.REFUSED, NOON),
        ended(payment.uuid, Said.EXPIRED, NOON),
    ]
    for number in order:
        take_event(provider=PROVIDER, event=said[number], now=SOON)
    assert again(payment).state == "applied"
    assert len(counter.drunk) == 1
    check_all_is_placed()


@pytest.mark.parametrize(("said", "state"), [(Said.REFUSED, "refused"), (Said.EXPIRED, "abandoned")])
def test_what_was_not_paid_is_closed_and_changes_nothing_else(
    client: Client, counter: Counter, said: Said, state: str
) -> None:
    payment = begun(client, ONE)
    take_event(provider=PROVIDER, event=ended(payment.uuid, said, SOON), now=SOON)
    assert (again(payment).state, again(payment).captured, lines(payment)) == (state, None, ["asked"])
    assert counter.drunk == []
    assert messages() == (["payment_refused"] if said is Said.REFUSED else [])


def test_a_sum_that_can_no_longer_serve_is_held_and_the_client_is_told(
    client: Client, counter: Counter
) -> None:
    payment = begun(client, ONE, TWO)
    counter.spilt[ONE] = "redeemed"
    pay(payment)
    assert (again(payment).state, lines(payment)) == ("paid", ["held", "applied"])
    assert payment.lines.get(reference=ONE).reason == "redeemed"
    assert messages() == ["payment_held"]
    assert not Refund.objects.exists()
    check_all_is_placed()


def test_where_the_policy_says_so_it_goes_back_to_the_card(
    alpha: Caisse, client: Client, counter: Counter
) -> None:
    republish(alpha, {"payments": {"unapplied": "refund"}})
    payment = begun(client, ONE, TWO)
    counter.spilt[ONE] = "redeemed"
    pay(payment)
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, lines(payment)) == (FIFTEEN, "asked", ["refunding", "applied"])
    send_refund(uuid=refund.uuid, now=SOON)
    assert Bank.refunds == {refund.uuid: (f"c-{payment.uuid}", FIFTEEN)}
    assert lines(payment) == ["refunded", "applied"]
    assert messages() == ["payment_refunded"]
    check_all_is_placed()


def test_another_sum_than_was_asked_settles_nothing_and_is_held_whole(
    client: Client, counter: Counter
) -> None:
    payment = begun(client, ONE, TWO)
    pay(payment, amount=Money.of(34))
    assert counter.drunk == []
    assert (again(payment).state, lines(payment)) == ("paid", ["dropped", "dropped", "held"])
    assert payment.lines.get(state="held").amount == Money.of(34)
    check_all_is_placed()


def test_a_slip_of_a_product_holds_its_sum_and_spares_the_others(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE, TWO)
    counter.breaks[ONE] = ZeroDivisionError()
    pay(payment)
    assert lines(payment) == ["held", "applied"]
    check_all_is_placed()


def test_a_database_that_fails_leaves_nothing_done_so_that_it_is_tried_again(
    client: Client, counter: Counter
) -> None:
    payment = begun(client, ONE, TWO)
    counter.breaks[TWO] = OperationalError("deadlock detected")
    with pytest.raises(OperationalError):
        pay(payment)
    assert (again(payment).state, lines(payment)) == ("waiting", ["asked", "asked"])
    assert not TakenEvent.objects.exists()
    counter.breaks.clear()
    pay(payment)
    assert again(payment).state == "applied"


def test_what_is_about_no_payment_of_this_caisse_changes_nothing(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE)
    stranger = captured(uuid4(), FIFTEEN, SOON)
    about_nothing = Event(id="x", outcome=Outcome(said=Said.OPEN, at=SOON))
    assert not take_event(provider=PROVIDER, event=stranger, now=SOON)
    assert not take_event(provider=PROVIDER, event=about_nothing, now=SOON)
    # Another provider of the list does not speak for this one.
    assert not take_event(provider="other", event=captured(payment.uuid, FIFTEEN, SOON), now=SOON)
    assert (again(payment).state, counter.drunk) == ("waiting", [])


def test_receipts_have_no_gap_even_when_a_capture_is_taken_back(client: Client, counter: Counter) -> None:
    first, second, third = (begun(client, each) for each in (ONE, TWO, THREE))
    pay(first)
    taken_back(second)
    pay(third)
    pay(second, now=SOON + timedelta(days=1))
    numbers = Payment.objects.order_by("receipt").values_list("receipt", flat=True)
    assert list(numbers) == ["2026-000001", "2026-000002", "2026-000003"]


def test_the_journal_says_each_step_and_no_person(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE)
    counter.spilt[ONE] = "redeemed"
    pay(payment)
    found = Journalled.objects.filter(kind__startswith="payment.").order_by("id")
    assert [each.kind for each in found] == [
        "payment.created",
        "payment.waiting",
        "payment.paid",
        "payment.held",
    ]
    assert {each.subject for each in found} == {str(client.uuid)}


@pytest.mark.parametrize(
    ("model", "after"),
    [(Payment, "waiting"), (PaymentLine, "held")],
)
def test_the_database_refuses_a_step_that_no_payment_takes(
    client: Client, counter: Counter, model: type[Payment], after: str
) -> None:
    payment = begun(client, ONE)
    pay(payment)
    with pytest.raises(IntegrityError, match=f"no way from applied to {after}"), transaction.atomic():
        model.objects.update(state=after)


def test_the_database_knows_the_very_same_steps(in_alpha: Caisse) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger"
            " WHERE tgname = 'payments_legal_step' AND tgrelid::regclass::text NOT LIKE '%.%'"
        )
        found = {table: set(steps.removesuffix("\\000").split(" ")) for table, steps in cursor.fetchall()}
    maps = {
        "payments_payment": PAYMENT_STEPS,
        "payments_paymentline": LINE_STEPS,
        "payments_refund": REFUND_STEPS,
    }
    wanted = {
        table: {f"{old}>{new}" for old, news in steps.items() for new in news}  # type: ignore[attr-defined]  # three enums, alike
        for table, steps in maps.items()
    }
    assert found == wanted


@pytest.mark.parametrize("change", [{"total": Money.of(1)}, {"captured": Money.of(1)}, {"form": ONE}])
def test_the_database_never_rewrites_what_was_asked_or_charged(
    client: Client, counter: Counter, change: dict[str, object]
) -> None:
    pay(begun(client, ONE))
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Payment.objects.update(**change)


def test_the_database_refuses_a_captured_sum_that_stands_nowhere(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE)
    pay(payment)
    PaymentLine.objects.create(
        payment=payment, position=9, kind="x", reference=TWO, act="x", amount=FIFTEEN, state="held"
    )
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="on lines"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_whatever_happens_in_any_order_every_captured_cent_stands_on_a_line(
    client: Client, counter: Counter
) -> None:
    dice = random.Random(20261021)  # noqa: S311  # a seed makes the same run again
    for reference in (ONE, TWO, THREE):
        counter.prices[reference] = Money.of(dice.randint(10, 99))
    for _ in range(60):
        chosen = dice.sample([ONE, TWO, THREE], dice.randint(1, 3))
        counter.spilt = {each: "spilt" for each in chosen if dice.random() < 0.4}
        for waiting in Payment.objects.filter(state="waiting"):
            give_up(payment=waiting, now=NOON)
        payment = begun(client, *chosen)
        for _ in range(dice.randint(0, 4)):
            dice.choice(_acts(payment, dice))()
        counter.spilt = {}
    assert Payment.objects.filter(captured__isnull=False).exists()
    assert PaymentLine.objects.filter(state="held").exists()
    check_all_is_placed()


def _acts(payment: Payment, dice: random.Random) -> list[Callable[[], object]]:
    amount = payment.total if dice.random() < 0.8 else payment.total + Money(1)
    refunds = list(Refund.objects.filter(payment=payment).values_list("uuid", flat=True))
    acts: list[Callable[[], object]] = [
        lambda: pay(payment, amount=amount),
        lambda: pay(payment, amount=amount, name=str(uuid4())),
        lambda: take_event(provider=PROVIDER, event=ended(payment.uuid, Said.REFUSED, SOON), now=SOON),
        lambda: take_event(provider=PROVIDER, event=ended(payment.uuid, Said.EXPIRED, SOON), now=SOON),
    ]
    acts += [lambda one=one: send_refund(uuid=one, now=SOON) for one in refunds]  # type: ignore[misc]  # the default is what binds it
    return acts
