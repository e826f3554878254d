"""Contracts are found by their number, and gone through by what they wait for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import euros
from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.models import ActCharged, Contract, Sale
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.pay_out_boni import BONI_NOTICE, boni_left
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import search, words
from tests.desk.test_contracts import LATE, SALE, at, at_work, contract, sign_in_again
from tests.desk.test_fees import NOWHERE
from tests.pawn.loans.lending import START, TERM, announce, asked, lend, redeem, sell
from tests.pawn.loans.test_selectors import copies

__all__ = ["at_work", "contract"]


def listed(desk: Browser, state: str = "") -> str:
    return words(desk.get(f"/agence/gages/?etat={state}"))


@pytest.mark.parametrize("typed", ["{number}", "{bare}", " {number} "])
def test_a_contract_is_found_by_its_number_as_it_is_printed_or_bare(
    desk: Browser, contract: Contract, typed: str
) -> None:
    found = search(desk, typed.format(number=contract.number, bare=contract.number.replace("-", "")))
    assert f"/agence/contrats/{contract.uuid}/" in found.content.decode()
    assert "Aucun client trouvé" not in words(found)


def test_a_contract_of_another_caisse_is_not_found(other_desk: Browser, contract: Contract) -> None:
    assert str(contract.uuid) not in search(other_desk, contract.number).content.decode()


def test_each_contract_is_listed_by_what_it_waits_for(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    number = contract.number
    assert number not in listed(desk)
    for day, state in ((TERM, "due_soon"), (TERM + timedelta(days=1), "due"), (LATE, "in_grace")):
        clock.set_to(at(day))
        sign_in_again(desk, alpha)
        for each in ("due_soon", "due", "in_grace", "for_sale", "to_hand_over", "boni", "blocked"):
            assert (number in listed(desk, each)) == (each == state), (day, each)
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
    assert number in listed(desk, "for_sale")
    assert number not in listed(desk, "in_grace")
    clock.set_to(at(SALE))
    sign_in_again(desk, alpha)
    with tenant_context(alpha):
        sell(contract, SALE, 5000)
    assert number in listed(desk, "boni")


def test_a_boni_is_listed_with_what_is_left_of_it_and_until_when(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    assert contract.number not in listed(desk, "boni")
    clock.set_to(at(SALE))
    sign_in_again(desk, alpha)
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
        sell(contract, SALE, 1500)
    said = listed(desk, "boni")
    for text in ("Boni à verser", "338,00 €", "À retirer avant le", "29 octobre 2028"):
        assert text in said, text
    assert "Prêté" not in said
    assert "1 000,00 €" not in said
    with tenant_context(alpha):
        sale = Sale.objects.get(contract=contract)
        ActCharged.objects.create(
            operation=sale.operation, contract=contract, act=BONI_NOTICE, on=SALE, extra=Money.of("4.50")
        )
        left = boni_left(contract=contract)
    assert left < Money.of(338)
    assert euros(left, "fr").replace("\u202f", " ").replace("\xa0", " ") in listed(desk, "boni")


def test_the_list_of_bonis_asks_as_much_of_the_database_however_long(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    assert contract.number not in listed(desk, "boni")
    clock.set_to(at(SALE))
    sign_in_again(desk, alpha)
    counts = []
    for _ in range(2):
        with tenant_context(alpha):
            for each in (lend(), lend()):
                announce(each, LATE, SALE)
                sell(each, SALE, 1500)
        listed(desk, "boni")  # the tariff is kept computed from then on
        with CaptureQueriesContext(connection) as queries:
            assert "338,00 €" in listed(desk, "boni")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_paid_waits_to_be_handed_over_and_what_is_blocked_is_listed_too(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    with tenant_context(alpha):
        block_contract(contract=contract, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked(START))
        paid = lend()
        redeem(paid, START)
    assert contract.number in listed(desk, "blocked")
    assert paid.number in listed(desk, "to_hand_over")
    assert paid.number not in listed(desk, "blocked")


def test_a_list_asks_as_much_of_the_database_however_long(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock
) -> None:
    assert contract.number not in listed(desk)
    clock.set_to(at(TERM))
    sign_in_again(desk, alpha)
    assert contract.number in listed(desk)
    counts, said = [], ""
    for more in (0, 40):
        with tenant_context(alpha):
            copies(contract, more)
        with CaptureQueriesContext(connection) as queries:
            said = listed(desk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Page 1 sur 2" in said


@pytest.mark.parametrize(
    ("file", "there"), [({}, False), ({"town": "Ville-Essai"}, False), ({"email": ""}, True)]
)
def test_whom_nothing_reaches_is_listed_from_the_first_reminder_until_the_sale_and_the_announcement_says_so(
    alpha: Caisse, desk: Browser, contract: Contract, clock: Clock, file: dict[str, str], *, there: bool
) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=contract.client_id).update(
            **(NOWHERE | file if file else {"email": "a@example.org"})
        )
    soon = TERM - timedelta(days=30)
    assert contract.number not in listed(desk, "unreached")
    for day in (soon - timedelta(days=1), soon, TERM, LATE):
        clock.set_to(at(day))
        sign_in_again(desk, alpha)
        assert (contract.number in listed(desk, "unreached")) == (there and day >= soon), day
    assert (
        "Rien ne peut avertir le client" in words(desk.get(f"/agence/contrats/{contract.uuid}/annonce/"))
    ) == there
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
    assert (contract.number in listed(desk, "unreached")) == there
    clock.set_to(at(SALE))
    sign_in_again(desk, alpha)
    assert contract.number not in listed(desk, "unreached")


def test_a_state_that_is_none_is_the_first(desk: Browser, at_work: Clock) -> None:
    assert "Bientôt à échéance (0)" in listed(desk, "nothing")


@pytest.mark.parametrize("state", ["due", "in_grace", "for_sale", "boni_available"])
def test_a_contract_of_the_caisses_own_system_is_listed_as_that_system_says(
    alpha: Caisse, desk: Browser, at_work: Clock, state: str
) -> None:
    with tenant_context(alpha):
        mirrored = Contract.objects.filter(tariff__isnull=True)
        assert mirrored.update(state=state)
        number = mirrored.get().number
    assert number in listed(desk, "boni" if state == "boni_available" else state)
