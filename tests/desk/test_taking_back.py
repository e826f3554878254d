"""A payment that was recorded by mistake, taken back at the counter: why, what follows, the act, and what is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.models import Agency, Appointment
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import content_of
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.unmade_papers import make_unmade_papers
from tenant_apps.pawn.services.take_back import take_back as taken_back
from tenants.models import Caisse
from tests.agencies.agenda import agency, set_up
from tests.clock import Clock
from tests.desk.counter import journal, posted, sent, staff_uuid, words
from tests.desk.test_contracts import (
    at,
    at_work,
    contract,
    form_of,
    page,
    pay,
    send,
    sign_in_again,
    stored,
)
from tests.desk.test_papers import plain, read, text_of
from tests.pawn.loans.lending import START, asked, pay_down
from tests.pawn.pledges import enter
from tests.world import ANNE

__all__ = ["at_work", "contract"]

WHY = {"reason": "wrong_sum", "note": ""}
DAY = START + timedelta(days=40)


@pytest.fixture(autouse=True)
def later(alpha: Caisse, contract: Contract, at_work: Clock, desk: Browser) -> None:
    """Some weeks after the loan."""
    at_work.set_to(at(DAY))
    sign_in_again(desk, alpha)


def last(alpha: Caisse) -> Operation:
    with tenant_context(alpha):
        found = Operation.objects.order_by("-id").first()
        assert found is not None
        return found


def act(contract: Contract, payment: Operation) -> str:
    return page(contract, f"encaissements/{payment.uuid}/annuler/")


def take_back(desk: Browser, contract: Contract, payment: Operation, **typed: str) -> Any:
    checked = send(desk, act(contract, payment), **{**WHY, **typed})
    return posted(desk, act(contract, payment), {**form_of(checked), "confirm": "1"})


def test_a_mistaken_payment_is_checked_then_taken_back_and_the_client_is_told(
    alpha: Caisse, desk: Browser, contract: Contract, browser_at: Callable[[str], Browser]
) -> None:
    assert pay(desk, contract, what="part", amount="300", means="cheque").status_code == 302
    payment = last(alpha)
    address = act(contract, payment)
    assert address in desk.get(page(contract)).content.decode()
    asked = words(desk.get(address))
    assert "Annuler cet encaissement" in asked
    assert "Paiement d’une partie" in asked
    assert "Choisissez une raison" in words(posted(desk, address, form_of(desk.get(address))))
    checked = send(desk, address, **WHY)
    said = words(checked)
    assert "300,00 €</strong> (Chèque) sortent de la caisse du jour" in said
    assert "En cours" in said
    assert "1 026,40 €" in said
    assert "15 juillet 2026" in said
    assert stored(alpha, contract).capital != Money.of(1000)
    done = posted(desk, address, {**form_of(checked), "confirm": "1"})
    assert done.headers["Location"] == f"{page(contract)}?fait=encaissement-annule"
    assert stored(alpha, contract).capital == Money.of(1000)
    # The same page again does nothing more.
    assert posted(desk, address, {**form_of(checked), "confirm": "1"}).status_code == 302
    shown = words(desk.get(done.headers["Location"]))
    assert "L’encaissement est annulé. Le client est prévenu." in shown
    assert "« Paiement d’une partie » du" in shown
    assert "Ce n’était pas la bonne somme" in shown
    assert "Annulé," in shown
    assert "−300,00 €" in shown
    assert address not in shown
    (event,) = journal(alpha, "pawn.taken_back")
    assert (event.details["reason"], event.details["by"]) == ("wrong_sum", staff_uuid(alpha))
    (mail,) = sent(alpha, "pawn_taken_back")
    told = mail["text"].replace("\u202f", " ").replace("\xa0", " ")
    assert "l’agence a enregistré par erreur un paiement de 300,00 €" in told
    assert "il faut 1 026,40 €" in told
    hers = words(enter(browser_at(ANNE.host), alpha).get(f"/contrats/{contract.uuid}/"))
    assert "Paiement d’une partie (annulé)" in hers
    assert "Elle l’a annulé." in hers
    assert "300,00 € annulés" in hers


def test_a_redemption_by_mistake_is_no_end_of_the_contract(
    alpha: Caisse, desk: Browser, contract: Contract, browser_at: Callable[[str], Browser]
) -> None:
    assert pay(desk, contract, what="redeem").status_code == 302
    assert take_back(desk, contract, last(alpha), reason="wrong_contract").status_code == 302
    assert stored(alpha, contract).state == "running"
    hers = words(enter(browser_at(ANNE.host), alpha).get(f"/contrats/{contract.uuid}/"))
    assert "Tout est remboursé (annulé)" in hers
    assert "Vous avez tout remboursé" not in hers
    assert "1 026,40 €" in hers


def test_what_has_followed_or_is_of_another_day_is_refused_in_words_and_offered_nowhere(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    pay(desk, contract, what="part", amount="100")
    first = last(alpha)
    pay(desk, contract, what="part", amount="200")
    second = last(alpha)
    said = words(desk.get(act(contract, first)))
    assert "Depuis, un autre acte a été enregistré (« Paiement d’une partie »)" in said
    assert act(contract, first) not in desk.get(page(contract)).content.decode()
    assert act(contract, second) in desk.get(page(contract)).content.decode()
    at_work.set_to(at(DAY + timedelta(days=1)))
    sign_in_again(desk, alpha)
    assert "sa caisse avec elle" in words(desk.get(act(contract, second)))
    assert act(contract, second) not in desk.get(page(contract)).content.decode()
    with tenant_context(alpha):
        (opened,) = Operation.objects.filter(kind="opened")
    assert "n’est pas un encaissement" in words(desk.get(act(contract, opened)))


def test_a_receipt_that_was_given_is_cancelled_by_another_of_the_same_series(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    pay(desk, contract, what="part", amount="300", means="cheque")
    payment = last(alpha)
    paper = page(contract, f"recus/{payment.uuid}.pdf")
    before = read(desk, paper)
    assert "ANNULÉ" not in before
    take_back(desk, contract, payment)
    taken = last(alpha)
    said = read(desk, page(contract, f"recus/{taken.uuid}.pdf"))
    assert "Annulation n° R26-000002 du reçu n° R26-000001" in said
    assert "−300,00 € Total annulé" in said
    assert "Reste à payer pour tout rembourser le 24 février 2026 : 1 026,40 €" in said
    again = read(desk, paper)
    assert "ANNULÉ : Reçu de paiement n° R26-000001" in again
    assert "annulation n° R26-000002" in again
    assert "Reste à payer" not in again
    # What the client was given stays as it was given, beside its cancellation.
    with tenant_context(alpha):
        kept = Document.objects.filter(client=contract.client).exclude(kind="pawn_contract")
        documents = {each.kind: each for each in kept}
        assert set(documents) == {"pawn_receipt", "pawn_cancellation"}
        assert text_of(content_of(document=documents["pawn_receipt"])) == before
        assert make_unmade_papers(now=at(DAY), limit=9) == 0
    assert len(sent(alpha, "pawn_receipt")) == 1


def test_a_receipt_that_was_not_made_before_it_was_cancelled_says_so_and_is_told_to_nobody(
    alpha: Caisse, contract: Contract
) -> None:
    with tenant_context(alpha):
        paid = pay_down(contract, DAY, "300.00").operation
        taken_back(contract=contract, paid=paid.uuid, reason="wrong_sum", **asked(DAY))
        assert make_unmade_papers(now=at(DAY), limit=9) == 2
        document = Document.objects.get(kind="pawn_receipt")
        assert "ANNULÉ" in text_of(content_of(document=document))
    assert sent(alpha, "pawn_receipt") == []


def test_the_till_and_the_accountant_count_it_below_nothing(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    pay(desk, contract, what="part", amount="300", means="card")
    pay(desk, contract, what="part", amount="100", means="cash")
    take_back(desk, contract, last(alpha))
    said = plain(desk.get("/agence/journee/"))
    assert "Carte bancaire 300,00 € 0,00 € 300,00 €" in said
    assert "Espèces 0,00 € 0,00 € 0,00 €" in said
    answer: Any = posted(desk, "/agence/journee/", {"day": DAY.isoformat()})
    rows = [each.split(";") for each in b"".join(answer.streaming_content).decode().splitlines()]
    (row,) = [each for each in rows if each[3] == "Encaissement annulé"]
    assert (row[4:7], row[-2]) == (["Espèces", "-100,00", ""], "R26-000003")


def test_an_appointment_to_fetch_what_is_not_paid_any_more_is_cancelled(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    """Which was booked since; one that was booked to pay on the spot stays."""
    set_up(alpha)
    centre = agency(alpha)
    with tenant_context(alpha):
        kept = booked(centre, contract, at(DAY + timedelta(days=8)), now=at(DAY - timedelta(days=1)))
    pay(desk, contract, what="redeem")
    with tenant_context(alpha):
        gone = booked(centre, contract, at(DAY + timedelta(days=9)), now=at(DAY) + timedelta(minutes=5))
    payment = last(alpha)
    assert "Rendez-vous annulé" in words(send(desk, act(contract, payment), **WHY))
    take_back(desk, contract, payment)
    with tenant_context(alpha):
        states = dict(Appointment.objects.values_list("uuid", "state"))
    assert states == {kept: "booked", gone: "cancelled"}
    (mail,) = sent(alpha, "appointment_cancelled")
    assert "l’objet ne peut pas être rendu" in mail["text"]
    assert len(sent(alpha, "pawn_taken_back")) == 1


def booked(centre: Agency, contract: Contract, starts_at: datetime, *, now: datetime) -> UUID:
    found = book_appointment(
        client=contract.client,
        purpose="redeem",
        agency=centre,
        starts_at=starts_at,
        about=contract.uuid,
        form=uuid4(),
        now=now,
    )
    return found.uuid


@pytest.mark.parametrize(("mobile", "way"), [("+33639980012", "sms"), ("", "letter")])
def test_whoever_has_no_mail_is_told_too(
    alpha: Caisse, desk: Browser, contract: Contract, mobile: str, way: str
) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=contract.client_id).update(email="", mobile=mobile)
    pay(desk, contract, what="part", amount="300")
    take_back(desk, contract, last(alpha))
    (told,) = sent(alpha, "pawn_taken_back")
    assert told["channel"] == way
    assert "300,00" in told["text"]
