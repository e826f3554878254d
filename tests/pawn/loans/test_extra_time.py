"""More time, which the director gives when the term has come (CMF D514-14), and new goods (CMF D514-15)."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.choices import asks_for_sale
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.standing import Standing
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract, Notice, PledgedObject
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.errors import (
    CannotLendError,
    NotPossibleError,
    OperationReusedError,
    WhyNotLent,
)
from tenant_apps.pawn.services.give_extra_time import extra_time_bounds, give_extra_time
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import publish
from tests.pawn.loans.conftest import PRICES
from tests.pawn.loans.lending import (
    START,
    TERM,
    WATCH,
    announce,
    apply_grid,
    asked,
    fresh,
    lend,
    noon,
    prolong,
)
from tests.pawn.pledges import pledge, words

DAY = timedelta(days=1)
GRACE_ENDS = TERM + timedelta(days=90)
UNTIL = GRACE_ENDS + timedelta(days=40)
NEW_WATCH = replace(WATCH, is_new=True, invoice_seen=True)


def give(contract: Contract, until: date = UNTIL, on: date = TERM + DAY, **otherwise: Any) -> Any:
    return give_extra_time(
        contract=contract, until=until, **{"reason": "hard_time", **asked(on), **otherwise}
    )


def refusal(act: Callable[[], object]) -> tuple[WhyNot, date | None]:
    with pytest.raises(NotPossibleError) as refused:
        act()
    return refused.value.why, refused.value.since


def test_no_sale_is_announced_until_the_time_that_was_given_has_passed(contract: Contract) -> None:
    done = give(contract)
    assert (done.operation.kind, done.operation.until) == ("extra_time", UNTIL)
    early = refusal(lambda: announce(contract, UNTIL, UNTIL + timedelta(days=30)))
    assert early == (WhyNot.EXTRA_TIME, UNTIL + DAY)
    assert refusal(lambda: announce(contract, TERM + DAY, UNTIL))[0] is WhyNot.TOO_EARLY
    announce(contract, UNTIL + DAY, UNTIL + timedelta(days=30))
    assert fresh(contract).state == "for_sale"


def test_the_client_may_still_ask_for_the_sale(contract: Contract) -> None:
    give(contract)
    announce(contract, TERM + 2 * DAY, TERM + 30 * DAY, requested=True)
    assert fresh(contract).state == "for_sale"


def test_what_is_owed_goes_on_as_if_no_time_had_been_given(contract: Contract) -> None:
    before = [debt_of(contract=fresh(contract), on=TERM + each * DAY) for each in range(0, 200, 10)]
    give(contract)
    assert before == [debt_of(contract=fresh(contract), on=TERM + each * DAY) for each in range(0, 200, 10)]


def test_it_is_shown_as_a_state_of_its_own_until_its_last_day(contract: Contract) -> None:
    give(contract)
    standings = {
        day: shown(contract=fresh(contract), today=day).standing
        for day in (TERM + DAY, GRACE_ENDS, UNTIL, UNTIL + DAY)
    }
    assert standings.pop(UNTIL + DAY) is Standing.DUE
    assert set(standings.values()) == {Standing.EXTRA_TIME}
    keep_dates(on=UNTIL + DAY, now=noon(UNTIL + DAY), limit=10)
    assert shown(contract=fresh(contract), today=UNTIL + DAY).standing is Standing.IN_GRACE


def test_it_is_given_when_the_term_has_come_and_within_what_the_caisse_decided(contract: Contract) -> None:
    assert refusal(lambda: give(contract, on=TERM - DAY)) == (WhyNot.TOO_EARLY, TERM)
    bounds = extra_time_bounds(contract=fresh(contract), on=TERM)
    assert (bounds.first, bounds.last) == (GRACE_ENDS + DAY, GRACE_ENDS + timedelta(days=90))
    for until in (bounds.first - DAY, bounds.last + DAY):
        assert refusal(lambda until=until: give(contract, until)) == (WhyNot.OUT_OF_BOUNDS, None)  # type: ignore[misc]  # bound at once
    give(contract, bounds.last, on=TERM)


def test_more_may_follow_and_never_less(contract: Contract) -> None:
    give(contract)
    assert refusal(lambda: give(contract, UNTIL))[0] is WhyNot.OUT_OF_BOUNDS
    give(contract, UNTIL + DAY)
    assert fresh(contract).extra_until == UNTIL + DAY


def test_the_same_form_gives_it_once_and_another_content_is_refused(contract: Contract) -> None:
    number = uuid.uuid4()
    assert not give(contract, operation=number).replayed
    assert give(contract, operation=number).replayed
    with pytest.raises(OperationReusedError):
        give(contract, UNTIL + DAY, operation=number)
    assert Message.objects.filter(kind="pawn_extra_time").count() == 1


@pytest.mark.parametrize(
    ("reached", "channel"),
    [
        ({"email": "a@example.org"}, "mail"),
        ({"email": "", "mobile": "+33639980001"}, "sms"),
        ({"email": "", "mobile": ""}, "letter"),
    ],
)
def test_every_client_is_told_at_once_by_what_reaches_them(
    contract: Contract, reached: dict[str, str], channel: str
) -> None:
    Client.objects.filter(pk=contract.client_id).update(**reached)
    give(contract)
    (notice,) = Notice.objects.filter(contract=contract, kind="extra_time")
    assert (notice.channel, notice.about) == (channel, UNTIL)
    assert Message.objects.get(uuid=str(notice.message)).channel == channel


def test_a_prolongation_ends_the_time_that_was_given_for_the_old_term(contract: Contract) -> None:
    give(contract)
    prolong(contract, TERM + 2 * DAY)
    assert fresh(contract).extra_until is None


def test_the_database_lets_no_time_be_given_or_taken_without_an_operation_that_says_so(
    contract: Contract,
) -> None:
    connection.check_constraints()
    moves_alone(contract, UNTIL)
    give(contract)
    connection.check_constraints()
    for until in (UNTIL + DAY, None):
        moves_alone(contract, until)
    prolong(contract, TERM + 2 * DAY)
    connection.check_constraints()
    moves_alone(contract, UNTIL)


def moves_alone(contract: Contract, until: date | None) -> None:
    def act() -> None:
        Contract.objects.filter(pk=contract.pk).update(extra_until=until)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="nobody gave time"), transaction.atomic():
        act()


def test_what_is_announced_or_mirrored_gets_none(contract: Contract, alpha: Caisse) -> None:
    announce(contract, GRACE_ENDS + DAY, GRACE_ENDS + 30 * DAY)
    assert refusal(lambda: give(contract, on=GRACE_ENDS + 2 * DAY))[0] is WhyNot.ANNOUNCED
    mirrored = pledge(alpha, "M-1")
    assert refusal(lambda: give(mirrored))[0] is WhyNot.MIRRORED


def test_the_client_reads_until_when_on_the_page_and_in_the_history(
    contract: Contract, anne_in: Browser, clock: Clock
) -> None:
    give(contract)
    clock.set_to(noon(TERM + 2 * DAY))
    page = words(anne_in.get(f"/contrats/{contract.uuid}/"))
    assert "Délai accordé" in page
    assert (
        'La vente n’est pas annoncée avant le <strong class="number">22 novembre 2026</strong> inclus' in page
    )
    assert "Pas de mise en vente avant le 22 novembre 2026 inclus. À l’agence." in page
    assert "Avis envoyé par e-mail." in page
    assert "Avis de délai accordé" not in page
    assert "Un délai vous est accordé pour un contrat échu" in words(anne_in.get("/contrats/"))


@pytest.fixture
def lends_on_new(alpha: Caisse, beta: Caisse) -> Iterator[Caisse]:
    """Alpha lends on what is new, on sight of the invoice."""
    publish(alpha, {"pawn": {"metal_prices": PRICES, "new_goods": "with_invoice"}})
    with tenant_context(alpha):
        apply_grid()
        yield alpha


def test_new_goods_are_refused_unless_the_caisse_lends_on_them(lends: Caisse) -> None:
    assert refused_loan() is WhyNotLent.NEW_GOODS


def test_where_the_caisse_lends_on_new_goods_the_invoice_is_seen(lends_on_new: Caisse) -> None:
    assert refused_loan(invoice_seen=False) is WhyNotLent.NO_INVOICE
    contract = lend(objects=[WATCH, NEW_WATCH])
    kept = PledgedObject.objects.filter(contract=contract).order_by("position")
    assert [each.is_new for each in kept] == [False, True]


def refused_loan(*, invoice_seen: bool = True) -> WhyNotLent:
    with pytest.raises(CannotLendError) as refused:
        lend(objects=[WATCH, replace(NEW_WATCH, invoice_seen=invoice_seen)])
    return refused.value.why


def test_new_goods_wait_for_the_term_before_their_client_may_ask_for_the_sale(lends_on_new: Caisse) -> None:
    contract = lend(objects=[WATCH, NEW_WATCH])
    for day in (START + DAY, date(2026, 5, 1), TERM):
        refused = refusal(lambda day=day: announce(contract, day, day + 30 * DAY, requested=True))  # type: ignore[misc]  # bound at once
        assert refused == (WhyNot.NEW_GOODS, TERM + DAY)
    said = asks_for_sale(contract=contract_of_caisse(uuid=contract.uuid), on=date(2026, 5, 1))
    assert said is not None
    assert not said.can
    assert "une fois l’échéance passée. Possible à partir du 16 juillet 2026" in said.text.replace(
        "\u202f", " "
    ).replace("\xa0", " ")
    announce(contract, TERM + DAY, TERM + 30 * DAY, requested=True)
    assert fresh(contract).state == "for_sale"


def test_that_an_object_was_new_is_never_rewritten(contract: Contract) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PledgedObject.objects.filter(contract=contract).update(is_new=True)
