"""What the counter hands over on paper, and what a till is closed with."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context
from pypdf import PdfReader

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.identity.models import User
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.domain.operations import Means, at_counter
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.unmade_papers import make_unmade_papers
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.open_contract import Pledge
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import journal, posted, words
from tests.desk.test_contracts import (
    LOAN,
    THING,
    at_work,
    contract,
    form_of,
    open_for,
    opening,
    page,
    pay,
    send,
    sign_in_again,
)
from tests.identity.steps import publish, put_in, user_of
from tests.pawn.loans.lending import BY, START, WATCH, lend, noon, pay_down

__all__ = ["at_work", "contract"]


def text_of(content: bytes) -> str:
    said = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages)
    return " ".join(said.replace("\xa0", " ").replace("\u202f", " ").split())


def plain(answer: Any) -> str:
    """Without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", words(answer)).split())


def read(browser: Browser, url: str) -> str:
    answer = browser.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return text_of(answer.content)


def test_a_contract_just_drawn_up_is_printed_with_all_that_the_law_asks(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    open_for(desk, anne)
    with tenant_context(alpha):
        found = Contract.objects.get(tariff__isnull=False)
        kept = Document.objects.get(kind="pawn_contract")
    said = read(desk, page(found, "contrat.pdf"))
    for mention in (
        found.number,
        "Caisse Alpha",
        "Client n° C-1",
        "Montre : Montre en acier",
        "1 500,00 €",
        "Somme prêtée 1 000,00 €",
        "6 mois, jusqu’au 15 juillet 2026",
        "TAEG",
        "0,820 % par mois",
        "1 059,20 € Total dû à l’échéance",
        "D514-10",
        "D514-15",
        "D514-21",
        "délai de rétractation",
        "médiateur",
    ):
        assert mention in said, f"{mention} in {said}"
    assert kept.client_id == anne.pk
    assert kept.name == found.number


def test_the_client_finds_the_contract_and_nobody_else_does(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock, other_desk: Browser
) -> None:
    open_for(desk, anne)
    with tenant_context(alpha):
        found = Contract.objects.get(tariff__isnull=False)
    assert other_desk.get(page(found, "contrat.pdf")).status_code == 404
    own = put_in(Browser(headers={"host": desk.defaults["HTTP_HOST"]}), alpha, user_of(alpha))
    assert found.number in own.get("/documents/").content.decode()


def test_the_receipt_of_the_objects_is_printed_once_and_marked_afterwards(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    address = page(contract, "reconnaissance/")
    assert desk.get(address).status_code == 405
    first = text_of(posted(desk, address).content)
    assert f"Reconnaissance de dépôt n° {contract.number}" in first
    assert "DUPLICATA" not in first
    assert "duplicata" in words(desk.get(page(contract)))
    assert "DUPLICATA" in text_of(posted(desk, address).content)
    assert len(journal(alpha, "pawn.receipt_printed")) == 1
    assert len(journal(alpha, "pawn.receipt_duplicated")) == 1


def test_a_payment_at_the_counter_has_a_numbered_receipt_that_the_client_keeps_and_is_told_of(
    alpha: Caisse, desk: Browser, anne: Client, contract: Contract
) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=anne.pk).update(email="anne@example.org")
    pay(desk, contract, what="part", amount="300", means="card")
    with tenant_context(alpha):
        done = Operation.objects.get(kind="paid_down")
        kept = Document.objects.get(kind="pawn_receipt")
        told = Message.objects.filter(kind="pawn_receipt")
        assert (done.receipt, done.means, kept.name) == ("R26-000001", "card", "R26-000001")
        assert [each.channel for each in told] == ["mail"]
    said = words(desk.get(page(contract)))
    assert "Imprimer le reçu" in said
    assert "Carte bancaire" in said
    receipt = read(desk, page(contract, f"recus/{done.uuid}.pdf"))
    for mention in ("R26-000001", "300,00 €", "Carte bancaire", contract.number, "Capital"):
        assert mention in receipt, mention
    assert journal(alpha, "pawn.paid_down")[0].details["means"] == "card"
    assert "Carte bancaire" in words(desk.get("/agence/journal/"))


def test_a_receipt_is_asked_for_on_its_own_contract_only(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    pay(desk, contract, what="part", amount="300")
    with tenant_context(alpha):
        done, opened = Operation.objects.get(kind="paid_down"), Operation.objects.get(kind="opened")
        other = lend()
    assert desk.get(page(other, f"recus/{done.uuid}.pdf")).status_code == 404
    assert desk.get(page(contract, f"recus/{opened.uuid}.pdf")).status_code == 404


def test_the_night_makes_the_papers_that_were_not_made(alpha: Caisse, at_work: Clock) -> None:
    with tenant_context(alpha):
        lent = lend()
        pay_down(lent, START, "300")
        assert make_unmade_papers(now=noon(START), limit=10) == 2
        assert make_unmade_papers(now=noon(START), limit=10) == 0
        assert {each.kind for each in Document.objects.all()} == {"pawn_contract", "pawn_receipt"}


def test_a_prolongation_for_nothing_at_the_counter_has_a_confirmation_to_print(
    alpha: Caisse, desk: Browser, at_work: Clock
) -> None:
    day = START + timedelta(days=137)
    with tenant_context(alpha):
        small = lend(100)
    desk.get(page(small))
    at_work.set_to(noon(day))
    sign_in_again(desk, alpha)
    assert pay(desk, small, what="prolong-6", means="").status_code == 302
    with tenant_context(alpha):
        done = Operation.objects.get(kind="prolonged")
        kept = Document.objects.get(kind="pawn_prolonged")
        assert (done.receipt, kept.about) == ("", done.uuid)
        assert not Message.objects.filter(kind="pawn_prolonged").exists()
    said = words(desk.get(page(small)))
    assert "Imprimer la confirmation" in said
    assert "Imprimer le reçu" not in said
    paper = read(desk, page(small, f"recus/{done.uuid}.pdf"))
    for mention in ("Confirmation de prolongation", "15 janvier 2027", "À l’agence"):
        assert mention in paper, mention
    assert "€" not in paper


def test_means_of_payment_are_asked_for(desk: Browser, contract: Contract) -> None:
    answer = send(desk, page(contract, "paiement/"), what="part", amount="300")
    assert "Choisissez comment l’argent change de mains" in words(answer)


def test_a_caisse_says_by_which_means_it_is_paid(alpha: Caisse, desk: Browser, contract: Contract) -> None:
    publish(alpha, {"pawn": {"counter_means": ["card", "cheque"]}})
    said = words(desk.get(page(contract, "paiement/")))
    assert "Chèque" in said
    assert "Espèces" not in said


@pytest.mark.usefixtures("at_work")
def test_no_more_cash_than_the_law_allows_changes_hands_even_in_pieces(alpha: Caisse, desk: Browser) -> None:
    cash = at_counter(by=BY, means=Means.CASH)
    with tenant_context(alpha):
        big = lend(5000, objects=_worth(20000))
        with pytest.raises(NotPossibleError):
            pay_down(big, START, "3000.01", origin=cash)
        pay_down(big, START, "2000", origin=cash)
        with pytest.raises(NotPossibleError):
            pay_down(big, START, "1000.01", origin=cash)
    answer = send(desk, page(big, "paiement/"), what="redeem", means="cash")
    assert "3 000,00 € au plus par contrat et par jour (CMF L112-6 et D112-3)" in words(answer)
    with tenant_context(alpha):
        pay_down(big, START + timedelta(days=1), "1000.01", origin=cash)


def _worth(euros: int) -> list[Pledge]:
    return [replace(WATCH, appraisal=Money.of(euros))]


def test_a_till_is_closed_by_means_and_by_person(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    open_for(desk, anne)
    with tenant_context(alpha):
        found = Contract.objects.get(tariff__isnull=False)
    pay(desk, found, what="part", amount="300", means="card")
    said = plain(desk.get("/agence/journee/"))
    assert "Espèces 0,00 € 1 000,00 € −1 000,00 €" in said
    assert "Carte bancaire 300,00 € 0,00 € 300,00 €" in said
    assert user_of(alpha, kind=User.Kind.STAFF).display_name in said
    day = {"day": START.isoformat()}
    answer: Any = posted(desk, "/agence/journee/", day)
    lines = b"".join(answer.streaming_content).decode().splitlines()
    (paid,) = [each for each in lines if "R26-000001" in each]
    assert "Carte bancaire" in paid
    assert user_of(alpha, kind=User.Kind.STAFF).display_name in paid


def test_another_caisse_has_its_own_till(
    other_desk: Browser, alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    open_for(desk, anne)
    assert "1 000,00 €" not in words(other_desk.get("/agence/journee/"))


def test_what_is_to_be_signed_is_printed_before_and_has_the_terms_of_the_contract(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    """Plainly not signed: no number, no date of a signature; nothing is written, and it is gone once signed."""
    typed = {**form_of(desk.get(opening(anne))), **THING, **LOAN}
    checked = desk.post(opening(anne), typed).headers["Location"]
    to_sign = f"{opening(anne)}a-signer.pdf?reponses={checked.partition('=')[2]}"
    assert f"a-signer.pdf?reponses={checked.partition('=')[2]}" in desk.get(checked).content.decode()
    before = read(desk, to_sign)
    assert "Contrat de prêt sur gage, à signer" in before
    assert "Version à signer, préparée le 15 janvier 2026" in before
    assert "le 15 janvier 2026" not in before.partition("Fait à")[2]
    with tenant_context(alpha):
        assert not Contract.objects.filter(tariff__isnull=False).exists()
    desk.post(checked, {**form_of(desk.get(checked)), "confirm": "1"})
    with tenant_context(alpha):
        found = Contract.objects.get(tariff__isnull=False)
    after = read(desk, page(found, "contrat.pdf"))
    assert "Version à signer" not in after
    first, second = (
        re.sub(r"Page \d+[^A-Z]*", "", each.partition("Type de crédit")[2]) for each in (before, after)
    )
    assert first.partition("Fait à")[0] == second.partition("Fait à")[0]
    assert desk.get(to_sign).status_code == 404
