"""What no webhook has closed, whoever was killed meanwhile: the end is the one that it would have had."""

from importlib import import_module
from uuid import UUID

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.payments import tasks
from tenant_apps.payments.domain.outcomes import Outcome, Said
from tenant_apps.payments.models import Payment, TakenEvent
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services import settle_payment as settling
from tenant_apps.payments.services.check_payment import DELAYS, GIVEN_UP
from tenants.models import Caisse
from tests.clock import Clock
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import again, begun, lines, pay
from tests.world import NOON

# The package gives the function of the same name.
starting = import_module("tenant_apps.payments.services.start_payment")
FORM = UUID("00000000-0000-4000-8000-0000000000f1")


class KilledError(BaseException):
    """What no handler takes for a failure."""


def killed(*_: object, **__: object) -> None:
    raise KilledError


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank], clock: Clock) -> None:
    counter.prices.update({ONE: Money.of(15), TWO: Money.of(20)})
    clock.set_to(NOON)


def sweep(clock: Clock, **later: float) -> None:
    clock.move(**later)
    tasks.sweep(tenant="alpha")


def charged(payment: Payment) -> None:
    """At the bank, whose word never came."""
    Bank.outcomes[payment.reference] = Outcome(
        said=Said.CAPTURED, at=NOON, capture=f"c-{payment.uuid}", amount=payment.total
    )


def test_a_payment_whose_webhook_never_came_is_asked_for(client: Client, clock: Clock) -> None:
    payment = begun(client, ONE)
    charged(payment)
    sweep(clock, minutes=1)
    assert again(payment).state == "waiting"
    sweep(clock, minutes=1)
    assert again(payment).state == "applied"
    sweep(clock, minutes=1)
    assert Document.objects.filter(about=payment.uuid).count() == 1
    # The webhook comes after all.
    assert pay(payment)
    assert again(payment).receipt == "2026-000001"


def test_a_provider_is_asked_less_and_less_often(client: Client, clock: Clock) -> None:
    payment = begun(client, ONE)
    Bank.fails.extend(ProviderError("away") for _ in range(20))
    asked = []
    for _ in range(40):
        sweep(clock, minutes=1)
        asked.append(20 - len(Bank.fails))
    assert asked[1] == 1
    assert asked[-1] == 4
    assert len(DELAYS) > 4
    assert again(payment).state == "waiting"


def test_a_payment_that_nobody_ends_is_given_up_and_a_capture_still_counts(
    client: Client, clock: Clock
) -> None:
    payment = begun(client, ONE)
    clock.set_to(payment.expires_at + GIVEN_UP)
    sweep(clock, minutes=1)
    assert again(payment).state == "abandoned"
    pay(payment)
    assert again(payment).state == "applied"


def test_a_web_killed_before_the_provider_answered_leaves_a_form_that_serves_again(
    client: Client, clock: Clock
) -> None:
    Bank.fails.append(KilledError())  # type: ignore[arg-type]  # what no handler takes for a failure of the provider
    with pytest.raises(KilledError):
        begun(client, ONE, form=FORM)
    dead = Payment.objects.get()
    assert dead.state == "created"
    payment = begun(client, ONE, form=FORM, now=NOON + starting.CLAIM)
    assert (payment.pk, payment.state) == (dead.pk, "waiting")


def test_a_web_killed_after_the_provider_answered_asks_it_for_the_same_payment_again(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(starting, "_send_there", killed)
        with pytest.raises(KilledError):
            begun(client, ONE, form=FORM)
    payment = begun(client, ONE, form=FORM, now=NOON + starting.CLAIM)
    assert Bank.starts == [payment.uuid, payment.uuid]
    assert pay(payment)
    assert lines(payment) == ["applied"]


def test_a_payment_that_never_got_a_page_is_closed_by_itself(client: Client, clock: Clock) -> None:
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        begun(client, ONE)
    payment = Payment.objects.get()
    clock.set_to(payment.expires_at)
    sweep(clock)
    assert again(payment).state == "abandoned"


@pytest.mark.parametrize("step", ["_apply_all", "next_receipt", "hold_or_refund", "enqueue", "_note"])
def test_a_web_killed_at_any_step_of_a_capture_leaves_nothing_done_and_then_all_of_it(
    client: Client, counter: Counter, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    payment = begun(client, ONE, TWO)
    counter.spilt[TWO] = "redeemed"
    with monkeypatch.context() as patch:
        patch.setattr(settling, step, killed)
        with pytest.raises(KilledError):
            pay(payment)
    assert (again(payment).state, lines(payment)) == ("waiting", ["asked", "asked"])
    assert not TakenEvent.objects.exists()
    # What was done in memory of this product is no row: the database took it back.
    counter.drunk.clear()
    charged(payment)
    sweep(clock, minutes=5)
    assert (again(payment).state, lines(payment)) == ("paid", ["applied", "held"])
    assert (len(counter.drunk), again(payment).receipt) == (1, "2026-000001")


def test_a_receipt_that_no_job_made_is_made_by_the_sweep(client: Client, clock: Clock) -> None:
    payment = begun(client, ONE)
    pay(payment, now=NOON)
    sweep(clock, seconds=1)
    sweep(clock, seconds=1)
    assert Document.objects.filter(about=payment.uuid).count() == 1


def test_who_comes_back_from_the_bank_has_it_asked_at_once(
    alpha: Caisse, client: Client, clock: Clock, anne: Browser
) -> None:
    payment = begun(client, ONE)
    charged(payment)
    page = anne.get(f"/paiements/{payment.uuid}/")
    assert page.headers["Refresh"]
    with tenant_context(alpha):
        sweep(clock)
        assert again(payment).state == "applied"
