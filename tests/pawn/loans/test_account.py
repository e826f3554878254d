"""A receipt says where the money went and what is still due: by card and at the counter, in its PDF and its mail."""

import io
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.keep_papers import keep_counter_receipt
from tenant_apps.pawn.services.block_contract import block_contract, unblock_contract
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.held import apply_held
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.start_payment import start_payment
from tenants.models import Caisse
from tests.identity.steps import mails
from tests.pawn.loans.lending import asked, lend, noon, pay_down, prolong, redeem
from tests.payments.bank import Bank
from tests.payments.paying import pay

DAY = date(2026, 6, 1)
# Five months begun at 0,82 % of 1 000 €, 1 % fixed, and 149 € of capital.
SPLIT = ("Intérêts 41,00 €", "Droit fixe 10,00 €", "Capital 149,00 €")
LEFT = (
    "Reste à payer pour tout rembourser le 1er juin 2026 : 851,00 €, le capital.",
    "Échéance : 15 juillet 2026.",
)


@pytest.fixture(autouse=True)
def bank() -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


def paid(contract: Contract, act: str, amount: Money | None = None) -> Payment:
    """By card, on the first of June."""
    client = Client.objects.get(number="C-1")
    wanted = [Wanted(kind=KIND, reference=contract.uuid, act=act, amount=amount)]
    quote = open_basket(client=client, wanted=wanted, now=noon(DAY))
    started = start_payment(client=client, quote=quote, form=uuid.uuid4(), now=noon(DAY))
    payment = Payment.objects.get(uuid=started.payment)
    pay(payment, now=noon(DAY))
    return payment


def receipt_of(payment: Payment) -> str:
    make_receipt(uuid=payment.uuid, now=noon(DAY))
    return text_of(Document.objects.get(about=payment.uuid))


def text_of(document: Document) -> str:
    with default_storage.open(document.file) as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    return plain(" ".join(page.extract_text() for page in pages))


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def told(caisse: Caisse, kind: str) -> str:
    return plain(mails(caisse, kind=kind)[-1])


def has_split(pdf: str, mail: str) -> None:
    for part in SPLIT:
        name, share = part.split(" ", 1) if not part.startswith("Droit") else ("Droit fixe", part[11:])
        # A PDF draws the sum before the words on its left.
        assert f"{share} {name}" in pdf
        assert f"{name} : {share}" in mail
    for sentence in LEFT:
        assert sentence in pdf
        assert sentence in mail


def test_a_part_paid_by_card_is_split_to_the_cent(lends: Caisse, contract: Contract) -> None:
    payment = paid(contract, "part", Money.of(200))
    has_split(receipt_of(payment), told(lends, "payment_receipt"))


def test_a_receipt_that_is_made_late_says_what_was_due_then(lends: Caisse, contract: Contract) -> None:
    payment = paid(contract, "part", Money.of(200))
    pay_down(contract, DAY, "100")
    prolong(contract, DAY + timedelta(days=9))
    has_split(receipt_of(payment), told(lends, "payment_receipt"))


def test_a_part_paid_at_the_counter_is_split_to_the_cent(lends: Caisse, contract: Contract) -> None:
    done = pay_down(contract, DAY, "200").operation
    document = keep_counter_receipt(operation=done.uuid, now=noon(DAY))
    assert document
    has_split(text_of(document), told(lends, "pawn_receipt"))


def test_a_prolongation_says_its_charges_and_its_new_term(lends: Caisse, contract: Contract) -> None:
    said = receipt_of(paid(contract, "prolong:6"))
    for words in (
        "41,00 € Intérêts",
        "10,00 € Droit fixe",
        "1 000,00 €",
        "Nouvelle échéance : 15 janvier 2027.",
    ):
        assert words in said
    assert "Capital" not in said


def test_a_redemption_says_that_nothing_is_left(lends: Caisse, contract: Contract) -> None:
    said = receipt_of(paid(contract, "redeem"))
    for words in ("1 000,00 € Capital", "41,00 € Intérêts", "Il ne reste rien à payer pour ce contrat."):
        assert words in said


def test_what_is_held_is_never_called_done(lends: Caisse) -> None:
    first, second = lend(), lend(500)
    payment = Payment.objects.get(uuid=held(first, second))
    mail, pdf = told(lends, "payment_held"), receipt_of(payment)
    assert (
        f"Somme gardée par l’agence, {payment.lines.get(state='held').amount.euros:.2f}".replace(".", ",")
        in mail
    )
    for words in (
        f"Payée pour « Contrat n° {second.number} : prolonger de 6 mois » : cela n’a pas été fait.",
        "Tout est déjà remboursé.",
        "L’agence décide : elle l’utilise comme vous le vouliez, ou la rend à la carte qui a payé.",
    ):
        assert words in mail
        assert words in pdf
    # Of the other contract, which was prolonged, it says nothing.
    assert first.number not in mail
    assert f"Contrat n° {first.number} : prolonger de 6 mois" in pdf


def held(first: Contract, second: Contract) -> uuid.UUID:
    """Both were to be prolonged; the second was redeemed at the counter meanwhile."""
    client = Client.objects.get(number="C-1")
    wanted = [Wanted(kind=KIND, reference=each.uuid, act="prolong:6") for each in (first, second)]
    quote = open_basket(client=client, wanted=wanted, now=noon(DAY))
    started = start_payment(client=client, quote=quote, form=uuid.uuid4(), now=noon(DAY))
    redeem(second, DAY)
    pay(Payment.objects.get(uuid=started.payment), now=noon(DAY))
    return started.payment


def test_a_held_sum_that_serves_in_the_end_is_told_with_its_split(lends: Caisse, contract: Contract) -> None:
    client = Client.objects.get(number="C-1")
    wanted = [Wanted(kind=KIND, reference=contract.uuid, act="redeem")]
    quote = open_basket(client=client, wanted=wanted, now=noon(DAY))
    started = start_payment(client=client, quote=quote, form=uuid.uuid4(), now=noon(DAY))
    block_contract(contract=contract, kind=BlockKind.CLAIMED_BY_OTHER, reason="other: enquête", **asked(DAY))
    pay(Payment.objects.get(uuid=started.payment), now=noon(DAY))
    assert "Une autre personne réclame l’objet" in told(lends, "payment_held")
    unblock_contract(contract=contract, kind=BlockKind.CLAIMED_BY_OTHER, reason="other: réglé", **asked(DAY))
    assert apply_held(payment=started.payment, position=0, by=uuid.uuid4(), reason="mended", now=noon(DAY))
    said = told(lends, "payment_used")
    for words in ("a servi, comme vous le vouliez", "Intérêts : 41,00 €", "Il ne reste rien à payer"):
        assert words in said
