"""A sale is corrected while another page is open: no sum is written that nobody saw, and none changes later."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.pawn.models import Contract, Operation
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import posted, words
from tests.desk.test_contracts import SALE, at, at_work, contract, form_of, page, send, sign_in_again
from tests.desk.test_sale import CORRECT, WHY, announced, confirm, correct, desk, sold, sums
from tests.pawn.pledges import enter
from tests.world import ANNE

__all__ = ["announced", "at_work", "contract", "desk", "sold"]

BONI = "boni/"
GIVEN = {"means": "cheque", "document": "passport", "present": "on"}
CHANGED = "Le boni a changé depuis"


def written(alpha: Caisse, kind: str) -> list[str]:
    with tenant_context(alpha):
        return [str(each.amount) for each in Operation.objects.filter(kind=kind).order_by("id")]


def check(desk: Browser, contract: Contract) -> Any:
    return send(desk, page(contract, BONI), **GIVEN)


def pay(desk: Browser, contract: Contract, checked: Any, **answers: str) -> Any:
    return posted(desk, page(contract, BONI), {**form_of(checked), "confirm": "1", **answers})


def test_a_boni_that_was_corrected_since_its_page_is_shown_again_before_it_is_paid(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    checked = check(desk, sold)
    assert "338" in words(checked)
    correct(desk, sold, "1 200")
    again = pay(desk, sold, checked)
    assert words(again).count(CHANGED) == 1
    assert written(alpha, "boni_paid") == []
    assert pay(desk, sold, again).headers["Location"].endswith("?fait=boni")
    assert written(alpha, "boni_paid") == ["38.00"]


@pytest.mark.parametrize(
    ("said", "shown"), [("", "Vérifiez avant de verser"), ("beaucoup", "Cette page est trop ancienne")]
)
def test_a_page_that_says_no_sum_pays_no_boni(
    alpha: Caisse, desk: Browser, sold: Contract, said: str, shown: str
) -> None:
    answer = pay(desk, sold, check(desk, sold), left=said)
    assert shown in words(answer)
    assert written(alpha, "boni_paid") == []


def test_a_boni_sent_twice_is_paid_once(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    checked = check(desk, sold)
    for _ in range(2):
        assert pay(desk, sold, checked).headers["Location"].endswith("?fait=boni")
    assert written(alpha, "boni_paid") == ["338.00"]


def test_a_correction_checked_against_a_price_that_a_colleague_changed_is_shown_again(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    checked = send(desk, page(sold, CORRECT), hammer_price="1 400", **WHY)
    correct(desk, sold, "1 600")
    again = confirm(desk, sold, CORRECT, checked)
    assert "Le prix enregistré a changé depuis" in words(again)
    assert "1 600,00 €" in words(again)
    assert sums(alpha, sold)[1] == "1600.00"
    assert confirm(desk, sold, CORRECT, again).headers["Location"].endswith("?fait=vente-corrigee")
    assert written(alpha, "sale_corrected") == ["100.00", "-200.00"]


def test_a_correction_that_nobody_checked_is_shown_first(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    answer = send(desk, page(sold, CORRECT), hammer_price="1 400", confirm="1", **WHY)
    assert "Vérifiez avant de corriger" in words(answer)
    assert sums(alpha, sold)[1] == "1500.00"


@pytest.mark.parametrize("days", [1, 400])
def test_the_price_stays_from_the_day_after_though_no_message_reaches_the_client(
    alpha: Caisse, desk: Browser, sold: Contract, at_work: Clock, days: int
) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=1).update(email="", mobile="")
    checked = send(desk, page(sold, CORRECT), hammer_price="1 400", **WHY)
    at_work.set_to(at(SALE + timedelta(days=days)))
    sign_in_again(desk, alpha)
    answers = (
        desk.get(page(sold)),
        desk.get(page(sold, CORRECT)),
        confirm(desk, sold, CORRECT, checked),
    )
    for answer in answers:
        assert "Le délai pour corriger ce prix est passé" in words(answer)
    assert sums(alpha, sold)[1] == "1500.00"


def test_the_client_reads_that_the_sums_are_provisional_until_the_day_after(
    alpha: Caisse, sold: Contract, at_work: Clock, browser_at: BrowserAt
) -> None:
    browser, address = enter(browser_at(ANNE.host), alpha), f"/contrats/{sold.uuid}/"
    said = words(browser.get(address))
    assert "Ces sommes sont provisoires jusqu’au 30 octobre 2026" in said
    assert "Somme provisoire jusqu’au" in said
    at_work.set_to(at(SALE + timedelta(days=1)))
    said = words(enter(browser, alpha).get(address))
    assert "Ce que la vente a donné" in said
    assert "provisoire" not in said
