"""What is done with a loan is paid by card: quoted, applied once, and told."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.settlement import apply, changes, mentions, price, words
from tenant_apps.payments.models import Basket, Payment
from tenant_apps.payments.registry import CannotApplyError, CannotPayError
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.start_payment import start_payment
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.pawn.loans.lending import TERM, announce, asked, fresh, lend, noon, pay_down, redeem
from tests.pawn.pledges import neighbour
from tests.pawn.pledges import words as page_words
from tests.payments.bank import Bank
from tests.payments.paying import again, lines, pay

DAY = date(2026, 6, 1)
PROLONG, PART, REDEEM = "prolong:6", "part", "redeem"


@pytest.fixture(autouse=True)
def bank(settings: object) -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


def anne() -> Client:
    return Client.objects.get(number="C-1")


def quoted(contract: Contract, act: str, amount: Money | None = None, on: date = DAY) -> Money:
    return price(client=anne(), reference=contract.uuid, act=act, amount=amount, now=noon(on))


def paid_for(*pairs: tuple[Contract, str], on: date = DAY) -> Payment:
    wanted = [Wanted(kind=KIND, reference=contract.uuid, act=act) for contract, act in pairs]
    quote = open_basket(client=anne(), wanted=wanted, now=noon(on))
    started = start_payment(client=anne(), quote=quote, form=uuid.uuid4(), now=noon(on))
    return Payment.objects.get(uuid=started.payment)


def test_each_act_costs_what_the_tariff_says(contract: Contract) -> None:
    # Five started months at 0,82 % and 1 % fixed: 41 € and 10 €.
    assert quoted(contract, PROLONG) == Money.of(51)
    assert quoted(contract, REDEEM) == Money.of(1051)
    assert quoted(contract, PART, Money.of(200)) == Money.of(200)


@pytest.mark.parametrize(
    ("act", "amount", "said"),
    [
        ("prolong:5", None, "Cette durée n’est pas offerte"),
        ("prolong:six", None, "Cette durée n’est pas offerte"),
        ("steal", None, "Cette durée n’est pas offerte"),
        (PART, Money.of(51), "soient payés d’abord"),
        (PART, Money.of(1051), "rembourse tout"),
        (PART, None, "soient payés d’abord"),
    ],
)
def test_what_cannot_be_paid_is_said_with_its_reason_and_its_contract(
    contract: Contract, act: str, amount: Money | None, said: str
) -> None:
    with pytest.raises(CannotPayError) as refused:
        quoted(contract, act, amount)
    assert said in refused.value.words
    assert contract.number in refused.value.words


def test_nobody_pays_for_another_clients_contract(lends: Caisse) -> None:
    theirs = lend(client=neighbour(lends))
    with pytest.raises(CannotPayError, match="pas dans votre dossier"):
        quoted(theirs, REDEEM)
    with pytest.raises(CannotApplyError, match="no_such_contract"):
        apply(
            client_id=anne().pk,
            reference=theirs.uuid,
            act=REDEEM,
            amount=Money.of(1051),
            payment_uuid=uuid.uuid4(),
            now=noon(DAY),
        )
    assert fresh(theirs).state == "running"


def test_two_contracts_in_one_basket_are_each_done_once(lends: Caisse) -> None:
    first, second = lend(), lend(500)
    payment = paid_for((first, PROLONG), (second, REDEEM))
    assert pay(payment, now=noon(DAY))
    assert again(payment).state == "applied"
    assert fresh(first).due_on == date(2027, 1, 15)
    assert fresh(second).state == "redeemed"
    assert not pay(payment, now=noon(DAY))
    done = Operation.objects.filter(payment=payment.uuid)
    assert sorted(done.values_list("kind", flat=True)) == ["prolonged", "redeemed"]
    assert sum(each.amount.cents for each in done) == again(payment).total.cents


def test_what_was_redeemed_at_the_counter_meanwhile_is_held_and_the_client_is_told_of_which(
    lends: Caisse,
) -> None:
    first, second = lend(), lend(500)
    payment = paid_for((first, PROLONG), (second, REDEEM))
    redeem(second, DAY)
    pay(payment, now=noon(DAY))
    assert sorted(lines(payment)) == ["applied", "held"]
    assert payment.lines.get(state="held").reason == "redeemed"
    assert Message.objects.filter(kind="payment_held").count() == 1
    assert Operation.objects.filter(contract=second, kind="redeemed").count() == 1


def test_a_price_that_was_promised_before_midnight_holds_after_it(lends: Caisse) -> None:
    # On 16 June a sixth month starts.
    contract = lend()
    eve = timezone.make_aware(datetime.combine(date(2026, 6, 15), time(23, 55)))
    due = price(client=anne(), reference=contract.uuid, act=REDEEM, amount=None, now=eve)
    after = eve + timedelta(minutes=10)
    assert price(client=anne(), reference=contract.uuid, act=REDEEM, amount=None, now=after) > due
    payment = uuid.uuid4()
    asked = {"client_id": anne().pk, "reference": contract.uuid, "act": REDEEM, "payment_uuid": payment}
    with pytest.raises(CannotApplyError, match="wrong_amount"):
        apply(**asked, amount=due, now=after + timedelta(hours=5))  # type: ignore[arg-type]  # one dictionary for both
    apply(**asked, amount=due, now=after)  # type: ignore[arg-type]  # as above
    assert fresh(contract).state == "redeemed"


def test_the_sum_of_another_day_is_not_taken(contract: Contract) -> None:
    with pytest.raises(CannotApplyError, match="wrong_amount"):
        apply(
            client_id=anne().pk,
            reference=contract.uuid,
            act=REDEEM,
            amount=Money.of(1000),
            payment_uuid=uuid.uuid4(),
            now=noon(DAY),
        )
    assert fresh(contract).state == "running"


def test_an_object_that_somebody_else_claims_is_not_redeemed(contract: Contract) -> None:
    block_contract(contract=contract, kind=BlockKind.CLAIMED_BY_OTHER, reason="other: enquête", **asked(DAY))
    with pytest.raises(CannotPayError, match="réclame"):
        quoted(contract, REDEEM)


def test_once_the_sale_is_announced_only_redeeming_is_left_with_what_it_costs_to_stop_it(
    lends: Caisse,
) -> None:
    contract, late = lend(), TERM + timedelta(days=120)
    before = quoted(contract, REDEEM, on=late)
    announce(contract, late, late + timedelta(days=20))
    with pytest.raises(CannotPayError, match="tout rembourser"):
        quoted(contract, PROLONG, on=late)
    # 7 % of the capital to leave the sale.
    assert quoted(contract, REDEEM, on=late) - before == Money.of(70)


def test_a_contract_keeps_its_name_on_receipts_and_a_lost_one_has_a_common_one(contract: Contract) -> None:
    assert (
        words(reference=contract.uuid, act=PROLONG)
        == f"Contrat n° {contract.number}\u202f: prolonger de 6 mois"
    )
    assert words(reference=uuid.uuid4(), act=REDEEM) == "Prêt sur gage"


def test_before_prolonging_the_new_term_and_the_sentence_of_the_law_are_read(
    contract: Contract,
) -> None:
    said = " ".join(mentions(reference=contract.uuid, act=PROLONG))
    assert "Un crédit vous engage et doit être remboursé." in said
    assert "pas de droit de rétractation" in said
    assert changes(reference=contract.uuid, act=REDEEM) == ()


@pytest.fixture
def young(lends: Caisse) -> Contract:
    """A loan of two months ago: today it may be prolonged."""
    return lend(on=timezone.localdate() - timedelta(days=60))


def test_the_page_leads_to_a_basket_with_the_chosen_act(young: Contract, anne_in: Browser) -> None:
    page = anne_in.get(f"/contrats/{young.uuid}/payer/?acte=redeem")
    assert "Tout rembourser" in page_words(page)
    answer = anne_in.post(f"/contrats/{young.uuid}/payer/", {"act": PROLONG})
    assert answer.status_code == 302
    basket = page_words(anne_in.get(answer.headers["Location"]))
    assert f"Contrat n° {young.number} : prolonger de 6 mois" in basket
    assert "L’échéance passe du" in basket


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Choisissez ce que vous voulez faire."),
        ({"act": "part"}, "Écrivez combien vous voulez payer."),
        ({"act": "part", "amount": "beaucoup"}, "Écrivez une somme en euros"),
        ({"act": "part", "amount": "1e3"}, "Écrivez une somme en euros"),
        ({"act": "part", "amount": "1"}, "se paient d’abord"),
        ({"act": "part", "amount": "99999"}, "choisissez « Tout rembourser »"),
        ({"act": "prolong:7"}, "n’est plus proposé"),
    ],
)
def test_what_is_typed_wrong_is_said_with_how_to_mend_it(
    young: Contract, anne_in: Browser, posted: dict[str, str], said: str
) -> None:
    answer = anne_in.post(f"/contrats/{young.uuid}/payer/", posted, follow=True)
    assert answer.status_code == 200
    assert said in page_words(answer)
    if amount := posted.get("amount"):
        assert f'value="{amount}"' in answer.content.decode()


def test_back_and_reload_of_a_choice_to_mend_send_nothing_again(
    lends: Caisse, young: Contract, anne_in: Browser
) -> None:
    address = f"/contrats/{young.uuid}/payer/"
    leads = anne_in.post(address, {"act": "part", "amount": "beaucoup" * 10}).headers["Location"]
    assert leads.startswith(f"{address}?choix=1&act=part&amount=beaucoup")
    for _ in range(2):
        assert "Écrivez une somme en euros" in page_words(anne_in.get(leads))
    with tenant_context(lends):
        assert not Basket.objects.exists()


def test_of_many_baskets_the_next_is_refused_until_one_has_lapsed(
    lends: Caisse, young: Contract, anne_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_apps.payments.services.quoting.MOST_BASKETS", 2)
    address, act = f"/contrats/{young.uuid}/payer/", {"act": PROLONG}
    for _ in range(2):
        assert anne_in.post(address, act).headers["Location"].startswith("/paiements/panier/")
    full = anne_in.post(address, act, follow=True)
    assert "Trop de paniers ont été préparés sans être payés" in page_words(full)
    with tenant_context(lends):
        assert Basket.objects.count() == 2
        Basket.objects.update(expires_at=timezone.now())
    assert "Trop de paniers" not in page_words(anne_in.get(f"{address}?choix=1&act={PROLONG}"))
    assert anne_in.post(address, act).headers["Location"].startswith("/paiements/panier/")


def test_several_contracts_are_paid_in_one_basket_and_an_empty_one_is_refused(
    young: Contract, anne_in: Browser
) -> None:
    other = lend(500, on=timezone.localdate() - timedelta(days=30))
    nothing = anne_in.post("/contrats/payer/", {young.uuid.hex: "", other.uuid.hex: ""}, follow=True)
    assert "Choisissez d’abord ce que vous voulez payer" in page_words(nothing)
    answer = anne_in.post("/contrats/payer/", {young.uuid.hex: PROLONG, other.uuid.hex: REDEEM})
    basket = page_words(anne_in.get(answer.headers["Location"]))
    assert young.number in basket
    assert other.number in basket


def test_another_clients_contract_has_no_page_to_pay_and_is_in_no_basket(
    lends: Caisse, anne_in: Browser
) -> None:
    theirs = lend(client=neighbour(lends), on=timezone.localdate() - timedelta(days=30))
    assert anne_in.get(f"/contrats/{theirs.uuid}/payer/").status_code == 404
    assert anne_in.post(f"/contrats/{theirs.uuid}/payer/", {"act": REDEEM}).status_code == 404
    page = anne_in.post("/contrats/payer/", {theirs.uuid.hex: REDEEM}, follow=True)
    assert page.status_code == 200
    assert theirs.number not in page_words(page)


def test_at_the_end_of_two_years_the_page_sends_to_the_agency_for_an_appraisal(
    lends: Caisse, anne_in: Browser
) -> None:
    old = lend(on=timezone.localdate() - timedelta(days=400), months=24)
    page = page_words(anne_in.get(f"/contrats/{old.uuid}/payer/"))
    assert "nouvelle estimation à l’agence" in page
    assert "motif=appraisal" in page
    assert "Prolonger de" not in page


def test_a_part_that_was_paid_stands_in_the_history_with_its_parts(young: Contract, anne_in: Browser) -> None:
    today = timezone.localdate()
    pay_down(young, today, "200")
    page = page_words(anne_in.get(f"/contrats/{young.uuid}/"))
    assert "Paiement d’une partie" in page
    assert "200,00 € payés" in page


def test_the_history_of_a_contract_leads_to_the_receipt_of_its_payment(
    contract: Contract, anne_in: Browser, clock: Clock
) -> None:
    clock.set_to(noon(DAY))
    payment = paid_for((contract, PROLONG))
    pay(payment, now=noon(DAY))
    page = anne_in.get(f"/contrats/{contract.uuid}/").content.decode()
    assert f"/paiements/{payment.uuid}/" in page
    assert "Voir le reçu (PDF)" not in page
    with tenant_context(caisse_of_schema(schema="alpha")):
        make_receipt(uuid=payment.uuid, now=noon(DAY))
        receipt = Document.objects.get(about=payment.uuid)
    page = anne_in.get(f"/contrats/{contract.uuid}/").content.decode()
    assert f'href="/documents/{receipt.uuid}/"' in page
    assert f"/paiements/{payment.uuid}/" in page
    assert anne_in.get(f"/documents/{receipt.uuid}/").status_code == 200
