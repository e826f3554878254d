"""The demo's payment provider: whatever its visitor has it do, money is placed once and nothing forged counts."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.demo import tasks
from tenant_apps.demo.cards.acts import LATE, TO_ANSWER, How, tell, webhooks_of
from tenant_apps.demo.models import CardOrder
from tenant_apps.payments.domain.outcomes import Event, Outcome, Said
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.ask_again import ask_again
from tenant_apps.payments.services.check_payment import check_payment
from tenant_apps.payments.services.held import refund_held
from tenant_apps.payments.services.reconcile import reconcile_day
from tenant_apps.payments.services.send_refund import send_refund
from tenant_apps.payments.services.settle_payment import ASKED_AGAIN
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.steps import hidden, put_in, user_of
from tests.payments.conftest import ONE
from tests.payments.counter_product import CUP, KIND, Counter, opened
from tests.world import ANNE, NOON

BACK = re.compile(r"http://alpha\.localhost:8000(/paiements/[0-9a-f-]{36}/)")


@pytest.fixture
def counter(clock: Clock) -> Iterator[Counter]:
    clock.set_to(NOON)
    with opened() as found:
        found.prices[ONE] = Money.of(15)
        yield found


@pytest.fixture
def anne(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    return put_in(browser_at(ANNE.host), alpha, user_of(alpha))


@pytest.fixture
def card(alpha: Caisse, anne: Browser, counter: Counter) -> str:
    """The address of the card page that Anne was sent to."""
    with tenant_context(alpha):
        wanted = [Wanted(kind=KIND, reference=ONE, act=CUP)]
        quote = open_basket(client=Client.objects.get(pk=1), wanted=wanted, now=NOON)
    page = f"/paiements/panier/{quote.uuid}/"
    answer: Any = anne.post(page, {"form": hidden(anne.get(page), "form")})
    return str(answer.url)


def play(browser: Browser, card: str, how: How) -> str:
    """Where the card page sends the browser afterwards."""
    return str(browser.post(card, {"how": how}).headers.get("Location", ""))


def told(caisse: Caisse) -> None:
    """What the worker does of the jobs of the demo."""
    with tenant_context(caisse):
        tasks.tell_late(tenant=caisse.schema_name)
    connection.set_schema_to_public()


def state(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return Payment.objects.get().state


@pytest.mark.parametrize(
    ("how", "end"),
    [
        (How.PAY, "applied"),
        (How.TWICE, "applied"),
        (How.DISORDER, "applied"),
        (How.REFUSE, "refused"),
        (How.FORGED, "waiting"),
    ],
)
def test_each_way_ends_as_it_should_and_the_page_one_comes_back_to_waits(
    anne: Browser, counter: Counter, card: str, how: How, end: str
) -> None:
    back = BACK.fullmatch(play(anne, card, how))
    assert back
    assert "Nous attendons la confirmation" in anne.get(back[1]).content.decode()
    alpha = caisse_of_schema(schema="alpha")
    told(alpha)
    told(alpha)
    assert state(alpha) == end
    assert len(counter.drunk) == (end == "applied")


@pytest.mark.parametrize(("how", "dispute"), [(How.WON, "won"), (How.LOST, "lost")])
def test_a_payment_may_be_disputed_afterwards_and_the_visitor_decides(
    alpha: Caisse, anne: Browser, card: str, how: How, dispute: str
) -> None:
    assert play(anne, card, How.DISPUTE) == card
    told(alpha)
    with tenant_context(alpha):
        payment = Payment.objects.get()
        assert (payment.state, payment.dispute) == ("applied", "open")
        assert payment.answer_by == NOON + TO_ANSWER
    assert "Que décide-t-elle" in anne.get(card).content.decode()
    for _ in range(2):
        assert BACK.fullmatch(play(anne, card, how))
        told(alpha)
    with tenant_context(alpha):
        assert Payment.objects.get().dispute == dispute
    assert "Que décide-t-elle" not in anne.get(card).content.decode()


def test_what_is_told_late_comes_late(alpha: Caisse, anne: Browser, card: str, clock: Clock) -> None:
    play(anne, card, How.LATE)
    told(alpha)
    assert state(alpha) == "waiting"
    clock.move(seconds=LATE.total_seconds())
    told(alpha)
    assert state(alpha) == "applied"


def test_the_bank_may_ask_for_a_confirmation_first(
    alpha: Caisse, anne: Browser, card: str, clock: Clock
) -> None:
    asked = anne.post(card, {"how": How.CHALLENGE}).content.decode()
    assert "Votre banque vous demande de confirmer" in asked
    assert state(alpha) == "waiting"
    assert play(anne, card, How.REFUSE)
    told(alpha)
    assert state(alpha) == "refused"


def test_a_card_page_is_played_once_and_lapses(anne: Browser, alpha: Caisse, card: str, clock: Clock) -> None:
    play(anne, card, How.REFUSE)
    play(anne, card, How.PAY)
    with tenant_context(alpha):
        assert CardOrder.objects.get().state == "refused"
    assert "Ce paiement est terminé" in anne.get(card).content.decode()
    assert anne.get(f"/demo/carte/{uuid4()}/").status_code == 404


def test_a_page_that_is_closed_takes_no_card_any_more(
    anne: Browser, alpha: Caisse, card: str, clock: Clock
) -> None:
    with tenant_context(alpha):
        payment = Payment.objects.get()
        event = Event(id="x", outcome=Outcome(said=Said.REFUSED, at=NOON), payment=payment.uuid)
        take_event(provider="default", event=event, now=NOON)
        clock.set_to(NOON + ASKED_AGAIN[0])
        ask_again(uuid=payment.uuid, now=clock.now)
    assert "Ce paiement est terminé" in anne.get(card).content.decode()
    play(anne, card, How.PAY)
    with tenant_context(alpha):
        assert CardOrder.objects.get().state == "expired"
    assert state(alpha) == "refused"


def test_who_abandons_changes_nothing_and_the_demo_says_that_it_expired(
    anne: Browser, alpha: Caisse, card: str, clock: Clock
) -> None:
    page = anne.get(card).content.decode()
    assert "/retour/" in page
    with tenant_context(alpha):
        payment = Payment.objects.get()
        clock.set_to(payment.expires_at)
        check_payment(uuid=payment.uuid, now=clock.now)
    assert state(alpha) == "abandoned"


def test_its_webhooks_come_by_the_address_of_any_provider(
    alpha: Caisse, beta: Caisse, anne: Browser, card: str
) -> None:
    play(anne, card, How.PAY)
    with tenant_context(alpha):
        ((body, headers),) = webhooks_of(order=CardOrder.objects.get())

    def post(host: str) -> int:
        browser = Browser(HTTP_HOST=host, SERVER_NAME=host, enforce_csrf_checks=True)
        answer = browser.post(
            "/retours/paiement/default/", body, content_type="application/json", headers=headers
        )
        return int(answer.status_code)

    # Signed by alpha's demo, it is nobody's word at beta.
    assert post("beta.localhost") == 403
    assert post("alpha.localhost") == 204
    assert state(alpha) == "applied"


def test_its_books_agree_with_ours_refunds_included(
    alpha: Caisse, anne: Browser, counter: Counter, card: str, clock: Clock
) -> None:
    counter.spilt[ONE] = "redeemed"
    play(anne, card, How.PAY)
    told(alpha)
    with tenant_context(alpha):
        payment = Payment.objects.get()
        assert refund_held(payment=payment.uuid, position=0, by=uuid4(), reason="agreed", now=NOON)
        send_refund(uuid=payment.refunds.get().uuid, now=NOON)
        report = reconcile_day(day=NOON.date(), now=NOON)
        assert (report.differences, report.count) == ([], 2)
        order = CardOrder.objects.get()
        tell(uuid=order.uuid, now=NOON)
        assert Payment.objects.get().state == "paid"
