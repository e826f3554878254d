"""What the agency did, and no other act charges, is charged by hand: by the contract's own tariff, checked, once."""

import uuid
from datetime import timedelta
from typing import Any, get_args
from unittest.mock import patch

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import euros
from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.possible import Act as Possible
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.tariffs.document import Act, ActFee, TariffDocument
from tenant_apps.pawn.explain import explained
from tenant_apps.pawn.history import history
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import ActCharged, Contract, Operation
from tenant_apps.pawn.services.charge_fee import BY_HAND, charge_fee
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fees import fees_due
from tenant_apps.pawn.services.waive_fee import waive_fee
from tenant_apps.pawn.tariffs import apply_tariff as applying
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import journal, posted, words
from tests.desk.test_contracts import at, at_work, contract, form_of, page, send, sign_in_again
from tests.desk.test_fees import due
from tests.pawn.loans.lending import (
    START,
    asked,
    card,
    checked_once,
    fresh,
    grid,
    lend,
    noon,
    pay_down,
    price,
    prolong,
    redeem,
)

__all__ = ["at_work", "contract"]
CHARGE = "frais/facturer/"
SENDING = {"act": "sending", "cost": "8,20", "note": ""}
# What each of the others is charged with: a notice, a lost receipt, a sale.
WITH_ANOTHER_ACT = {
    "due_notice",
    "sale_notice",
    "boni_notice",
    "sale_preparation",
    "sale_withdrawal",
    "requested_sale",
    "lost_receipt",
}


def plain(sum_: Money) -> str:
    return euros(sum_, "fr").replace("\u202f", " ").replace("\xa0", " ")


def confirm(desk: Browser, contract: Contract, checked: Any) -> Any:
    return posted(desk, page(contract, CHARGE), {**form_of(checked), "confirm": "1"})


def charge(contract: Contract, act: str = "cleaning", cost: Money = ZERO, **otherwise: Any) -> Any:
    return charge_fee(contract=contract, act=act, cost=cost, **{"reason": "", **asked(START), **otherwise})


def lend_with(acts: tuple[ActFee, ...]) -> Contract:
    """The next day, by the grid of Nantes with other acts."""
    day = START + timedelta(days=1)
    document: TariffDocument = grid("nantes").model_copy(update={"acts": acts, "valid_from": day})
    with patch.object(applying, "check", lambda _document: checked_once(grid("nantes"))):
        applying.apply_tariff(document=document, author="Aude", reason="essai", at=noon(START))
    return lend(on=day)


def test_every_act_of_a_tariff_is_charged_by_hand_or_with_another_act() -> None:
    assert set(BY_HAND) | WITH_ANOTHER_ACT == set(get_args(Act))
    assert not set(BY_HAND) & WITH_ANOTHER_ACT


def test_a_fee_is_chosen_checked_charged_and_read_by_both_sides(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    before = due(alpha, contract)
    assert "Facturer des frais" in words(desk.get(page(contract)))
    offered = words(desk.get(page(contract, CHARGE)))
    assert "Envoi de l’objet : 15,00 €, plus son coût" in offered
    assert "Nettoyage : 10,00 €" in offered
    assert "Avis de vente" not in offered
    checked = send(desk, page(contract, CHARGE), **SENDING)
    said = words(checked)
    after = before + Money.of("23.20")
    for text in ("Vérifiez avant de facturer", "8,20 €", "23,20 €", plain(before), plain(after)):
        assert text in said, text
    assert due(alpha, contract) == before
    assert confirm(desk, contract, checked).status_code == 302
    assert due(alpha, contract) == before + Money.of("23.20")
    (event,) = journal(alpha, "pawn.charged")
    assert (event.details["charged"], event.details["added"]) == ("sending", "23.20")
    assert "Envoi de l’objet 23,20 €" in words(desk.get("/agence/journal/"))
    assert "ajouté à la dette : Envoi de l’objet 23,20 €" in words(desk.get(page(contract)))
    with tenant_context(alpha):
        (entry,) = [each for each in history(contract=fresh(contract)) if each.title == "Frais ajoutés"]
        owed = debt_of(contract=fresh(contract), on=START)
    assert entry.added == (("Envoi de l’objet", Money.of("23.20")),)
    assert owed is not None
    lines = explained(lines=owed.lines, lent=Money.of(1000))
    assert [each.amount for each in lines if each.label == "Envoi de l’objet"] == [Money.of("23.20")]


def test_what_was_charged_by_hand_is_waived_as_any_fee(alpha: Caisse, contract: Contract) -> None:
    before = due(alpha, contract)
    with tenant_context(alpha):
        charge(contract, "sending", Money.of(8))
        (fee,) = fees_due(contract=fresh(contract))
        waive_fee(contract=contract, fee=fee.name, reason="goodwill", **asked(START))
    assert due(alpha, contract) == before


def test_the_same_form_charges_once_even_after_the_contract_has_ended(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    checked = send(desk, page(contract, CHARGE), **SENDING)
    form = {**form_of(checked), "confirm": "1"}
    for _ in range(2):
        assert desk.post(page(contract, CHARGE), form).headers["Location"].endswith("fait=frais-factures")
    with tenant_context(alpha):
        redeem(contract, START)
    assert desk.post(page(contract, CHARGE), form).headers["Location"].endswith("fait=frais-factures")
    changed = {**form, "act": "cleaning", "cost": ""}
    assert desk.post(page(contract, CHARGE), changed).headers["Location"].endswith("fait=autre")
    with tenant_context(alpha):
        assert ActCharged.objects.filter(contract=contract).count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choisissez les frais à facturer."),
        ({"act": "lost_receipt"}, "Choisissez dans la liste."),
        ({"act": "sending", "cost": ""}, "Saisissez ce que cela a coûté, ou 0 si rien ne s’ajoute."),
        ({"act": "sending", "cost": "beaucoup"}, "Saisissez une somme en euros"),
        ({"act": "cleaning", "cost": "3"}, "Le tarif n’ajoute aucun coût à ces frais"),
    ],
)
def test_what_cannot_be_charged_so_is_said_and_nothing_is_written(
    alpha: Caisse, desk: Browser, contract: Contract, typed: dict[str, str], told: str
) -> None:
    answer = send(desk, page(contract, CHARGE), **typed, confirm="1")
    assert told in words(answer)
    with tenant_context(alpha):
        assert not ActCharged.objects.exists()


def test_other_fees_say_what_they_are_at_the_counter_alone(
    alpha: Caisse, desk: Browser, at_work: Clock
) -> None:
    with tenant_context(alpha):
        lent = lend_with((ActFee(act="other", amount=Money.of(5)),))
    desk.get(page(lent))
    at_work.set_to(at(START + timedelta(days=1)))
    sign_in_again(desk, alpha)
    typed = {"act": "other", "note": ""}
    assert "Dites en quelques mots quels sont ces frais." in words(send(desk, page(lent, CHARGE), **typed))
    checked = send(desk, page(lent, CHARGE), act="other", note="Écrin remplacé")
    assert "Écrin remplacé" in words(checked)
    confirm(desk, lent, checked)
    said = words(desk.get(page(lent)))
    assert "Écrin remplacé · ajouté à la dette : Autres frais 5,00 €" in said
    with tenant_context(alpha):
        found = history(contract=fresh(lent))
        with pytest.raises(NotPossibleError) as refused:
            charge(lent, "other")
    assert refused.value.why is WhyNot.NO_REASON
    assert [("Autres frais", Money.of(5))] in [[*each.added] for each in found]
    assert not any("Écrin" in each.note for each in found)


def test_nothing_is_offered_where_the_tariff_prices_nothing(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    with tenant_context(alpha):
        bare = lend_with((ActFee(act="lost_receipt", amount=Money.of(5)), ActFee(act="cleaning")))
        with pytest.raises(NotPossibleError) as refused:
            charge(bare)
    assert refused.value.why is WhyNot.NOT_PRICED
    assert "Facturer des frais" not in words(desk.get(page(bare)))
    said = words(desk.get(page(bare, CHARGE)))
    assert "Le tarif de ce contrat ne prévoit pas ces frais." in said
    assert "Continuer" not in said
    # Each contract keeps its own tariff.
    assert "Facturer des frais" in words(desk.get(page(contract)))


def test_nothing_is_charged_once_it_has_ended(alpha: Caisse, desk: Browser, contract: Contract) -> None:
    with tenant_context(alpha):
        redeem(contract, START)
        with pytest.raises(NotPossibleError) as refused:
            charge(fresh(contract))
    assert refused.value.why is WhyNot.REDEEMED
    assert "Facturer des frais" not in words(desk.get(page(contract)))
    assert "Ce contrat est déjà remboursé." in words(desk.get(page(contract, CHARGE)))


def test_a_cost_that_the_tariff_does_not_add_is_refused(alpha: Caisse, contract: Contract) -> None:
    with tenant_context(alpha), pytest.raises(NotPossibleError) as refused:
        charge(contract, "cleaning", Money.of(3))
    assert refused.value.why is WhyNot.NOT_PRICED


def test_a_number_serves_for_one_fee_alone(alpha: Caisse, contract: Contract) -> None:
    with tenant_context(alpha):
        number = uuid.uuid4()
        charge(contract, operation=number)
        with pytest.raises(OperationReusedError):
            charge(contract, "sending", Money.of(8), operation=number)
        assert Operation.objects.filter(contract=contract, kind="charged").count() == 1


def test_what_is_charged_after_a_price_was_promised_is_due_behind_that_payment_with_its_cost(
    alpha: Caisse, contract: Contract
) -> None:
    with tenant_context(alpha):
        promised = price(contract, Possible.PROLONG, START, months=6)
        charge(contract, "sending", Money.of(8), now=noon(START) + timedelta(minutes=5))
        prolong(
            contract,
            START,
            paid=promised,
            origin=card(),
            as_of=noon(START),
            now=noon(START) + timedelta(minutes=9),
        )
        (owed,) = fees_due(contract=fresh(contract))
        assert owed.fee.amount == Money.of(23)
        pay_down(contract, START, "500")
        assert fees_due(contract=fresh(contract)) == []
