"""A basket and what was paid: each contract by its number, with its sums and dates, and the law once after all."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from guichet.kernel import formatting
from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tests.pawn.loans.lending import fresh, lend
from tests.pawn.pledges import words as page_words
from tests.payments.bank import Bank
from tests.payments.paying import pay

PROLONG, PART, REDEEM = "prolong:6", "part", "redeem"


@pytest.fixture(autouse=True)
def bank() -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


def plain(sum_: Money) -> str:
    return " ".join(formatting.euros(sum_, "fr").split())


def long(day: date) -> str:
    return " ".join(formatting.date_long(day, "fr").split())


def young() -> Contract:
    return lend(on=timezone.localdate() - timedelta(days=60))


def paid_for(*asked: tuple[Contract, str, Money | None]) -> Payment:
    """By card, a moment ago."""
    anne, now = Client.objects.get(number="C-1"), timezone.now()
    wanted = [
        Wanted(kind=KIND, reference=contract.uuid, act=act, amount=amount) for contract, act, amount in asked
    ]
    quote = open_basket(client=anne, wanted=wanted, now=now)
    payment = Payment.objects.get(
        uuid=start_payment(client=anne, quote=quote, form=uuid.uuid4(), now=now).payment
    )
    pay(payment, now=timezone.now())
    return payment


def test_what_was_paid_says_its_contract_its_sum_and_its_new_term(anne_in: Browser) -> None:
    first, second, third = young(), young(), young()
    payment = paid_for((first, PROLONG, None), (second, REDEEM, None), (third, PART, Money.of(200)))
    before, after, number = first.due_on, fresh(first).due_on, first.number
    sums = {each.reference: plain(each.amount) for each in payment.lines.all()}
    said = page_words(anne_in.get(f"/paiements/{payment.uuid}/"))
    assert f"Contrat n° {number} : vous avez payé {sums[first.uuid]}." in said
    assert f"l’échéance passe du {long(before)} au {long(after)}" in said
    assert f"Voir le contrat n° {number}" in said
    assert f"Contrat n° {second.number} : vous avez payé {sums[second.uuid]}. Tout est remboursé" in said
    assert f"Contrat n° {third.number} : vous avez payé 200,00 €. Le capital à rembourser diminue de" in said
    assert "Votre contrat est à jour" not in said


def test_a_basket_says_what_each_act_changes_beside_it_and_the_law_after_all_once(
    anne_in: Browser,
) -> None:
    first, second = young(), young()
    chosen = {first.uuid.hex: PROLONG, second.uuid.hex: PROLONG}
    basket = page_words(anne_in.get(anne_in.post("/contrats/payer/", chosen).headers["Location"]))
    rows, _, law = basket.partition("À savoir avant de payer")
    assert rows.count("L’échéance passe du") == 2
    assert "L’échéance passe du" not in law
    for sentence in ("Un crédit vous engage", "Le prêt continue", "pas de droit de rétractation"):
        assert (rows.count(sentence), law.count(sentence)) == (0, 1)
