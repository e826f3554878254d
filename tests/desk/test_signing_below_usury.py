"""No loan is signed above the ceiling of its day, nor near a ceiling that is not known yet (Code conso L314-6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.tariffs.check import Verdict
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.usury import known_periods
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.errors import CannotLendError, WhyNotLent
from tenant_apps.pawn.services.open_contract import offer_for
from tenant_apps.pawn.tariffs import apply_tariff as applying
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import words
from tests.desk.test_contracts import LOAN, THING, at, opening, send, sign_in_again
from tests.pawn.loans.lending import START, WATCH, grid, lend, noon

BIG = replace(WATCH, appraisal=Money.of(30000))
AUTUMN = date(2025, 12, 31)
LAST = known_periods()[-1].end
UNKNOWN = LAST + timedelta(days=1)


@contextmanager
def lent_by(document: TariffDocument) -> Iterator[None]:
    """In the current caisse, though its check would not let it be applied: the ceilings came later, or a row is old."""
    with patch.object(applying, "check", lambda *_args, **_named: Verdict((), ())):
        applying.apply_tariff(document=document, author="Aude", reason="essai", at=noon(START))
    yield


def signed_for(**otherwise: Any) -> TariffDocument:
    """The grid of Nantes, 8,672 % above 6 000 €, with what its sign-off says otherwise; or without one."""
    found = grid("nantes")
    sign_off = found.usury_sign_off
    assert sign_off is not None
    accepted = sign_off.accepted[0].model_copy(update=otherwise)
    return found.model_copy(update={"usury_sign_off": sign_off.model_copy(update={"accepted": (accepted,)})})


UNSIGNED = grid("nantes").model_copy(update={"usury_sign_off": None})


@pytest.mark.parametrize(
    ("document", "on", "why"),
    [
        (signed_for(), START, None),
        (UNSIGNED, AUTUMN, None),
        (UNSIGNED, START, WhyNotLent.ABOVE_USURY),
        (signed_for(taeg=Decimal("8.67")), START, WhyNotLent.ABOVE_USURY),
        (signed_for(above=Money.of(9999)), START, None),
        (signed_for(above=Money.of(10000)), START, WhyNotLent.ABOVE_USURY),
        (signed_for(up_to=Money.of(10000)), START, None),
        (signed_for(up_to=Money.of(9999)), START, WhyNotLent.ABOVE_USURY),
        (signed_for(since=START), START, None),
        (signed_for(since=START + timedelta(days=1)), START, WhyNotLent.ABOVE_USURY),
        (signed_for(until=START), START, None),
        (signed_for(until=START - timedelta(days=1)), START, WhyNotLent.ABOVE_USURY),
        (signed_for(), UNKNOWN, WhyNotLent.ABOVE_USURY),
    ],
)
def test_a_loan_above_the_ceiling_is_signed_where_somebody_took_that_very_breach(
    in_alpha: Caisse, document: TariffDocument, on: date, why: WhyNotLent | None
) -> None:
    with lent_by(document):
        if why is None:
            assert lend(10000, objects=[BIG], on=on).capital == Money.of(10000)
            return
        with pytest.raises(CannotLendError) as caught:
            lend(10000, objects=[BIG], on=on)
    assert caught.value.why is why
    assert not Contract.objects.filter(tariff__isnull=False).exists()


def test_before_the_ceiling_is_known_what_is_near_the_last_one_waits_and_what_is_far_below_is_signed(
    in_alpha: Caisse,
) -> None:
    """0,49 % a month and 1 % once: 8,04 % over six months, below the 8,56 % of the last quarter by half a point."""
    cheaper = [each.model_copy(update={"rate": Decimal("0.49")}) for each in grid("nantes").brackets]
    with lent_by(UNSIGNED.model_copy(update={"brackets": tuple(cheaper)})):
        assert not lent_on(LAST, 10000)
        with pytest.raises(CannotLendError) as caught:
            lent_on(UNKNOWN, 10000)
        assert caught.value.why is WhyNotLent.USURY_UNKNOWN
        assert lent_on(UNKNOWN, 1000)


def lent_on(day: date, euros: int) -> bool:
    """Whether it is compared with a ceiling that is not that of the day."""
    usury = offer_for(objects=[BIG], lent=Money.of(euros), months=6, on=day).usury
    assert not usury.breaches
    return not usury.in_force


def test_the_counter_reads_which_ceiling_a_loan_was_compared_with_and_why_one_waits(
    alpha: Caisse, desk: Browser, anne: Client, clock: Clock
) -> None:
    desk.get(opening(anne))
    with tenant_context(alpha), lent_by(signed_for()):
        pass
    said = ""
    for day, there in ((LAST, False), (UNKNOWN, True)):
        clock.set_to(at(day))
        sign_in_again(desk, alpha)
        said = words(send(desk, opening(anne), **THING, **LOAN))
        assert "Vérifiez avant de signer" in said
        assert ("Le seuil de l’usure de ce trimestre n’est pas encore connu ici" in said) == there
    assert "au dernier connu, 23,60 %, du 1er octobre 2026 au 31 décembre 2026" in said
    refused = words(
        send(desk, opening(anne), **{**THING, **LOAN, "objets-0-appraisal": "30 000", "lent": "10 000"})
    )
    assert "ce prêt dépasse le seuil de l’usure" in refused
    with tenant_context(alpha):
        assert not Contract.objects.filter(client=anne, tariff__isnull=False).exists()
