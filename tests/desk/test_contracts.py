"""Pawn loans at the counter: opened, paid, handed over, sold; what is refused says why, and nothing is done twice."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import euros
from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.holdings import holdings_of
from tenant_apps.pawn.models import Contract, Operation
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import count, journal, posted, register, words
from tests.identity.steps import publish, put_in, user_of
from tests.pawn.loans.conftest import PRICES
from tests.pawn.loans.lending import START, TERM, announce, apply_grid, lend, pay_down, redeem, sell

LATE = TERM + timedelta(days=91)
SALE = LATE + timedelta(days=15)


@pytest.fixture
def at_work(alpha: Caisse, clock: Clock) -> Clock:
    """Alpha lends by the grid of Nantes; it is the day of the loan."""
    publish(alpha, {"pawn": {"metal_prices": PRICES}})
    with tenant_context(alpha):
        apply_grid()
    clock.set_to(at(START))
    return clock


@pytest.fixture
def contract(alpha: Caisse, at_work: Clock) -> Contract:
    with tenant_context(alpha):
        return lend()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def sign_in_again(desk: Browser, alpha: Caisse) -> None:
    """Another day."""
    put_in(desk, alpha, user_of(alpha, kind=User.Kind.STAFF))


def page(contract: Contract, act: str = "") -> str:
    return f"/agence/contrats/{contract.uuid}/{act}"


def form_of(answer: Any) -> dict[str, str]:
    """What the page would send with nothing typed: its hidden fields."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', answer.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def send(browser: Browser, url: str, **typed: str) -> Any:
    """A form filled in on the page it comes from."""
    return posted(browser, url, {**form_of(browser.get(url)), **typed})


def stored(alpha: Caisse, contract: Contract) -> Contract:
    with tenant_context(alpha):
        return Contract.objects.select_related("client").get(pk=contract.pk)


def pay(desk: Browser, contract: Contract, **typed: str) -> Any:
    """Asked, checked and confirmed."""
    checked = send(desk, page(contract, "paiement/"), **{"means": "cash", **typed})
    return posted(desk, page(contract, "paiement/"), {**form_of(checked), "confirm": "1"})


THING = {
    "objets-0-category": "watch",
    "objets-0-description": "Montre en acier",
    "objets-0-appraisal": "1 500,00 €",
    "objets-0-metal": "",
    "objets-0-weight_grams": "",
    "objets-0-fineness": "",
}
LOAN = {
    "lent": "1 000",
    "months": "6",
    "means": "cash",
    "kept_at": "Alpha",
    "document": "passport",
    "home": "on",
}


def opening(client: Client) -> str:
    return f"/agence/clients/{client.uuid}/contrats/nouveau/"


def open_for(desk: Browser, client: Client, **changes: str) -> Any:
    checked = send(desk, opening(client), **THING, **{**LOAN, **changes})
    if b'name="confirm"' not in checked.content:
        return checked
    return posted(desk, opening(client), {**form_of(checked), "confirm": "1"})


def test_a_contract_is_checked_then_opened_and_the_client_gets_a_way_in(
    alpha: Caisse, desk: Browser, at_work: Clock
) -> None:
    client = register(alpha, "C-7")
    with tenant_context(alpha):
        Client.objects.filter(pk=client.pk).update(email="zoe@example.org")
    checked = send(desk, opening(client), **THING, **LOAN)
    said = words(checked)
    assert "1 059,20<small> €" in said
    assert "Estimé 1 500,00 €, prêt de 1 000,00 € au plus" in said
    done = desk.post(opening(client), {**form_of(checked), "confirm": "1"}, follow=True)
    assert "Le contrat est ouvert" in words(done)
    with tenant_context(alpha):
        found = Contract.objects.get(client=client)
        assert (found.capital, found.due_on) == (Money.of(1000), TERM)
        assert not User.objects.get(client=client).is_activated
    assert len(journal(alpha, "activation.sent")) == 1


def test_more_than_the_law_allows_is_refused_with_the_sum_that_it_allows(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    answer = open_for(desk, anne, lent="1000,01")
    assert "prêter 1 000,00 € au plus sur ces objets (CMF D514-8)" in words(answer)
    assert 'value="1000,01"' in answer.content.decode()
    assert "Montre en acier" in words(answer)


def test_another_object_is_added_without_losing_what_was_typed(
    desk: Browser, anne: Client, at_work: Clock
) -> None:
    answer = send(desk, opening(anne), **THING, **{**LOAN, "more": "1"})
    said = words(answer)
    assert "Montre en acier" in said
    assert "Objet 2" in said
    assert "Corrigez" not in said


def test_gold_without_its_weight_is_asked_for(desk: Browser, anne: Client, at_work: Clock) -> None:
    answer = send(desk, opening(anne), **{**THING, **LOAN, "objets-0-metal": "gold"})
    assert "Saisissez un poids en grammes" in words(answer)
    assert "Saisissez un titre en millièmes" in words(answer)


def test_an_opening_sent_twice_opens_one_contract(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    checked = send(desk, opening(anne), **THING, **LOAN)
    for _ in range(2):
        assert posted(desk, opening(anne), {**form_of(checked), "confirm": "1"}).status_code == 302
    with tenant_context(alpha):
        assert Contract.objects.filter(tariff__isnull=False).count() == 1


def test_a_prolongation_shows_its_price_then_moves_the_term(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    at_work.set_to(at(TERM))
    assert "Prolonger de 6 mois : 59,20 €, jusqu’au 15 janvier 2027" in words(
        desk.get(page(contract, "paiement/"))
    )
    checked = send(desk, page(contract, "paiement/"), means="cash", what="prolong-6")
    assert 'Nouvelle échéance : <strong class="number">15 janvier 2027' in words(checked)
    assert stored(alpha, contract).due_on == TERM
    done = desk.post(page(contract, "paiement/"), {**form_of(checked), "confirm": "1"}, follow=True)
    assert "Le contrat est prolongé" in words(done)
    assert stored(alpha, contract).due_on == date(2027, 1, 15)


def test_a_part_is_paid_and_the_history_tells_where_it_went(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    at_work.set_to(at(date(2026, 2, 15)))
    pay(desk, contract, what="part", amount="218,20")
    assert stored(alpha, contract).capital == Money.of(800)
    said = words(desk.get(page(contract)))
    assert "Paiement d’une partie" in said
    assert 'Capital <span class="number">200,00 €' in said
    assert "par Agent" in said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Saisissez une somme en euros"),
        ("12,345", "Saisissez une somme en euros"),
        ("-3", "Saisissez une somme en euros"),
        ("2e2", "Saisissez une somme en euros"),
        ("2_00", "Saisissez une somme en euros"),
        ("+200", "Saisissez une somme en euros"),
        ("٢٠٠", "Saisissez une somme en euros"),
        ("10", "ne dépasse pas les intérêts et les frais"),
        ("5000", "Cette somme paie tout"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(
    desk: Browser, contract: Contract, amount: str, said: str
) -> None:
    assert said in words(send(desk, page(contract, "paiement/"), means="cash", what="part", amount=amount))


def test_a_price_that_changed_is_shown_again_and_nothing_is_written(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    at_work.set_to(datetime(2026, 7, 15, 21, 59, tzinfo=UTC))
    checked = send(desk, page(contract, "paiement/"), means="cash", what="redeem")
    at_work.set_to(datetime(2026, 7, 15, 22, 1, tzinfo=UTC))
    # Two minutes later, another day.
    answer = posted(desk, page(contract, "paiement/"), {**form_of(checked), "confirm": "1"})
    assert "Le prix a changé depuis" in words(answer)
    assert stored(alpha, contract).state == "running"
    assert posted(desk, page(contract, "paiement/"), {**form_of(answer), "confirm": "1"}).status_code == 302
    assert stored(alpha, contract).state == "redeemed"


def test_a_payment_sent_twice_is_written_once(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = send(desk, page(contract, "paiement/"), means="cash", what="redeem")
    for _ in range(2):
        answer = posted(desk, page(contract, "paiement/"), {**form_of(checked), "confirm": "1"})
        assert answer.headers["Location"].endswith("?fait=rembourse")
    with tenant_context(alpha):
        assert contract.operations.filter(kind="redeemed").count() == 1


def test_objects_are_handed_over_to_somebody_whose_name_is_told_to_staff_alone(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    assert "Les objets se remettent quand tout est payé" in words(desk.get(page(contract, "remise/")))
    pay(desk, contract, what="redeem")
    answer = send(desk, page(contract, "remise/"), name=" Anne  Alpha ", document="passport", receipt="on")
    assert answer.status_code == 302
    assert "à Anne Alpha (Passeport)" in words(desk.get(page(contract)))
    assert "Anne" not in str(journal(alpha, "pawn.handed_over")[0].details)


def test_a_sale_is_announced_held_and_its_boni_paid(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    early = words(desk.get(page(contract, "annonce/")))
    assert "C’est trop tôt. Possible dès le 14 octobre 2026." in early
    at_work.set_to(at(LATE))
    sign_in_again(desk, alpha)
    near = send(desk, page(contract, "annonce/"), sale_on="2026-10-20")
    assert "Possible dès le 29 octobre 2026" in words(near)
    assert send(desk, page(contract, "annonce/"), sale_on="29/10/2026").status_code == 302
    at_work.set_to(at(SALE))
    sign_in_again(desk, alpha)
    checked = send(desk, page(contract, "vente/"), sold_on="2026-10-29", hammer_price="1 500")
    posted(desk, page(contract, "vente/"), {**form_of(checked), "confirm": "1"})
    assert "338,00 €" in words(desk.get(page(contract)))
    checked = send(desk, page(contract, "boni/"), means="cheque", document="passport", present="on")
    done = posted(desk, page(contract, "boni/"), {**form_of(checked), "confirm": "1"})
    assert done.headers["Location"].endswith("?fait=boni")
    assert stored(alpha, contract).state == "boni_claimed"


def test_a_contract_is_withdrawn_from_the_sale(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    at_work.set_to(at(LATE))
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
    assert send(desk, page(contract, "retrait/")).status_code == 302
    assert stored(alpha, contract).state == "in_grace"


def test_a_sale_is_not_recorded_before_it_takes_place(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    at_work.set_to(at(LATE))
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
    answer = send(desk, page(contract, "vente/"), sold_on="2026-10-29", hammer_price="100")
    assert "Une vente s’enregistre une fois faite" in words(answer)


def test_a_block_is_set_and_lifted_with_a_reason(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    kind = BlockKind.CLAIMED_BY_OTHER.value
    send(desk, page(contract, "blocage/"), kind=kind, reason="claim", note="")
    assert "Objet réclamé par une autre personne, depuis le 15 janvier 2026" in words(
        desk.get(page(contract))
    )
    assert "sous séquestre" in words(desk.get(page(contract, "paiement/")))
    send(desk, page(contract, "deblocage/"), kind=kind, reason="claim_over", note="")
    assert "Objet réclamé par une autre personne, depuis" not in words(desk.get(page(contract)))
    assert journal(alpha, "pawn.blocked")[0].details["reason"] == "claim"


def test_a_mirrored_contract_is_shown_and_nothing_is_offered(alpha: Caisse, desk: Browser) -> None:
    with tenant_context(alpha):
        mirrored = Contract.objects.get(tariff=None)
    said = words(desk.get(page(mirrored)))
    assert "Ce contrat ne se change que là" in said
    assert "Que faire" not in said
    assert "c’est là qu’il se change" in words(desk.get(page(mirrored, "paiement/")))


def test_a_form_used_for_something_else_says_so(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = form_of(send(desk, page(contract, "paiement/"), means="cash", what="prolong-6"))
    url = page(contract, "paiement/")
    posted(desk, url, {**checked, "confirm": "1"})
    typed = {**checked, "what": "prolong-12", "paid": checked["paid"], "confirm": "1"}
    assert "Ce formulaire avait déjà servi" in words(desk.post(url, typed, follow=True))


def test_a_caisse_that_does_not_lend_has_none_of_it(
    alpha: Caisse, desk: Browser, anne: Client, contract: Contract
) -> None:
    publish(alpha, {"products": ["appointments"]})
    for url in (page(contract), page(contract, "paiement/"), opening(anne), "/agence/journee/"):
        assert desk.get(url).status_code == 404
    assert "prêt sur gage" not in words(desk.get(f"/agence/clients/{anne.uuid}/"))


def test_another_caisses_contract_is_not_found(beta: Caisse, other_desk: Browser, contract: Contract) -> None:
    for act in ("", "paiement/", "remise/", "vente/", "boni/", "blocage/"):
        assert other_desk.get(page(contract, act)).status_code == 404
        assert act == "" or other_desk.post(page(contract, act), {}).status_code == 404


def test_looking_at_a_contract_is_journalled(alpha: Caisse, desk: Browser, contract: Contract) -> None:
    desk.get(page(contract))
    assert journal(alpha, "desk.contract_opened")[0].details["contract"] == str(contract.uuid)


def test_a_days_movements_are_a_file_that_no_spreadsheet_computes(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    with tenant_context(alpha):
        redeem(contract, START)
        other = lend(500, on=START - timedelta(days=1))
        announce(other, START + timedelta(days=300), START + timedelta(days=320))
        sell(other, START + timedelta(days=320), 900)
        Client.objects.filter(pk=1).update(number="=1+1")
    answer = posted(desk, "/agence/journee/", {"day": "2026-01-15"})
    lines = b"".join(answer).decode().splitlines()
    assert lines[0].startswith("\ufeffDate;Contrat;N° de client;Opération;Moyen;Entrée;Sortie")
    opened, paid = (each.split(";") for each in lines[1:])
    assert opened[1:8] == [
        contract.number,
        "'=1+1",
        "Contrat ouvert, somme remise",
        "à l’agence",
        "",
        "1000,00",
        "1000,00",
    ]
    assert paid[5:12] == ["1010,00", "", "", "1000,00", "", "10,00", ""]
    assert journal(alpha, "pawn.exported")[0].details["day"] == "2026-01-15"
    assert "Une date comme" in words(posted(desk, "/agence/journee/", {"day": "hier"}))


def test_the_director_gives_more_time_which_the_page_the_journal_and_the_client_are_told(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    assert "Possible dès le 15 juillet 2026" in words(desk.get(page(contract, "delai/")))
    at_work.set_to(at(TERM + timedelta(days=1)))
    sign_in_again(desk, alpha)
    assert "Du 14 octobre 2026 au 11 janvier 2027" in words(desk.get(page(contract, "delai/")))
    typed = {"until": "2026-11-22", "reason": "hard_time", "note": ""}
    assert "La loi laisse ce délai au directeur" in words(send(desk, page(contract, "delai/"), **typed))
    late = send(desk, page(contract, "delai/"), **{**typed, "until": "2027-02-01"}, director="on")
    assert "pas dans les limites que la caisse s’est données" in words(late)
    done = send(desk, page(contract, "delai/"), **typed, director="on")
    assert done.headers["Location"].endswith("?fait=delai")
    said = words(desk.get(page(contract)))
    assert "Délai accordé par le directeur" in said
    assert "jusqu’au 22 novembre 2026" in said
    assert "Délai accordé jusqu’au" in said
    (event,) = journal(alpha, "pawn.extra_time")
    assert (event.details["given_until"], event.details["reason"]) == ("2026-11-22", "hard_time")
    assert len(messages(alpha, "pawn_extra_time")) == 1


def messages(alpha: Caisse, kind: str) -> list[Message]:
    with tenant_context(alpha):
        return list(Message.objects.filter(kind=kind))


def test_a_new_object_is_refused_or_asks_for_its_invoice_as_the_caisse_decided(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    new = {**THING, "objets-0-is_new": "on"}
    assert "J’ai vu la facture" not in words(desk.get(opening(anne)))
    assert "ne prête pas sur un objet neuf" in words(send(desk, opening(anne), **new, **LOAN))
    publish(alpha, {"pawn": {"metal_prices": PRICES, "new_goods": "with_invoice"}})
    assert "la caisse demande la facture" in words(send(desk, opening(anne), **new, **LOAN))
    seen = {**new, "objets-0-invoice_seen": "on"}
    checked = send(desk, opening(anne), **seen, **LOAN)
    done = desk.post(opening(anne), {**form_of(checked), "confirm": "1"}, follow=True)
    assert "· neuf" in words(done)


def test_what_is_wrong_with_an_object_stands_in_the_one_summary(
    desk: Browser, anne: Client, at_work: Clock
) -> None:
    page_ = send(desk, opening(anne), **{**THING, **LOAN, "objets-0-appraisal": "beaucoup", "lent": "x"})
    assert page_.content.decode().count('class="errors"') == 1
    said = words(page_)
    assert 'href="#id_objets-0-appraisal"' in said
    assert 'href="#id_lent"' in said


def test_the_maximum_says_where_it_comes_from(desk: Browser, anne: Client, at_work: Clock) -> None:
    gold = {"objets-0-metal": "gold", "objets-0-weight_grams": "10", "objets-0-fineness": "750"}
    assert "les deux tiers de l’estimation" in words(send(desk, opening(anne), **THING, **LOAN))
    said = words(send(desk, opening(anne), **{**THING, **gold, **LOAN, "lent": "500"}))
    assert "les quatre cinquièmes du poids : 10 g (or) à 750 millièmes, à 90,00 € le gramme pur" in said


def test_objects_that_were_handed_over_are_kept_nowhere(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    assert "Gardé à" in words(desk.get(page(contract)))
    with tenant_context(alpha):
        redeem(contract, START)
    assert "Gardé à" in words(desk.get(page(contract)))
    send(desk, page(contract, "remise/"), name="Anne Alpha", document="passport", receipt="on")
    assert "Gardé à" not in words(desk.get(page(contract)))


def test_what_costs_nothing_asks_for_no_means(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    """Once prolonged, the same day costs nothing more; what does cost is refused without its means."""
    pay(desk, contract, what="prolong-6")
    asked = desk.get(page(contract, "paiement/"))
    assert "Ne choisissez rien pour ce qui ne coûte rien" in words(asked)
    refused = send(desk, page(contract, "paiement/"), what="redeem")
    assert "Choisissez comment l’argent change de mains" in words(refused)
    checked = send(desk, page(contract, "paiement/"), what="prolong-6")
    said = words(checked)
    assert "Le client ne paie rien" in said
    assert "Moyen de paiement" not in said
    done = posted(desk, page(contract, "paiement/"), {**form_of(checked), "confirm": "1"})
    assert done.headers["Location"].endswith("?fait=prolonge")
    with tenant_context(alpha):
        last = Operation.objects.filter(contract=contract).latest("id")
        assert (last.kind, last.means, last.receipt) == ("prolonged", "", "")


def test_an_empty_opening_names_everything_that_is_missing_at_once(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    # As a browser sends it: the list of categories has one chosen.
    untouched = {**form_of(desk.get(opening(anne))), "objets-0-category": "ring"}
    said = words(posted(desk, opening(anne), untouched))
    for text in (
        "Objet 1 : Décrivez cet objet",
        "Objet 1 : Saisissez une somme en euros",
        "Choisissez la durée",
        "Choisissez comment l’argent change de mains",
        "Choisissez la pièce d’identité",
        "La loi demande l’identité et le domicile",
    ):
        assert text in said


def test_the_list_of_a_client_says_the_sums_that_the_client_reads(
    alpha: Caisse, desk: Browser, anne: Client, contract: Contract, at_work: Clock
) -> None:
    """In as many queries however many contracts there are."""
    url = f"/agence/clients/{anne.uuid}/contrats/"
    before = count(desk, url)
    with tenant_context(alpha):
        pay_down(contract, START, "500")
        lend(500)
        today = START
        due = [each.due for each in holdings_of(client=Client.objects.get(pk=anne.pk), today=today)]
    said = words(desk.get(url))
    for each in due:
        assert euros(each, "fr").replace("\u202f", " ").replace("\xa0", " ") in said
    assert count(desk, url) <= before
