"""What an act adds to a debt is said before; a mistake is corrected by an act of its own; each act has its reasons."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import BlockKind, WhyNot
from tenant_apps.pawn.history import history
from tenant_apps.pawn.loans import sum_due
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.block_contract import block_contract, unblock_contract
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fees import fees_due
from tenant_apps.pawn.services.waive_fee import waive_fee
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import journal, words
from tests.desk.test_contracts import LATE, at, at_work, contract, page, send, sign_in_again
from tests.identity.steps import publish
from tests.pawn.loans.lending import START, announce, asked, fresh, noon, pay_down, redeem

__all__ = ["at_work", "contract"]
# Of a file.
NOWHERE = {"email": "", "mobile": "", "postal_lines": "", "postcode": "", "town": "", "country": ""}
LOST = {"kind": "lost_receipt", "reason": "declared", "note": ""}


def due(alpha: Caisse, contract: Contract) -> Money:
    with tenant_context(alpha):
        return sum_due(contract=contract_of_caisse(uuid=contract.uuid), on=START)


def test_blocking_says_its_fee_before_and_offers_its_own_reasons(desk: Browser, contract: Contract) -> None:
    said = words(desk.get(page(contract, "blocage/")))
    assert "9,50 €" in said
    assert "Le client l’a déclaré" in said
    assert "La reconnaissance est retrouvée ou refaite" not in said


@pytest.mark.parametrize(("act", "reason"), [("blocage/", "claim"), ("blocage/", "found")])
def test_a_reason_of_something_else_is_refused(
    alpha: Caisse, desk: Browser, contract: Contract, act: str, reason: str
) -> None:
    answer = send(desk, page(contract, act), **{**LOST, "reason": reason})
    assert answer.status_code == 200
    with tenant_context(alpha):
        assert not contract.blocks.exists()


def test_the_service_refuses_a_reason_of_something_else(alpha: Caisse, contract: Contract) -> None:
    for service, reason in ((block_contract, "found"), (unblock_contract, "declared")):
        with tenant_context(alpha), pytest.raises(NotPossibleError) as caught:
            service(contract=contract, kind=BlockKind.LOST_RECEIPT, reason=reason, **asked(START))
        assert caught.value.why is WhyNot.NO_REASON


def test_the_only_block_is_lifted_without_choosing_it(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    send(desk, page(contract, "blocage/"), **LOST)
    said = words(desk.get(page(contract, "deblocage/")))
    assert 'type="radio" name="kind"' not in said
    assert "Une réclamation est arrivée" not in said
    done = send(desk, page(contract, "deblocage/"), reason="found", note="")
    assert done.status_code == 302
    with tenant_context(alpha):
        assert not contract.blocks.filter(until__isnull=True).exists()


def test_a_fee_charged_by_mistake_is_taken_off_the_debt_with_a_reason(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    before = due(alpha, contract)
    send(desk, page(contract, "blocage/"), **LOST)
    assert due(alpha, contract) == before + Money.of("9.50")
    with tenant_context(alpha):
        (fee,) = fees_due(contract=contract)
    address = page(contract, "frais/")
    assert "Retirer des frais" in words(desk.get(page(contract)))
    assert "9,50 €" in words(desk.get(address))
    asked_for = {"fee": fee.name, "reason": "fee_mistaken", "note": ""}
    assert send(desk, address, **asked_for).status_code == 302
    assert due(alpha, contract) == before
    (event,) = journal(alpha, "pawn.waived")
    assert (event.details["reason"], event.details["not_charged"]) == ("fee_mistaken", "9.50")
    assert "Aucuns frais d’un acte ne sont dus" in words(desk.get(address))
    assert "Frais retirés" in words(desk.get(page(contract)))
    with tenant_context(alpha):
        assert Operation.objects.filter(contract=contract, kind="blocked").exists()


def test_a_fee_that_was_paid_is_taken_off_no_more(alpha: Caisse, contract: Contract) -> None:
    with tenant_context(alpha):
        block_contract(contract=contract, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked(START))
        (fee,) = fees_due(contract=contract)
        pay_down(contract, START, "500")
        with pytest.raises(NotPossibleError) as caught:
            waive_fee(contract=contract, fee=fee.name, reason="goodwill", **asked(START))
    assert caught.value.why is WhyNot.NO_SUCH_FEE


def test_an_announcement_says_its_fees_and_comes_ticked_where_the_client_asked(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    assert "annonce/?demande=1" not in words(desk.get(page(contract)))
    clock.set_to(at(LATE))
    sign_in_again(desk, alpha)
    assert "checked" not in words(desk.get(page(contract, "annonce/")))
    assert "annonce/?demande=1" in words(desk.get(page(contract)))
    assert "checked" in words(desk.get(page(contract, "annonce/?demande=1")))


@pytest.mark.parametrize(
    ("charged", "reached", "costs"),
    [("none", True, False), ("letters", True, False), ("all", True, True), ("all", False, False)],
)
def test_an_announcement_costs_what_its_notice_will_and_nothing_where_none_can_leave(
    alpha: Caisse,
    desk: Browser,
    contract: Contract,
    clock: Clock,
    charged: str,
    *,
    reached: bool,
    costs: bool,
) -> None:
    """By a way that the caisse charges; and the debt is what the page said, once it has left."""
    desk.get(page(contract))
    publish(alpha, {"pawn": {"notices_charged": charged}})
    with tenant_context(alpha):
        if not reached:
            Client.objects.filter(pk=contract.client_id).update(**NOWHERE)
    clock.set_to(at(LATE))
    sign_in_again(desk, alpha)
    assert ("3,00 €" in words(desk.get(page(contract, "annonce/")))) == costs
    with tenant_context(alpha):
        announce(contract, LATE, LATE + timedelta(days=20))
        assert remind(now=noon(LATE)) == reached
        assert contract.charges.filter(act="sale_notice").exists() == costs


def test_a_link_to_a_payment_comes_with_its_choice(desk: Browser, contract: Contract) -> None:
    said = words(desk.get(page(contract, "paiement/?choix=part")))
    (ticked,) = [each for each in said.split("<input") if "checked" in each.partition(">")[0]]
    assert 'value="part"' in ticked
    assert "checked" not in words(desk.get(page(contract, "paiement/?choix=other")))


def test_what_was_handed_over_cannot_be_blocked(alpha: Caisse, desk: Browser, contract: Contract) -> None:
    assert "Bloquer le contrat" in words(desk.get(page(contract)))
    with tenant_context(alpha):
        redeem(contract, START)
    send(desk, page(contract, "remise/"), name="Anne Alpha", document="passport", receipt="on")
    assert "Bloquer le contrat" not in words(desk.get(page(contract)))
    with tenant_context(alpha), pytest.raises(NotPossibleError):
        block_contract(contract=contract, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked(START))


def test_only_what_can_be_blocked_or_lifted_is_offered(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    """None to lift at first; once both stand, none to add; of what has left, neither."""
    assert "Débloquer le contrat" not in words(desk.get(page(contract)))
    assert "Rien ne bloque ce contrat" in words(desk.get(page(contract, "deblocage/")))
    for kind, reason in (("lost_receipt", "declared"), ("claimed_by_other", "claim")):
        assert "Bloquer le contrat" in words(desk.get(page(contract)))
        send(desk, page(contract, "blocage/"), kind=kind, reason=reason, note="")
        assert "Débloquer le contrat" in words(desk.get(page(contract)))
    assert page(contract, "blocage/") not in words(desk.get(page(contract)))
    assert "Il n’y a plus rien à bloquer" in words(desk.get(page(contract, "blocage/")))


def test_of_a_redeemed_contract_past_its_term_a_lost_receipt_blocks_nothing(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    desk.get(page(contract))
    clock.set_to(at(LATE))
    sign_in_again(desk, alpha)
    with tenant_context(alpha):
        redeem(contract, LATE)
    said = words(desk.get(page(contract, "blocage/")))
    assert "Objet réclamé par une autre personne" in said
    assert 'value="lost_receipt"' not in said


def test_the_history_says_what_a_block_cost_and_why_it_was_waived(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    send(desk, page(contract, "blocage/"), kind="lost_receipt", reason="other", note="volée au marché")
    said = words(desk.get(page(contract)))
    for text in (
        "Reconnaissance perdue",
        "volée au marché",
        "ajouté à la dette : Reconnaissance perdue 9,50 €",
    ):
        assert text in said
    waiving = page(contract, "frais/")
    (fee,) = re.findall(r'name="fee" value="([^"]+)"', desk.get(waiving).content.decode())
    send(desk, waiving, fee=fee, reason="goodwill", note="")
    said = words(desk.get(page(contract)))
    assert "Un geste de la caisse · Reconnaissance perdue 9,50 €" in said


def test_the_client_reads_the_fee_without_the_reason(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    send(desk, page(contract, "blocage/"), kind="lost_receipt", reason="other", note="volée au marché")
    with tenant_context(alpha):
        found = history(contract=fresh(contract))
    assert [("Reconnaissance perdue", Money.of("9.50"))] in [[*each.added] for each in found]
    assert not any("marché" in each.note for each in found)
