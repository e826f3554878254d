"""What an auction brought: all of it is checked before it is written; a mistyped price is mended while it may be."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.pawn.models import Contract, Operation, Sale
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.note_notice import note_notice
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import journal, posted, words
from tests.desk.test_contracts import (
    LATE,
    SALE,
    at,
    at_work,
    contract,
    form_of,
    page,
    send,
    sign_in_again,
    stored,
)
from tests.identity.steps import put_in, user_of
from tests.pawn.loans.lending import announce, parts, sell
from tests.world import ANNE

__all__ = ["at_work", "contract"]


class Corrected(NamedTuple):
    """From 1 500 € to a price: the sums that follow, and what of them moved."""

    price: str
    state: tuple[str, ...]
    moved: list[tuple[str, str]]


ACT, CORRECT = "vente/", "vente/corriger/"
WHY = {"reason": "price_mistyped", "note": ""}


@pytest.fixture
def announced(alpha: Caisse, contract: Contract, at_work: Clock) -> Contract:
    """It is the day of the sale; 1 000 € lent, 1 162,00 € due."""
    with tenant_context(alpha):
        announce(contract, LATE, SALE)
    at_work.set_to(at(SALE))
    return contract


@pytest.fixture
def desk(alpha: Caisse, announced: Contract, browser_at: BrowserAt) -> Browser:
    """Somebody who signed in on that day."""
    return put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))


@pytest.fixture
def sold(alpha: Caisse, announced: Contract) -> Contract:
    """For 1 500 €."""
    with tenant_context(alpha):
        sell(announced, SALE, 1500)
    return announced


def ask(desk: Browser, contract: Contract, price: str) -> Any:
    return send(desk, page(contract, ACT), sold_on=SALE.isoformat(), hammer_price=price)


def confirm(desk: Browser, contract: Contract, act: str, checked: Any, **changes: str) -> Any:
    return posted(desk, page(contract, act), {**form_of(checked), "confirm": "1", **changes})


def correct(desk: Browser, contract: Contract, price: str) -> Any:
    """As somebody who is sure of it."""
    checked = send(desk, page(contract, CORRECT), hammer_price=price, **WHY)
    return confirm(desk, contract, CORRECT, checked, sure="on")


def sums(alpha: Caisse, contract: Contract) -> tuple[str, str, str, str]:
    with tenant_context(alpha):
        found = Sale.objects.select_related("contract").get(contract=contract)
    return found.contract.state, str(found.hammer_price), str(found.boni), str(found.deficit)


def test_a_sale_is_shown_in_full_before_it_is_written(
    alpha: Caisse, desk: Browser, announced: Contract
) -> None:
    checked = ask(desk, announced, "1 500")
    said = words(checked)
    for text in (
        "Vérifiez avant d’enregistrer",
        announced.number,
        "29 octobre 2026",
        "<strong>1 500,00 €</strong>",
        "1 162,00 €",
        "338",
        "Boni, au client",
        "Il est prévenu par e-mail le 30 octobre 2026",
        "Il se corrige depuis le contrat, avant le 30 octobre 2026",
        "un courrier part le 29 janvier 2027",
        "avant le 29 octobre 2028",
    ):
        assert text in said, text
    with tenant_context(alpha):
        assert not Sale.objects.exists()
    assert confirm(desk, announced, ACT, checked).headers["Location"].endswith("?fait=vendu")
    assert sums(alpha, announced) == ("boni_available", "1500.00", "338.00", "0.00")


def test_a_loss_is_said_to_be_the_caisse_s(alpha: Caisse, desk: Browser, announced: Contract) -> None:
    checked = ask(desk, announced, "1 000")
    said = words(checked)
    assert "Manque, à la charge de la caisse" in said
    assert "162,00 €" in said
    assert "un courrier part" not in said
    confirm(desk, announced, ACT, checked)
    assert sums(alpha, announced) == ("sold", "1000.00", "0.00", "162.00")


def test_who_cannot_be_told_is_to_be_called(alpha: Caisse, desk: Browser, announced: Contract) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=1).update(email="", mobile="")
    said = words(ask(desk, announced, "1 500"))
    assert "ni e-mail ni mobile" in said
    assert "Il se corrige depuis le contrat, avant le 30 octobre 2026" in said


def test_a_debt_that_changed_since_the_check_is_shown_again(
    alpha: Caisse, desk: Browser, announced: Contract
) -> None:
    checked = ask(desk, announced, "1 500")
    again = confirm(desk, announced, ACT, checked, owed="1161.00")
    assert "La dette a changé depuis" in words(again)
    with tenant_context(alpha):
        assert not Sale.objects.exists()


def test_a_sale_confirmed_twice_is_written_once(alpha: Caisse, desk: Browser, announced: Contract) -> None:
    checked = ask(desk, announced, "1 500")
    for _ in range(2):
        assert confirm(desk, announced, ACT, checked).headers["Location"].endswith("?fait=vendu")
    with tenant_context(alpha):
        assert Operation.objects.filter(kind="sold").count() == 1


@pytest.mark.parametrize(
    "said",
    [
        Corrected("1 600", ("boni_available", "1600.00", "438.00", "0.00"), [("boni", "100.00")]),
        Corrected("1 200", ("boni_available", "1200.00", "38.00", "0.00"), [("boni", "-300.00")]),
        Corrected(
            "1 100", ("sold", "1100.00", "0.00", "62.00"), [("boni", "-338.00"), ("deficit", "-62.00")]
        ),
    ],
)
def test_a_mistyped_price_is_corrected_and_the_history_keeps_both(
    alpha: Caisse, desk: Browser, sold: Contract, said: Corrected
) -> None:
    checked = send(desk, page(sold, CORRECT), hammer_price=said.price, **WHY)
    assert "1 500,00 €" in words(checked)
    assert "Le prix était mal saisi" in words(checked)
    assert sums(alpha, sold) == ("boni_available", "1500.00", "338.00", "0.00")
    done = confirm(desk, sold, CORRECT, checked)
    assert done.headers["Location"].endswith("?fait=vente-corrigee")
    assert sums(alpha, sold) == said.state
    with tenant_context(alpha):
        assert parts(Operation.objects.get(kind="sale_corrected")) == said.moved
    told = words(desk.get(page(sold)))
    assert "Vendu aux enchères" in told
    assert "Prix de la vente corrigé" in told
    [event] = journal(alpha, "pawn.sale_corrected")
    assert (event.details["was"], event.details["reason"]) == ("1500.00", "price_mistyped")


def test_a_loss_that_was_none_becomes_a_boni_again(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    correct(desk, sold, "150")
    assert sums(alpha, sold)[0] == "sold"
    correct(desk, sold, "1 500")
    assert sums(alpha, sold) == ("boni_available", "1500.00", "338.00", "0.00")


def test_a_correction_sent_twice_corrects_once(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    checked = send(desk, page(sold, CORRECT), hammer_price="1 400", **WHY)
    for _ in range(2):
        assert confirm(desk, sold, CORRECT, checked).headers["Location"].endswith("?fait=vente-corrigee")
    with tenant_context(alpha):
        assert Operation.objects.filter(kind="sale_corrected").count() == 1


def test_the_price_already_written_is_no_correction(desk: Browser, sold: Contract) -> None:
    assert "C’est le prix déjà enregistré" in words(
        send(desk, page(sold, CORRECT), hammer_price="1 500", **WHY)
    )


def test_a_correction_wants_its_reason(desk: Browser, sold: Contract) -> None:
    answer = send(desk, page(sold, CORRECT), hammer_price="1 400", reason="", note="")
    assert "Choisissez une raison" in words(answer)


def test_once_the_client_was_told_the_price_stays(
    alpha: Caisse, desk: Browser, sold: Contract, at_work: Clock
) -> None:
    """The day after; until then it can be corrected, and nobody has read another sum in a message."""
    checked = send(desk, page(sold, CORRECT), hammer_price="1 400", **WHY)
    with tenant_context(alpha):
        assert remind(now=at(SALE)) == 0
        assert remind(now=at(SALE + timedelta(days=1))) == 1
    for answer in (
        desk.get(page(sold)),
        desk.get(page(sold, CORRECT)),
        confirm(desk, sold, CORRECT, checked),
    ):
        assert "Le client a été prévenu du résultat de la vente" in words(answer)
    assert sums(alpha, sold)[1] == "1500.00"


def test_a_letter_about_the_boni_closes_it_too(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    with tenant_context(alpha):
        note_notice(
            contract=sold,
            kind="boni",
            about=SALE,
            channel="letter",
            message=None,
            charged=False,
            on=SALE,
            now=at(SALE),
        )
    assert "ne se corrige plus" in words(desk.get(page(sold, CORRECT)))


def test_a_boni_that_was_paid_closes_it(alpha: Caisse, desk: Browser, sold: Contract) -> None:
    checked = send(desk, page(sold, "boni/"), means="cheque", document="passport", present="on")
    confirm(desk, sold, "boni/", checked)
    assert "Le boni est déjà versé" in words(desk.get(page(sold, CORRECT)))


def test_what_was_not_sold_has_nothing_to_correct(desk: Browser, announced: Contract) -> None:
    assert "Aucune vente n’est enregistrée" in words(desk.get(page(announced, CORRECT)))


def test_a_till_counts_neither_a_sale_nor_its_correction(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    correct(desk, sold, "1 600")
    answer = desk.get(f"/agence/journee/?jour={SALE.isoformat()}")
    assert "100,00" not in words(answer)
    export = posted(desk, "/agence/journee/", {"day": SALE.isoformat()})
    rows = b"".join(export).decode().splitlines()[1:]
    assert [row.split(";")[5] for row in rows] == ["1500,00", "100,00"]


def test_the_database_lets_no_price_differ_from_what_its_operations_say(
    alpha: Caisse, sold: Contract
) -> None:
    found = Sale.objects.filter(contract=sold)
    with tenant_context(alpha):
        with pytest.raises(IntegrityError, match="its operations say"):
            _at_once(partial(found.update, hammer_price=Money.of(1600), boni=Money.of(438)))
        with pytest.raises(IntegrityError, match="never rewritten"):
            _at_once(partial(found.update, sold_on=SALE + timedelta(days=1)))


@transaction.atomic
def _at_once(act: Callable[[], object]) -> None:
    """What the database looks at when a transaction ends, it looks at now."""
    act()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("price", "looks_mistyped"), [("29 999,99", False), ("30 000", True), ("300", True)])
def test_a_price_ten_times_the_appraisal_or_a_tenth_of_it_is_recorded_once_somebody_says_that_it_is_right(
    alpha: Caisse, desk: Browser, announced: Contract, price: str, looks_mistyped: bool
) -> None:
    checked = ask(desk, announced, price)
    assert ("Ce prix est le bon" in words(checked)) == looks_mistyped
    assert "Cochez cette case" not in words(checked)
    if looks_mistyped:
        again = confirm(desk, announced, ACT, checked)
        assert "Cochez cette case si ce prix est le bon, ou modifiez-le." in words(again)
        with tenant_context(alpha):
            assert not Sale.objects.exists()
    done = confirm(desk, announced, ACT, checked, **({"sure": "on"} if looks_mistyped else {}))
    assert done.headers["Location"].endswith("?fait=vendu")


def test_a_correction_to_a_price_that_looks_mistyped_asks_too(
    alpha: Caisse, desk: Browser, sold: Contract
) -> None:
    checked = send(desk, page(sold, CORRECT), hammer_price="150", **WHY)
    assert "Ce prix est le bon" in words(checked)
    assert "Cochez cette case" in words(confirm(desk, sold, CORRECT, checked))
    assert sums(alpha, sold)[1] == "1500.00"
    confirm(desk, sold, CORRECT, checked, sure="on")
    assert sums(alpha, sold)[1] == "150.00"


def test_a_boni_that_nobody_claimed_is_in_the_days_file_though_no_money_moves(
    alpha: Caisse, desk: Browser, sold: Contract, clock: Clock
) -> None:
    """What the books owed to the client is the caisse's, less the letter that was charged (CMF D514-21)."""
    desk.get(page(sold))
    with tenant_context(alpha):
        lapses = stored(alpha, sold).sale.lapses_on
        note_notice(
            contract=sold,
            kind="boni",
            about=SALE,
            channel="letter",
            message=None,
            charged=True,
            on=SALE,
            now=at(SALE),
        )
        assert keep_dates(on=lapses, now=at(lapses), limit=10) == 1
    clock.set_to(at(lapses))
    sign_in_again(desk, alpha)
    answer = posted(desk, "/agence/journee/", {"day": lapses.isoformat()})
    (row,) = (each.split(";") for each in b"".join(answer).decode().splitlines()[1:])
    assert row[3] == "Boni acquis à la caisse"
    assert row[5:15] == ["", "", "", "", "", "", "", "-3,00", "338,00", ""]
