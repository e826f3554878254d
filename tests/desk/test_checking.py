"""Pages that show the answers again before an act: each at an address of its own, which Back and reload ask for."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.desk.drafts import KEPT, forget_drafts
from tenant_apps.desk.models import Draft
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import open_account
from tenant_apps.pawn.models import Contract, Operation
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import NEW, PHONE, act_of, journal, posted, seen, words
from tests.desk.test_contracts import (
    LOAN,
    THING,
    at,
    at_work,
    contract,
    form_of,
    opening,
    page,
    sign_in_again,
)
from tests.identity.steps import put_in
from tests.pawn.loans.lending import START
from tests.world import NOON

__all__ = ["at_work", "contract"]
ASKED = {"what": "prolong-6", "means": "cash"}


@pytest.fixture
def colleague(alpha: Caisse, desk: Browser, browser_at: BrowserAt) -> Browser:
    """Somebody else at the same counter."""
    with tenant_context(alpha):
        other = open_account(
            kind=User.Kind.STAFF,
            identifier="odile@alpha.example.org",
            secret="Odile-au-guichet-9!",
            display_name="Odile Ferrand",
            now=NOON,
        )
    return put_in(browser_at("alpha.localhost"), alpha, other)


def address_of(browser: Browser, url: str, fields: dict[str, str]) -> str:
    """Where the answers of that form stand."""
    answer = browser.post(url, {**form_of(browser.get(url)), **fields})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_back_from_a_check_page_and_to_it_asks_for_an_address(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    """As often as one likes; the address names the answers, and holds none of them."""
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    assert "Vérifiez avant d’encaisser" in words(desk.get(checked))
    assert desk.get(checked).content.count(b'name="confirm"') == 1
    assert "cash" not in checked
    assert "prolong" not in checked


def test_two_tabs_keep_their_own_answers(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    one = address_of(desk, page(contract, "paiement/"), ASKED)
    other = address_of(
        desk, page(contract, "paiement/"), {"what": "part", "amount": "200", "means": "cheque"}
    )
    assert "Espèces" in words(desk.get(one))
    assert "Chèque" in words(desk.get(other))
    assert "Chèque" not in words(desk.get(one))


def test_what_was_done_is_not_offered_again_by_going_back(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    done = desk.post(checked, {**form_of(desk.get(checked)), "confirm": "1"})
    assert done.headers["Location"].endswith("?fait=prolonge")
    assert desk.get(checked).headers["Location"] == done.headers["Location"]
    with tenant_context(alpha):
        assert Operation.objects.filter(kind="prolonged").count() == 1
        assert bytes(Draft.objects.get().sealed) == b""


def test_the_same_confirmation_sent_twice_acts_once(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    fields = {**form_of(desk.get(checked)), "confirm": "1"}
    assert desk.post(checked, fields).headers["Location"] == desk.post(checked, fields).headers["Location"]
    with tenant_context(alpha):
        assert Operation.objects.filter(kind="prolonged").count() == 1


def test_a_form_that_is_sent_again_after_its_act_leads_to_the_contract(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    """A second tab of the same check page still holds its fields."""
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    fields = form_of(desk.get(checked))
    desk.post(checked, {**fields, "confirm": "1"})
    again = desk.post(page(contract, "paiement/"), fields, follow=True)
    assert "Ce formulaire a déjà servi" in words(again)


def test_a_colleague_does_not_read_them(
    alpha: Caisse, desk: Browser, anne: Client, colleague: Browser
) -> None:
    checked = address_of(desk, act_of(anne, "telephone"), {**PHONE, **seen(alpha, anne)})
    assert NEW in words(desk.get(checked))
    answer = colleague.get(checked, follow=True)
    assert NEW not in words(answer)
    assert "Ces réponses ne sont plus gardées" in words(answer)


def test_answers_serve_on_their_own_page_only(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    elsewhere = checked.replace("/paiement/", "/vente/")
    assert "Ces réponses ne sont plus gardées" in words(desk.get(elsewhere, follow=True))


@pytest.mark.parametrize("name", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_answers_that_nobody_gave_lead_to_the_empty_form(
    desk: Browser, contract: Contract, at_work: Clock, name: str
) -> None:
    answer = desk.get(f"{page(contract, 'paiement/')}?reponses={name}", follow=True)
    assert "Ces réponses ne sont plus gardées" in words(answer)
    assert 'name="what"' in answer.content.decode()


def test_they_are_sealed_and_gone_after_the_day(alpha: Caisse, desk: Browser, anne: Client) -> None:
    checked = address_of(desk, act_of(anne, "telephone"), {**PHONE, **seen(alpha, anne)})
    with tenant_context(alpha):
        kept = Draft.objects.get()
        assert PHONE["mobile"].replace(" ", "+").encode() not in bytes(kept.sealed)
        assert forget_drafts(now=kept.kept_at) == 0
        assert forget_drafts(now=kept.kept_at + KEPT) == 1
    assert "Ces réponses ne sont plus gardées" in words(desk.get(checked, follow=True))


def test_answers_of_yesterday_are_not_shown_though_the_night_did_not_come(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    at_work.set_to(at(START) + KEPT + timedelta(minutes=1))
    sign_in_again(desk, alpha)
    assert "Ces réponses ne sont plus gardées" in words(desk.get(checked, follow=True))


def test_a_price_that_changes_between_two_looks_is_said(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    """What was being confirmed is shown again at an address, with the new price."""
    checked = address_of(desk, page(contract, "paiement/"), ASKED)
    fields = {**form_of(desk.get(checked)), "paid": "1.00", "confirm": "1"}
    refused = desk.post(checked, fields)
    assert "?reponses=" in refused.headers["Location"]
    assert "Le prix a changé" in words(desk.get(refused.headers["Location"]))
    assert journal(alpha, "pawn.prolonged") == []


def test_an_opening_is_shown_as_often_as_asked_for_and_signed_once(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    checked = address_of(desk, opening(anne), {**THING, **LOAN})
    for _ in range(2):
        assert "Vérifiez avant de signer" in words(desk.get(checked))
    done = desk.post(checked, {**form_of(desk.get(checked)), "confirm": "1"})
    assert desk.get(checked).headers["Location"] == done.headers["Location"]
    mended = posted(desk, opening(anne), {**THING, **LOAN, **form_of(desk.get(opening(anne))), "edit": "1"})
    assert "Montre en acier" in words(mended)


def test_answers_longer_than_any_form_are_refused_and_kept_by_nobody(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    url = page(contract, "paiement/")
    answer = desk.post(url, {**form_of(desk.get(url)), **ASKED, "stowaway": "x" * 70_000})
    assert answer.status_code == 400
    with tenant_context(alpha):
        assert not Draft.objects.exists()


@pytest.mark.usefixtures("at_work")
def test_of_one_person_the_oldest_answers_give_way_and_a_colleague_keeps_hers(
    desk: Browser, colleague: Browser, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_apps.desk.drafts.MOST_OF_ONE", 2)
    url = page(contract, "paiement/")
    hers = address_of(colleague, url, ASKED)
    first, second, third = (address_of(desk, url, ASKED) for _ in range(3))
    assert "perdues" in desk.get(first).headers["Location"]
    assert [desk.get(each).status_code for each in (second, third)] == [200, 200]
    assert colleague.get(hers).status_code == 200
