"""A provider that charges twice for one order: what it charged too much is held or goes back, and settles nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.payments import tasks
from tenant_apps.payments.domain.outcomes import Operation
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.services.held import apply_held, refund_held
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.reconcile import reconcile_day
from tenant_apps.payments.services.send_refund import send_refund
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.messaging.conftest import republish
from tests.payments.bank import Bank, captured
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay

SECOND = "c-second"


@pytest.fixture
def first(client: Client, counter: Counter, bank: type[Bank]) -> Payment:
    counter.prices[ONE] = Money.of(15)
    payment = begun(client, ONE)
    pay(payment)
    return payment


def charged_twice(payment: Payment, name: str = "second") -> Payment:
    event = captured(payment.uuid, payment.total, SOON, name=name, capture=SECOND)
    take_event(provider=PROVIDER, event=event, now=SOON)
    return Payment.objects.get(capture=SECOND)


def test_it_is_kept_for_the_agency_once_with_a_receipt_and_the_first_stays_as_it_was(
    first: Payment, counter: Counter
) -> None:
    second = charged_twice(first)
    assert charged_twice(first, "the same under another name") == second
    assert (second.state, lines(second), second.receipt) == ("paid", ["held"], "2026-000002")
    assert (again(first).state, len(counter.drunk), misplaced()) == ("applied", 1, [])
    tasks.receipt(tenant="alpha", payment=str(second.uuid))
    assert Document.objects.filter(about=second.uuid).exists()


def test_the_agency_gives_it_back_from_the_capture_that_it_came_with(first: Payment, client: Client) -> None:
    second = charged_twice(first)
    told: dict[str, Any] = {
        "payment": second.uuid,
        "position": 0,
        "by": client.uuid,
        "reason": "deux fois",
        "now": SOON,
    }
    assert not apply_held(**told)
    assert refund_held(**told)
    refund = Refund.objects.get()
    send_refund(uuid=refund.uuid, now=SOON)
    assert Bank.refunds[refund.uuid] == (SECOND, first.total)
    assert lines(second) == ["refunded"]


def test_where_the_policy_gives_back_what_cannot_serve_it_goes_back_by_itself(
    first: Payment, alpha: Caisse
) -> None:
    republish(alpha, {"payments": {"unapplied": "refund"}})
    assert lines(charged_twice(first)) == ["refunding"]


def test_the_comparison_of_the_day_finds_both_captures(first: Payment) -> None:
    Bank.listed += [
        Operation(kind="capture", reference=each, uuid=first.uuid, amount=first.total, at=SOON)
        for each in (f"c-{first.uuid}", SECOND)
    ]
    day = timezone.localdate(SOON)
    later = SOON + timedelta(days=1)
    assert [each["why"] for each in reconcile_day(day=day, now=later).differences] == ["other_state"]
    charged_twice(first)
    assert reconcile_day(day=day, now=later).differences == []
