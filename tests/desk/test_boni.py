"""A boni is checked before it is paid, and leaves a numbered paper that the client signs and keeps."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.documents.models import Document
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.unmade_papers import make_unmade_papers
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.note_notice import note_notice
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import journal, posted, words
from tests.desk.test_contracts import SALE, at, at_work, contract, form_of, page, send, stored
from tests.desk.test_papers import text_of
from tests.desk.test_sale import announced, desk, sold
from tests.identity.steps import publish, put_in, user_of
from tests.pawn.loans.lending import asked, pay_boni
from tests.pawn.pledges import enter
from tests.world import ANNE

__all__ = ["announced", "at_work", "contract", "desk", "sold"]

BONI, PAPER = "boni/", "quittance/"
GIVEN = {"means": "cheque", "document": "passport", "present": "on"}


def check(desk: Browser, contract: Contract, **answers: str) -> Any:
    return send(desk, page(contract, BONI), **{**GIVEN, **answers})


def pay(desk: Browser, contract: Contract, **answers: str) -> Any:
    checked = check(desk, contract, **answers)
    return posted(desk, page(contract, BONI), {**form_of(checked), "confirm": "1"})


@pytest.fixture
def paid(alpha: Caisse, desk: Browser, sold: Contract) -> Operation:
    pay(desk, sold)
    with tenant_context(alpha):
        return Operation.objects.get(kind="boni_paid")


def test_a_boni_is_shown_in_full_before_it_is_paid(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    checked = check(desk, sold)
    said = words(checked)
    for text in (
        "Vérifiez avant de verser",
        sold.number,
        "Passeport",
        "<strong>Chèque</strong>",
        "29 octobre 2026",
        "1 500,00 €",
        "1 162,00 €",
        "338,00 €",
    ):
        assert text in said, text
    with tenant_context(alpha):
        assert not Operation.objects.filter(kind="boni_paid").exists()
    done = posted(desk, page(sold, BONI), {**form_of(checked), "confirm": "1"})
    assert done.headers["Location"].endswith("?fait=boni")
    assert stored(alpha, sold).state == "boni_claimed"


def test_back_from_the_check_finds_the_answers_and_back_after_the_payment_what_it_did(
    desk: Browser, sold: Contract
) -> None:
    sent = desk.post(page(sold, BONI), {**form_of(desk.get(page(sold, BONI))), **GIVEN})
    address = sent.headers["Location"]
    checked = desk.get(address)
    assert "Vérifiez avant de verser" in words(desk.get(address))
    edited = words(posted(desk, address, {**form_of(checked), "edit": "1"}))
    ticked = [each for each in edited.split("<input") if "checked" in each.partition(">")[0]]
    assert [
        each for each in ("cheque", "passport") if not any(f'value="{each}"' in one for one in ticked)
    ] == []
    desk.post(address, {**form_of(checked), "confirm": "1"})
    assert desk.get(address).headers["Location"].endswith("?fait=boni")


def test_a_boni_above_what_may_be_paid_in_cash_is_refused_before_it_is_checked(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    publish(alpha, {"pawn": {"counter_cash_most": 300}})
    assert "En espèces, 300,00 € au plus" in words(check(desk, sold, means="cash"))


def test_a_lost_receipt_keeps_the_boni_until_a_surety_is_given(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    with tenant_context(alpha):
        block_contract(contract=sold, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked(SALE))
    assert "La reconnaissance est perdue" in words(check(desk, sold))
    checked = check(desk, sold, surety="on")
    assert "Une caution est donnée" in words(checked)
    done = posted(desk, page(sold, BONI), {**form_of(checked), "confirm": "1"})
    assert done.headers["Location"].endswith("?fait=boni")


def test_the_receipt_of_a_boni_says_all_of_it_and_is_marked_when_it_is_printed_again(
    alpha: Caisse, desk: Browser, sold: Contract, paid: Operation
) -> None:
    assert paid.receipt == "B26-000001"
    assert "quittance n° B26-000001" in words(desk.get(page(sold)))
    assert "Imprimer la quittance de boni" in words(desk.get(page(sold)))
    assert desk.get(page(sold, PAPER)).status_code == 405
    first = text_of(desk.post(page(sold, PAPER)).content)
    for mention in (
        "Quittance de boni n° B26-000001",
        "Remis à Mme Prénom Alpha",
        "Client n° C-1",
        "Pièce d’identité vue Passeport",
        "Moyen Chèque",
        sold.number,
        "Objets vendus le 29 octobre 2026",
        "1 500,00 € Prix d’adjudication",
        "−1 162,00 € Dette ce jour-là",
        "338,00 € Somme versée",
        "reconnaît avoir reçu 338,00 €",
        "signature du client",
    ):
        assert mention in first, f"{mention} in {first}"
    assert "DUPLICATA" not in first
    assert "Imprimer un duplicata de la quittance" in words(desk.get(page(sold)))
    assert "DUPLICATA imprimé le 29 octobre 2026" in text_of(desk.post(page(sold, PAPER)).content)
    assert len(journal(alpha, "pawn.boni_receipt_printed")) == 1
    assert len(journal(alpha, "pawn.boni_receipt_duplicated")) == 1


def test_what_the_letter_about_a_boni_cost_stands_on_its_check_and_on_its_receipt(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    told: dict[str, Any] = {"about": SALE, "on": SALE, "now": at(SALE), "message": None, "charged": True}
    with tenant_context(alpha):
        note_notice(contract=sold, kind="boni", channel="letter", **told)
    assert "Avis de boni, déduit" in words(check(desk, sold))
    pay(desk, sold)
    with tenant_context(alpha):
        done = Operation.objects.get(kind="boni_paid")
    assert Money.of(0) < done.amount < Money.of(338)
    said = text_of(desk.post(page(sold, PAPER)).content)
    assert "338,00 € Boni" in said
    assert re.search(r"−\d,\d\d € Avis de boni", said), said


def test_the_night_makes_the_receipt_of_a_boni_that_was_not_made(alpha: Caisse, sold: Contract) -> None:
    with tenant_context(alpha):
        pay_boni(sold, SALE)
        assert make_unmade_papers(now=at(SALE), limit=10) == 1
        assert make_unmade_papers(now=at(SALE), limit=10) == 0
        assert Document.objects.get().kind == "pawn_boni_receipt"


def test_the_client_keeps_the_receipt_of_the_boni(
    alpha: Caisse, sold: Contract, paid: Operation, browser_at: BrowserAt
) -> None:
    with tenant_context(alpha):
        kept = Document.objects.get(kind="pawn_boni_receipt")
        assert (kept.name, kept.client_id, kept.about) == ("B26-000001", sold.client_id, paid.uuid)
    own = words(enter(browser_at(ANNE.host), alpha).get("/documents/"))
    assert "Quittance de boni" in own
    assert "B26-000001" in own


def test_a_contract_without_a_paid_boni_has_no_such_paper(
    alpha: Caisse, desk: Browser, sold: Contract, beta: Caisse, other_desk: Browser
) -> None:
    assert desk.post(page(sold, PAPER)).status_code == 404
    pay(desk, sold)
    assert other_desk.post(page(sold, PAPER)).status_code == 404
    assert put_in(desk, alpha, user_of(alpha)).post(page(sold, PAPER)).status_code in (302, 404)
