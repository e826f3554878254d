"""What a client reads of a contract is what is so: blocks, sales, what a payment changes."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel import formatting
from guichet.kernel.money import Money, total
from tenant_apps.agencies.models import Appointment
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.blocking import TO_BLOCK
from tenant_apps.pawn.domain.possible import Act, BlockKind
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.owing import owing
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.quote import quote_contract
from tenant_apps.pawn.settlement import shares
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tenants.models import Caisse
from tests.agencies.agenda import MONDAY, at, book, set_up
from tests.identity.steps import mails, publish
from tests.pawn.loans.lending import (
    announce,
    apply_grid,
    asked,
    fresh,
    lend,
    pay_down,
    price,
    prolong,
    redeem,
    sell,
)
from tests.pawn.pledges import enter, pledge, without_contracts, words
from tests.payments.bank import Bank
from tests.world import ANNE

LIST = "/contrats/"
_OTHER_WORDS = re.compile(
    "reçu de dépôt|récépissé|^votre contrat$|pawn receipt|deposit receipt", re.IGNORECASE | re.MULTILINE
)
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def bank() -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


@pytest.fixture
def young(lends: Caisse) -> Contract:
    return lend(on=TODAY() - timedelta(days=60))


def page(browser: Browser, contract: Contract) -> str:
    return words(browser.get(f"{LIST}{contract.uuid}/"))


def plain(sum_: Money) -> str:
    return " ".join(formatting.euros(sum_, "fr").split())


def long(day: date) -> str:
    return " ".join(formatting.date_long(day, "fr").split())


def block(contract: Contract, kind: BlockKind) -> None:
    block_contract(contract=contract, kind=kind, reason=TO_BLOCK[kind][0], **asked(TODAY()))


def test_a_claimed_object_says_so_first_with_its_day_and_offers_no_sum_that_cannot_be_paid(
    young: Contract, anne_in: Browser
) -> None:
    block(young, BlockKind.CLAIMED_BY_OTHER)
    said = page(anne_in, young)
    for text in (
        "Une autre personne réclame l’objet",
        long(TODAY()),
        "Vous ne pouvez pas tout rembourser maintenant",
    ):
        assert text in said
    assert "Si vous payez aujourd’hui" not in said
    assert "Votre objet est à l’abri." not in said
    listed = words(anne_in.get(LIST))
    assert "Bloqué" in listed
    assert "Un contrat est bloqué." in listed


def test_a_lost_receipt_says_from_when_the_object_comes_back(young: Contract, anne_in: Browser) -> None:
    block(young, BlockKind.LOST_RECEIPT)
    said = page(anne_in, young)
    assert "La reconnaissance est déclarée perdue" in said
    assert f"Vous pourrez le reprendre à partir du {long(young.due_on)}" in said


def test_a_contract_that_nothing_blocks_speaks_of_no_block(young: Contract, anne_in: Browser) -> None:
    said = page(anne_in, young)
    assert "Si vous payez aujourd’hui" in said
    assert "Bloqué" not in said
    assert "réclame" not in said


def test_a_sale_that_the_client_asked_for_says_so_and_no_date_ahead_is_passed(
    lends: Caisse, anne_in: Browser
) -> None:
    contract = lend(on=TODAY() - timedelta(days=120))
    announce(contract, TODAY(), TODAY() + timedelta(days=20), requested=True)
    said = page(anne_in, contract)
    assert f"Annoncée le {long(TODAY())}, parce que vous l’avez demandée" in said
    assert "Cette date est passée" not in said
    with tenant_context(lends):
        late = lend(on=TODAY() - timedelta(days=400))
        announce(late, TODAY(), TODAY() + timedelta(days=20))
    assert "est passée sans prolongation ni remboursement" in page(anne_in, late)


def test_a_sale_tells_its_price_its_debt_and_its_boni_to_the_cent(lends: Caisse, anne_in: Browser) -> None:
    sold_on = TODAY() - timedelta(days=30)
    dear, cheap = (lend(on=sold_on - timedelta(days=400)) for _ in range(2))
    for contract, hammer in ((dear, 3000), (cheap, 100)):
        announce(contract, sold_on - timedelta(days=40), sold_on)
        sell(contract, sold_on, hammer)
    sale = Contract.objects.get(pk=dear.pk).sale
    shown = anne_in.get(f"{LIST}{dear.uuid}/").context["sale"]
    assert shown.price - shown.debt - shown.costs == shown.boni == sale.boni
    said = page(anne_in, dear)
    for text in ("Prix de la vente", "3 000,00 €", long(sale.lapses_on), "2 ans depuis la vente"):
        assert text in said
    said = page(anne_in, cheap)
    assert "Il manque" in said
    assert "on ne vous le demandera pas" in said
    assert "Vous ne devez plus rien" in said


def test_home_says_all_that_waits_with_a_link_to_each(lends: Caisse, anne_in: Browser) -> None:
    without_contracts(lends)
    with tenant_context(lends):
        done = lend(on=TODAY() - timedelta(days=60))
        redeem(done, TODAY())
    soon = [pledge(lends, f"S-{number}", due_in=5) for number in (1, 2)]
    urgent = pledge(lends, "S-3", due_in=60, state="for_sale")
    home = words(anne_in.get("/"))
    for contract in (done, *soon, urgent):
        assert f"{LIST}{contract.uuid}/" in home
    assert "venez reprendre ce que vous aviez laissé" in home
    assert "Objet à reprendre" in words(anne_in.get(LIST))


def test_a_mirrored_contract_says_where_its_detail_is(lends: Caisse, anne_in: Browser) -> None:
    contract = pledge(lends, "M-1", due_in=40)
    assert "tenu dans un autre logiciel de la caisse" in page(anne_in, contract)


def test_a_prolongation_says_what_stays_due_and_it_is_what_is_due_once_paid(
    lends: Caisse, young: Contract, anne_in: Browser
) -> None:
    choices = anne_in.get(f"{LIST}{young.uuid}/").context["choices"]
    effect = next(each.effect for each in choices.options if each.act == "prolong:6")
    with tenant_context(lends):
        prolong(young, TODAY())
        later = fresh(young)
        now = quote_contract(contract=later, act=Act.REDEEM, on=TODAY())
        then = quote_contract(contract=later, act=Act.REDEEM, on=later.due_on)
    assert (effect.before, effect.until) == (young.due_on, later.due_on)
    assert effect.days == (later.due_on - young.due_on).days
    assert (effect.owed_now, effect.owed_then) == (now.total, then.total)


def test_a_tariff_that_counts_from_the_payment_says_so_before_one_pays(
    alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    anne_in = enter(browser_at(ANNE.host), alpha)
    with tenant_context(alpha):
        apply_grid("paris")
        contract = lend(on=TODAY() - timedelta(days=60))
        quote = open_basket(
            client=Client.objects.get(number="C-1"),
            wanted=[Wanted(kind=KIND, reference=contract.uuid, act="prolong:6")],
            now=timezone.now(),
        )
    basket = words(anne_in.get(f"/paiements/panier/{quote.uuid}/"))
    assert "Votre tarif compte la nouvelle durée depuis le jour où vous payez" in basket
    assert f"L’échéance passe du {long(contract.due_on)}" in basket
    assert "jours de plus" in basket


def test_a_part_payment_shows_its_split_before_one_pays(young: Contract, anne_in: Browser) -> None:
    paid = Money.of(200)
    found = shares(reference=young.uuid, act="part", amount=paid)
    assert total(each for _, each in found) == paid
    assert found[-1] == ("Capital", Money.of("173.60"))
    quote = open_basket(
        client=Client.objects.get(number="C-1"),
        wanted=[Wanted(kind=KIND, reference=young.uuid, act="part", amount=paid)],
        now=timezone.now(),
    )
    said = words(anne_in.get(f"/paiements/panier/{quote.uuid}/"))
    assert "173,60 €" in said


def test_what_is_too_small_for_a_card_is_not_offered_alone(
    alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    publish(alpha, {"products": ["pawn_loans", "payments", "documents"], "payments": {"least": 30}})
    anne_in = enter(browser_at(ANNE.host), alpha)
    with tenant_context(alpha):
        apply_grid()
        small = lend(on=TODAY() - timedelta(days=60))
    there = f"{LIST}{small.uuid}/payer/"
    said = words(anne_in.get(there))
    assert "Le paiement par carte commence à 30,00 €" in said
    assert 'value="prolong:6"' not in said
    assert 'value="redeem"' in said
    assert "Au moins 30,00 €, et moins de 1 026,40 €. C’est le plus petit paiement par carte." in said
    assert "n’est plus proposé" in words(anne_in.post(there, {"act": "prolong:6"}, follow=True))


def test_a_part_has_one_least_which_is_said_with_its_reason(young: Contract, anne_in: Browser) -> None:
    there = f"{LIST}{young.uuid}/payer/"
    for typed, said in (
        ("26,40", "Les intérêts et les frais, 26,40 €, se paient d’abord. Écrivez au moins 26,41 €."),
        ("26,41", ""),
    ):
        answer = anne_in.post(there, {"act": "part", "amount": typed}, follow=bool(said))
        assert (said in words(answer)) if said else answer.status_code == 302
    page = words(anne_in.get(there))
    assert "Au moins 26,41 €, et moins de 1 026,40 €. Les intérêts et les frais, 26,40 €, se paient" in page


def test_after_a_part_the_next_one_begins_where_a_card_does(young: Contract, anne_in: Browser) -> None:
    pay_down(young, TODAY(), "126.40")
    there = f"{LIST}{young.uuid}/payer/"
    page = words(anne_in.get(there))
    assert "Au moins 10,00 €, et moins de 900,00 €. C’est le plus petit paiement par carte." in page
    assert "0,00 €" not in page.replace("900,00 €", "").replace("10,00 €", "")
    refused = words(anne_in.post(there, {"act": "part", "amount": "0,50"}, follow=True))
    assert "C’est le plus petit paiement par carte. Écrivez au moins 10,00 €." in refused
    contract = words(anne_in.get(f"{LIST}{young.uuid}/"))
    assert (
        "Vous ne devez ni intérêts ni frais aujourd’hui : tout votre paiement diminue le capital." in contract
    )


def test_a_basket_counts_before_it_is_paid_and_says_what_is_missing(
    young: Contract, lends: Caisse, anne_in: Browser
) -> None:
    pledge(lends, "M-1", due_in=40)
    said = words(anne_in.get(f"{LIST}payer/"))
    assert "M-1" in said
    assert "tenus dans un autre logiciel" in said or "tenu dans un autre logiciel" in said
    chosen = {young.uuid.hex: "prolong:6"}
    counted = anne_in.post(f"{LIST}payer/", {**chosen, "total": "1"}, follow=True)
    assert counted.context["counted"] == Money.of("26.40")
    assert "Total de vos choix" in words(counted)
    assert anne_in.post(f"{LIST}payer/", chosen).status_code == 302


def test_a_redeemed_contract_shows_its_appointment_and_offers_no_second_one(
    lends: Caisse, anne_in: Browser
) -> None:
    set_up(lends)
    with tenant_context(lends):
        contract = lend(on=TODAY() - timedelta(days=60))
        redeem(contract, TODAY())
    assert "Prendre rendez-vous" in page(anne_in, contract)
    booked = book(lends, at(9, 30, day=MONDAY + timedelta(days=2)), about=contract.uuid)
    starts = timezone.now() + timedelta(days=3)
    with tenant_context(lends):
        Appointment.objects.filter(pk=booked.pk).update(
            starts_at=starts, ends_at=starts + timedelta(minutes=30)
        )
    said = page(anne_in, contract)
    assert ": Agence du Centre. Venez avec" in said
    assert f"/rendez-vous/{booked.uuid}/" in said
    assert "Prendre rendez-vous" not in said


def test_the_mail_of_an_appointment_names_the_contract(lends: Caisse) -> None:
    set_up(lends)
    with tenant_context(lends):
        contract = lend(on=TODAY() - timedelta(days=60))
    book(lends, at(9, 30, day=MONDAY + timedelta(days=2)), about=contract.uuid)
    (mail,) = mails(lends, kind="appointment_booked")
    assert f"Contrat n° {contract.number}" in mail.replace("\xa0", " ")


def test_a_chart_over_two_years_says_which(lends: Caisse) -> None:
    with tenant_context(lends):
        contract = lend(on=TODAY() - timedelta(days=60))
        shown = owing(contract=contract, on=TODAY() + timedelta(days=400), today=TODAY())
        assert shown is not None
        assert all(each.name.count("/") == 2 for each in shown.chart.bars)


def test_the_screens_and_messages_know_one_word_for_the_receipt() -> None:
    """As the glossary has it; the fixtures of agencies too."""
    root = Path(__file__).resolve().parents[3]
    found = [
        str(path.relative_to(root))
        for folder in ("tenant_apps", "fixtures", "platform", "locale/en")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".toml", ".po"}
        and _OTHER_WORDS.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_payment_that_waits_is_told_on_the_page_of_its_contract_and_of_no_other(
    lends: Caisse, anne_in: Browser
) -> None:
    with tenant_context(lends):
        first, second = (lend(on=TODAY() - timedelta(days=60)) for _ in range(2))
        client, now = Client.objects.get(number="C-1"), timezone.now()
        wanted = [Wanted(kind=KIND, reference=first.uuid, act="redeem")]
        quote = open_basket(client=client, wanted=wanted, now=now)
        started = start_payment(client=client, quote=quote, form=uuid4(), now=now)
    said = page(anne_in, first)
    assert "Un paiement par carte est commencé pour ce contrat" in said
    assert f"/paiements/{started.payment}/" in said
    assert "Un paiement par carte est commencé" not in page(anne_in, second)


def test_the_list_says_how_much_of_it_can_be_paid_on_line(lends: Caisse, anne_in: Browser) -> None:
    without_contracts(lends)
    with tenant_context(lends):
        free, claimed, lost = (lend(sum_, on=TODAY() - timedelta(days=60)) for sum_ in (1000, 700, 500))
        block(claimed, BlockKind.CLAIMED_BY_OTHER)
        due, both = _due(free), _due(free) + _due(lost)
    assert anne_in.get(LIST).context["total_online"] == both
    with tenant_context(lends):
        block(lost, BlockKind.LOST_RECEIPT)
    answer = anne_in.get(LIST)
    assert answer.context["total_online"] == due < answer.context["total_due"]
    assert "En ligne, vous pouvez rembourser" in words(answer)


def _due(contract: Contract) -> Money:
    return quote_contract(contract=fresh(contract), act=Act.REDEEM, on=TODAY()).total


def test_a_caisse_that_takes_no_cards_says_why_nothing_is_done_on_line(
    young: Contract, lends: Caisse, anne_in: Browser
) -> None:
    why = "Cette caisse ne prend pas de paiement en ligne."
    assert why not in page(anne_in, young)
    publish(lends, {"products": ["pawn_loans"]})
    assert why in page(anne_in, young)


def test_what_is_free_today_and_makes_the_debt_grow_says_by_how_much(
    alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        apply_grid("nimes")
        contract = lend(on=TODAY() - timedelta(days=60))
        pay_down(contract, TODAY(), "100.00")
        assert price(contract, Act.PROLONG, TODAY(), months=6) == Money()
    browser = enter(browser_at(ANNE.host), alpha)
    said = page(browser, contract)
    assert "0,00 € aujourd’hui, 10,00 € ajoutés à votre dette" in said
    assert "Gratuit" not in said
    said = words(browser.get(f"{LIST}{contract.uuid}/prolonger/6/"))
    assert "10,00 € s’ajoutent à votre dette" in said
