"""Card payments at the counter: the day, what is held, what goes back, and the file for the accountant."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event
from tenant_apps.pawn import known_numbers
from tenant_apps.payments.domain.outcomes import Dispute
from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.models import Payment, PaymentLine, Refund
from tenant_apps.payments.selectors import count_disputed
from tenant_apps.payments.services.note_dispute import note_dispute
from tenant_apps.payments.services.reconcile import reconcile_day
from tenant_apps.payments.services.send_refund import send_refund
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import words
from tests.identity.steps import publish
from tests.pawn.pledges import pledge
from tests.payments.bank import PATH, Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter, opened
from tests.payments.paying import again, begun, lines, pay
from tests.world import NOON

DAY, HELD, EXPORT = "/agence/paiements/", "/agence/paiements/gardes/", "/agence/paiements/export/"


@pytest.fixture
def counter(settings: Any, clock: Clock) -> Iterator[Counter]:
    Bank.reset()
    settings.PAYMENT_ADAPTERS = {"demo": PATH}
    settings.PAYMENT_PROVIDERS = {"default": CardProvider(kind="demo")}
    clock.set_to(NOON)
    with opened() as found:
        found.prices.update({ONE: Money.of("1234.50"), TWO: Money.of(20)})
        yield found


@pytest.fixture
def held(alpha: Caisse, anne: Client, counter: Counter) -> Payment:
    """Anne's, of which the first cup could no longer be had."""
    with tenant_context(alpha):
        payment = begun(anne, ONE, TWO)
        counter.spilt[ONE] = "redeemed"
        pay(payment)
    return payment


def settle(desk: Browser, payment: Payment, **typed: str) -> Any:
    return desk.post(f"{DAY}{payment.uuid}/0/", {"reason": "agreed", **typed})


def test_the_day_shows_what_was_paid_by_whom_and_what_became_of_it(desk: Browser, held: Payment) -> None:
    said = words(desk.get(f"{DAY}?jour=2026-10-21"))
    for each in ("1 paiement, 1 254,50 €", "Somme gardée par l’agence", "2026-000001", "Alpha"):
        assert each in said
    assert "Aucun paiement" in words(desk.get(f"{DAY}?jour=2026-10-20"))
    # Neither tomorrow nor anything else is a day to look at.
    for strange in ("2027-01-01", "hier", "9999-99-99"):
        assert "21 octobre 2026" in words(desk.get(f"{DAY}?jour={strange}"))


def test_the_day_says_what_the_comparison_found(desk: Browser, alpha: Caisse, held: Payment) -> None:
    with tenant_context(alpha):
        reconcile_day(day=date(2026, 10, 21), now=NOON)
    said = words(desk.get(DAY))
    assert "Les deux listes diffèrent" in said
    assert "absent de la liste du prestataire" in said


def test_a_held_sum_is_given_back_with_a_reason_once(desk: Browser, alpha: Caisse, held: Payment) -> None:
    said = words(desk.get(HELD))
    assert "1 234,50 €" in said
    assert "Ce café était déjà bu" in said
    assert settle(desk, held, act="refund").url == f"{HELD}?fait=somme-rendue"
    assert "déjà prise" in words(desk.post(f"{DAY}{held.uuid}/0/", {"act": "refund", "reason": "agreed"}))
    with tenant_context(alpha):
        refund = Refund.objects.get()
        event = Event.objects.get(kind="payment.refund_asked")
    assert (refund.amount, refund.reason) == (Money.of("1234.50"), "agreed")
    assert event.details["by"] == str(refund.asked_by)
    assert "Demandé au prestataire" in words(desk.get(HELD))


def test_a_held_sum_serves_when_it_can(desk: Browser, alpha: Caisse, held: Payment, counter: Counter) -> None:
    assert settle(desk, held, act="apply").url == f"{HELD}?fait=somme-reste"
    counter.spilt.clear()
    assert settle(desk, held, act="apply").url == f"{HELD}?fait=somme-utilisee"
    with tenant_context(alpha):
        assert (again(held).state, lines(held)) == ("applied", ["applied", "applied"])


@pytest.mark.parametrize(
    "typed", [{}, {"act": "keep"}, {"act": "refund", "reason": ""}, {"act": "refund", "reason": "other"}]
)
def test_what_is_not_said_is_asked_for_and_nothing_is_done(
    desk: Browser, alpha: Caisse, held: Payment, typed: dict[str, str]
) -> None:
    assert "Corrigez" in words(settle(desk, held, **typed))
    with tenant_context(alpha):
        assert not Refund.objects.exists()


def test_another_caisse_finds_none_of_it(other_desk: Browser, desk: Browser, held: Payment) -> None:
    assert settle(other_desk, held, act="refund").status_code == 404
    assert "Aucune somme gardée" in words(other_desk.get(HELD))
    assert desk.get(f"{DAY}{uuid4()}/0/").status_code == 404
    assert desk.get(f"{DAY}{held.uuid}/9/").status_code == 404


def test_the_file_for_the_accountant_has_each_line_and_each_refund(
    desk: Browser, alpha: Caisse, held: Payment
) -> None:
    settle(desk, held, act="refund")
    with tenant_context(alpha):
        send_refund(uuid=Refund.objects.get().uuid, now=NOON)
    answer: Any = desk.post(EXPORT, {"since": "2026-10-01", "until": "21/10/2026"})
    text = b"".join(answer.streaming_content).decode()
    rows = [line.split(";") for line in text.removeprefix("\ufeff").splitlines()]
    assert [row[1] for row in rows[1:]] == ["Encaissement", "Encaissement", "Remboursement"]
    assert [row[5] for row in rows[1:]] == ["1234,50", "20,00", "1234,50"]
    assert {len(row) for row in rows} == {9}
    assert {row[3] for row in rows[1:]} == {"C-1"}
    with tenant_context(alpha):
        assert Event.objects.filter(kind="payments.exported").count() == 1


@pytest.mark.parametrize(
    ("since", "until"),
    [("", ""), ("2026-10-21", "2026-10-20"), ("2026-01-01", "2026-12-31"), ("hier", "demain")],
)
def test_a_span_that_is_none_is_told_so(desk: Browser, counter: Counter, since: str, until: str) -> None:
    answer = desk.post(EXPORT, {"since": since, "until": until})
    assert answer.status_code == 200
    assert "Corrigez" in words(answer)


def test_where_the_policy_has_no_payments_the_counter_has_no_page(
    desk: Browser, alpha: Caisse, counter: Counter
) -> None:
    assert "Paiements" in words(desk.get("/agence/"))
    publish(alpha, {"products": ["pawn_loans"]})
    for page in (DAY, HELD):
        assert desk.get(page).status_code == 404
    assert ">Paiements<" not in desk.get("/agence/").content.decode()


def queries(desk: Browser, page: str) -> int:
    # A process that has named no contract yet.
    known_numbers._known.clear()
    with CaptureQueriesContext(connection) as found:
        assert desk.get(page).status_code == 200
    return len(found)


def paid_for_contracts(caisse: Caisse, client: Client, number: int, **line: Any) -> None:
    """Each for another contract."""
    contracts = [pledge(caisse, f"P-{number}-{each}") for each in range(number)]
    with tenant_context(caisse):
        for pledged in contracts:
            payment = Payment.objects.create(
                client=client,
                form=uuid4(),
                fingerprint="x",
                provider="default",
                state="paid" if line else "applied",
                capture=str(uuid4()),
                total=Money.of(15),
                captured=Money.of(15),
                captured_at=NOON,
                receipt=str(uuid4())[:20],
                created_at=NOON,
                expires_at=NOON,
            )
            PaymentLine.objects.create(
                **{
                    "payment": payment,
                    "position": 0,
                    "kind": "pawn_loan",
                    "reference": pledged.uuid,
                    "act": "redeem",
                    "amount": Money.of(15),
                    "state": "applied",
                    **line,
                }
            )


@pytest.mark.usefixtures("counter")
@pytest.mark.parametrize("page", [DAY, HELD])
def test_a_hundred_cost_the_queries_of_one_and_stand_on_pages(
    desk: Browser, alpha: Caisse, anne: Client, page: str
) -> None:
    line = {"state": "held"} if page == HELD else {}
    paid_for_contracts(alpha, anne, 1, **line)
    desk.get(page)
    one = queries(desk, page)
    paid_for_contracts(alpha, anne, 99, **line)
    assert queries(desk, page) == one
    said = words(desk.get(page))
    assert len(set(re.findall(r"P-[0-9]+-[0-9]+", said))) == 25
    assert "Page 1 sur 4" in said
    if page == DAY:
        # All of the day, on each of its pages.
        assert "100 paiements, 1 500,00 €" in said
        assert "Page 4 sur 4" in words(desk.get(f"{DAY}?jour=2026-10-21&page=4"))


def test_a_dispute_says_until_when_it_is_answered_and_closes_the_acts_on_a_held_sum(
    desk: Browser, alpha: Caisse, held: Payment
) -> None:
    page, until = f"{DAY}{held.uuid}/0/", NOON + timedelta(days=9)
    form = {"act": "refund", "reason": "agreed"}
    assert 'name="act"' in words(desk.get(page))
    with tenant_context(alpha):
        payment = Payment.objects.select_related("client").get(pk=held.pk)
        dispute = Dispute(capture="x", amount=Money.of(20), how="disputed", answer_by=until)
        note_dispute(payment=payment, dispute=dispute, now=NOON)
    said = words(desk.get(page))
    assert "Répondez avant le <strong>30 octobre 2026 à 13 h" in said
    assert "ni rendue ni utilisée" in said
    assert 'name="act"' not in said
    # Sent from a page that was opened before.
    answer = desk.post(page, form, follow=True)
    assert "la banque du client conteste ce paiement" in words(answer)
    with tenant_context(alpha):
        assert (lines(held)[0], Refund.objects.count()) == ("held", 0)


SAID_OF_DISPUTES = {
    "disputed": ("en cours", "Répondez chez le prestataire"),
    "disputed dispute_won": ("gagné", "rien à faire"),
    "disputed dispute_lost": ("perdu", "La banque a repris la somme"),
    "dispute_lost disputed": ("perdu", "La banque a repris la somme"),
}


@pytest.mark.parametrize("told", SAID_OF_DISPUTES)
def test_what_a_bank_wants_back_stands_at_the_counter_with_what_to_do(
    desk: Browser, other_desk: Browser, alpha: Caisse, held: Payment, told: str
) -> None:
    (said, todo), how = SAID_OF_DISPUTES[told], told.split()
    pages = (DAY, HELD, f"{DAY}{held.uuid}/0/")
    assert not any("Contesté" in words(desk.get(each)) for each in pages)
    with tenant_context(alpha):
        for each in how:
            payment = Payment.objects.select_related("client").get(pk=held.pk)
            dispute = Dispute(capture="x", amount=Money.of(20), how=each)  # type: ignore[arg-type]  # one of its words
            note_dispute(payment=payment, dispute=dispute, now=NOON)
        assert count_disputed() == (1 if told == "disputed" else 0)
    for each in pages:
        shown = words(desk.get(each))
        assert f"Contesté par la banque du client : {said}" in shown
        assert todo in shown
    assert "Contesté" not in words(other_desk.get(HELD))


def test_of_what_a_bank_took_in_part_the_counter_decides_on_what_is_left(
    desk: Browser, alpha: Caisse, held: Payment
) -> None:
    left = "seuls 1 214,50 € peuvent être utilisés ou rendus"
    with tenant_context(alpha):
        payment = Payment.objects.select_related("client").get(pk=held.pk)
        dispute = Dispute(capture="x", amount=Money.of(20), how="dispute_lost")
        note_dispute(payment=payment, dispute=dispute, now=NOON)
    for page in (HELD, f"{DAY}{held.uuid}/0/"):
        assert left in words(desk.get(page))
    assert settle(desk, held, act="refund").url == f"{HELD}?fait=somme-rendue"
    with tenant_context(alpha):
        assert Refund.objects.get().amount == Money.of("1214.50")
        assert lines(held) == ["refunding", "applied", "held"]
    assert "Aucune somme gardée" in words(desk.get(HELD))
    assert "ni rendue ni utilisée" in words(desk.get(f"{DAY}{held.uuid}/2/"))


def test_the_comparison_of_the_day_names_what_was_disputed_then_whenever_it_was_paid(
    desk: Browser, alpha: Caisse, held: Payment, clock: Clock
) -> None:
    later = NOON + timedelta(days=3)
    with tenant_context(alpha):
        payment = Payment.objects.select_related("client").get(pk=held.pk)
        note_dispute(
            payment=payment, dispute=Dispute(capture="x", amount=Money.of(20), how="disputed"), now=later
        )
    clock.set_to(later)
    said = words(desk.get(f"{DAY}?jour=2026-10-24"))
    assert "Aucun paiement" in said
    assert "Contestés par la banque du client" in said
    assert "2026-000001" in said
    assert "Café 0000" in said
    assert "Contesté" not in words(desk.get(f"{DAY}?jour=2026-10-23"))
