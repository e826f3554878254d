"""What a form of the counter is told comes at an address of its own: Back and reload send nothing again."""

from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.pawn.models import Contract, Operation
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import SHOWN_AGAIN, act_of, close_account, words
from tests.desk.test_contracts import LATE, at, at_work, contract, form_of, page, sign_in_again

__all__ = ["at_work", "contract"]


def sent(desk: Browser, url: str, **typed: str) -> str:
    """Where a form that is filled in leads."""
    answer: Any = desk.post(url, {**form_of(desk.get(url)), **typed})
    return str(answer.headers["Location"])


def test_a_block_without_a_reason_is_mended_where_back_works(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    address = sent(desk, page(contract, "blocage/"), kind="lost_receipt", note="perdue au marché")
    shown = desk.get(address)
    for each in (shown, desk.get(address)):
        assert "Choisissez une raison" in words(each)
        assert 'value="perdue au marché"' in words(each)
    done = desk.post(address, {**form_of(shown), "kind": "lost_receipt", "reason": "declared", "note": ""})
    assert done.headers["Location"].endswith("?fait=bloque")
    assert desk.get(address).headers["Location"].endswith("?fait=bloque")
    with tenant_context(alpha):
        assert Operation.objects.filter(kind="blocked").count() == 1


def test_looking_again_at_good_answers_that_were_refused_acts_not(
    alpha: Caisse, desk: Browser, contract: Contract, at_work: Clock
) -> None:
    """The day is too near when it is sent, and no more when the page is looked at again."""
    desk.get(page(contract))
    at_work.set_to(at(LATE))
    sign_in_again(desk, alpha)
    address = sent(desk, page(contract, "annonce/"), sale_on="2026-10-20")
    assert SHOWN_AGAIN in address
    assert "Possible dès le 29 octobre 2026" in words(desk.get(address))
    assert 'value="2026-10-20"' in words(desk.get(address))
    with tenant_context(alpha):
        assert not Operation.objects.filter(kind="announced").exists()
        assert Contract.objects.get(pk=contract.pk).sale_on is None


@pytest.mark.parametrize("act", ["reouverture", "nouveau-secret"])
def test_an_act_on_an_account_without_a_reason_is_mended_where_back_works(
    alpha: Caisse, desk: Browser, anne: Client, act: str
) -> None:
    close_account(alpha)
    address = sent(desk, act_of(anne, act), note="vu au guichet")
    for _ in range(2):
        assert "Choisissez une raison" in words(desk.get(address))
        assert 'value="vu au guichet"' in words(desk.get(address))


def test_answers_that_are_kept_no_more_are_said_to_be_lost(desk: Browser, anne: Client) -> None:
    gone = f"{act_of(anne, 'nouveau-secret')}{SHOWN_AGAIN}00000000-0000-4000-8000-000000000000"
    assert "Ces réponses ne sont plus gardées" in words(desk.get(gone, follow=True))
