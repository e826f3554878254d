"""The history of a contract: each thing once, under one date, with what it cost."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.pawn.explain import explained
from tenant_apps.pawn.history import Happened, history
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import TERM, announce, apply_grid, asked, lend, noon

ANNOUNCED = TERM + timedelta(days=100)
SALE = ANNOUNCED + timedelta(days=20)


def tell(day: date) -> None:
    now = timezone.make_aware(datetime.combine(day, time(15)))
    keep_dates(on=day, now=now, limit=100)
    remind(now=now)


def shown(contract: Contract) -> list[Happened]:
    return history(contract=contract_of_caisse(uuid=contract.uuid))


def note(contract: Contract, kind: str, about: date, channel: str, on: date, **otherwise: Any) -> None:
    told = {"message": None, "charged": False, **otherwise}
    note_notice(contract=contract, kind=kind, about=about, channel=channel, on=on, now=noon(on), **told)


def test_the_notice_of_a_sale_stands_with_its_announcement(contract: Contract) -> None:
    announce(contract, ANNOUNCED, SALE)
    tell(ANNOUNCED + timedelta(days=2))
    entries = shown(contract)
    assert [each.title for each in entries] == ["Vente annoncée", "Prêt accordé"]
    assert (entries[0].on, entries[0].added) == (ANNOUNCED, ())
    assert [each.replace("\xa0", " ") for each in entries[0].notices] == [
        "Avis envoyé par e-mail le 25 octobre 2026."
    ]


def test_a_second_announcement_has_its_own_notice(contract: Contract) -> None:
    announce(contract, ANNOUNCED, SALE)
    tell(ANNOUNCED)
    withdraw_from_sale(contract=contract, charged=False, **asked(ANNOUNCED + timedelta(days=1)))
    announce(contract, ANNOUNCED + timedelta(days=2), SALE + timedelta(days=20))
    tell(ANNOUNCED + timedelta(days=2))
    titles = [each.title for each in shown(contract)]
    assert titles == ["Vente annoncée", "Vente retirée", "Vente annoncée", "Prêt accordé"]
    assert [len(each.notices) for each in shown(contract)] == [1, 1, 1, 0]


@pytest.fixture
def charges(alpha: Caisse, beta: Caisse) -> Iterator[Caisse]:
    """Alpha lends, and has its notices paid for."""
    publish(alpha, {"pawn": {"notices_charged": "all"}})
    with tenant_context(alpha):
        apply_grid()
        yield alpha


def test_a_notice_that_is_charged_stands_once_with_what_it_cost(charges: Caisse) -> None:
    contract = lend()
    tell(TERM)
    entries = shown(contract)
    assert [each.title for each in entries] == ["Avis d’échéance", "Prêt accordé"]
    assert entries[0].added == (("Avis d’échéance ou relance", Money.of(3)),)
    assert entries[0].notices == ("Avis envoyé par e-mail.",)


def test_the_notice_of_a_sale_is_charged_on_the_day_it_leaves_and_stands_with_what_it_cost(
    charges: Caisse,
) -> None:
    contract = lend()
    announce(contract, ANNOUNCED, SALE)
    left = ANNOUNCED + timedelta(days=2)
    tell(left)
    notice, announced, _ = [each for each in shown(contract) if each.title != "Avis de délai de grâce"]
    assert (notice.on, notice.title, announced.title) == (left, "Avis de vente", "Vente annoncée")
    assert (notice.added, announced.added) == ((("Avis de vente", Money.of(3)),), ())
    assert (notice.notices, announced.notices) == (("Avis envoyé par e-mail.",), ())
    owed = debt_of(contract=contract_of_caisse(uuid=contract.uuid), on=left)
    assert owed is not None
    lines = explained(lines=owed.lines, lent=contract.amount_lent)
    assert [
        "25 octobre 2026" in each.how.replace("\xa0", " ") for each in lines if each.label == "Avis de vente"
    ] == [True]


def test_a_notice_that_another_channel_carried_too_stands_once(contract: Contract) -> None:
    note(contract, Notice.Kind.DUE, TERM, "mail", TERM)
    note(contract, Notice.Kind.DUE, TERM, "letter", TERM + timedelta(days=1))
    entries = shown(contract)
    assert [each.title for each in entries] == ["Avis d’échéance", "Prêt accordé"]
    assert (entries[0].on, entries[0].note) == (TERM, "envoyé par e-mail, envoyé par lettre")


def test_a_notice_without_its_act_keeps_a_place_of_its_own(contract: Contract) -> None:
    """It came from elsewhere: no announcement of ours is older."""
    note(contract, Notice.Kind.SALE, SALE, "letter", TERM)
    announce(contract, ANNOUNCED, SALE)
    assert [each.title for each in shown(contract)] == ["Vente annoncée", "Avis de vente", "Prêt accordé"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_it_once(contract: Contract, anne_in: Browser, language: str) -> None:
    announce(contract, ANNOUNCED, SALE)
    tell(ANNOUNCED)
    anne_in.cookies["guichet_language"] = language
    said = anne_in.get(f"/contrats/{contract.uuid}/").content.decode()
    there, gone = ("Vente annoncée</h3>", "Avis de vente</h3>")
    if language == "en":
        there, gone = "Sale announced</h3>", "Notice of sale</h3>"
    assert (said.count(there), said.count(gone)) == (1, 0)
