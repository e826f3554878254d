"""The contract that is opened is the one that was offered for signature, or the counter is told what has changed."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.desk.offers import offer_seen
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.tariffs.apply_tariff import apply_tariff
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import posted, words
from tests.desk.test_contracts import LOAN, THING, at_work, form_of, opening, send
from tests.pawn.loans.lending import grid
from tests.pawn.photos import sent

__all__ = ["at_work"]
CHANGED = "Ce qui était offert a changé : "
AGAIN = "imprimez de nouveau le contrat"
EVENING = datetime(2026, 1, 15, 22, 55, tzinfo=UTC)
PAST_MIDNIGHT = datetime(2026, 1, 15, 23, 2, tzinfo=UTC)


def opened(caisse: Caisse) -> list[Contract]:
    with tenant_context(caisse):
        return list(Contract.objects.filter(tariff__isnull=False))


def checked_at(desk: Browser, client: Client) -> str:
    typed = {**form_of(desk.get(opening(client))), **THING, **LOAN}
    return str(desk.post(opening(client), typed).headers["Location"])


def test_an_offer_of_yesterday_is_shown_again_then_signed(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    at_work.set_to(EVENING)
    checked = checked_at(desk, anne)
    page = desk.get(checked)
    assert CHANGED not in words(page)
    at_work.set_to(PAST_MIDNIGHT)
    again = posted(desk, checked, {**form_of(page), "confirm": "1"})
    assert f"{CHANGED}la date du prêt, la durée ou l’échéance. Rien n’a été enregistré" in words(again)
    assert AGAIN in words(again)
    assert opened(alpha) == []
    assert posted(desk, checked, {**form_of(again), "confirm": "1"}).status_code == 302
    assert [each.opened_on.day for each in opened(alpha)] == [16]


def test_an_offer_of_yesterday_that_is_asked_for_again_says_what_changed(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    at_work.set_to(EVENING)
    checked = checked_at(desk, anne)
    at_work.set_to(PAST_MIDNIGHT)
    assert f"{CHANGED}la date du prêt" in words(desk.get(checked))


def test_a_new_tariff_is_said_though_it_costs_the_same(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    page = send(desk, opening(anne), **THING, **LOAN)
    with tenant_context(alpha):
        corrected = grid("nantes").model_copy(update={"valid_from": date(2026, 1, 1)})
        apply_tariff(document=corrected, author="Aude", reason="essai", at=PAST_MIDNIGHT)
    again = posted(desk, opening(anne), {**form_of(page), "confirm": "1"})
    assert f"{CHANGED}le tarif. " in words(again)
    assert opened(alpha) == []


def test_a_corrected_name_is_said(alpha: Caisse, desk: Browser, anne: Client, at_work: Clock) -> None:
    page = send(desk, opening(anne), **THING, **LOAN)
    with tenant_context(alpha):
        Client.objects.filter(pk=anne.pk).update(last_name="Corrigée")
    again = posted(desk, opening(anne), {**form_of(page), "confirm": "1"})
    assert f"{CHANGED}les coordonnées du client. " in words(again)
    assert opened(alpha) == []


def test_another_sum_than_the_one_offered_is_not_opened(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    page = send(desk, opening(anne), **THING, **{**LOAN, "lent": "300"})
    again = posted(desk, opening(anne), {**form_of(page), "lent": "1000", "confirm": "1"})
    assert f"{CHANGED}la somme prêtée, le coût ou la somme remise. " in words(again)
    assert opened(alpha) == []


@pytest.mark.parametrize("photo", [b"no picture", b""])
def test_photos_do_not_pass_another_sum(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock, photo: bytes
) -> None:
    """The page comes back at the address of its own answers, so that its paper is of the sum it shows."""
    page = send(desk, opening(anne), **THING, **{**LOAN, "lent": "300"})
    typed = {**form_of(page), "lent": "1000", "confirm": "1", "photo-0-photo": sent(photo)}
    answer = desk.post(opening(anne), typed)
    assert f"{CHANGED}la somme prêtée" in words(desk.get(answer.headers["Location"]))
    assert opened(alpha) == []


@pytest.mark.parametrize("forged", [None, "", "x", "e30:1:x"])
def test_what_no_page_has_shown_is_shown_first(
    alpha: Caisse, desk: Browser, anne: Client, at_work: Clock, forged: str | None
) -> None:
    page = send(desk, opening(anne), **THING, **LOAN)
    typed = {name: value for name, value in form_of(page).items() if name != "offered"}
    given = {} if forged is None else {"offered": forged}
    shown = posted(desk, opening(anne), {**typed, **given, "confirm": "1"})
    assert "Vérifiez avant de signer" in words(shown)
    assert opened(alpha) == []
    posted(desk, opening(anne), {**form_of(shown), "confirm": "1"})
    assert [each.capital for each in opened(alpha)] == [Money.of(1000)]


def test_what_one_caisse_has_shown_is_nothing_to_another(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, at_work: Clock
) -> None:
    page = QueryDict(mutable=True)
    page.update(form_of(send(desk, opening(anne), **THING, **LOAN)))
    with tenant_context(alpha):
        assert offer_seen(page) is not None
    with tenant_context(beta):
        assert offer_seen(page) is None
