"""A payment that was recorded by mistake, taken back at the counter: why, what follows, the act, and what is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.pawn.models import Contract, Operation
from tenants.models import Caisse
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
from tests.pawn.loans.lending import START
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
