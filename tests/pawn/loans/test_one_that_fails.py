"""One contract that cannot be dealt with keeps no other one waiting."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from tenant_apps.pawn import remind as reminding
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.services import keep_dates as keeping
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenants.models import Caisse
from tests.pawn.loans.lending import TERM, fresh, lend, noon, redeem

DAY = TERM + timedelta(days=1)


@pytest.fixture
def three(lends: Caisse) -> list[Contract]:
    return [lend(), lend(500), lend(300)]


def broken(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, contract: Contract) -> None:
    """What the module calls so raises for this one, with somebody's address in the words."""
    real = getattr(module, name)

    def raising(*, contract: Contract, **given: Any) -> Any:
        if contract.pk == broken_one:
            raise IntegrityError("DETAIL: (anne@alpha.example.org)")
        return real(contract=contract, **given)

    broken_one = contract.pk
    monkeypatch.setattr(module, name, raising)


def told_of(caplog: pytest.LogCaptureFixture, contract: Contract) -> list[str]:
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert all("anne@" not in each for each in said)
    return [each for each in said if str(contract.uuid) in each]


def test_a_contract_that_raises_is_told_of_and_the_others_get_their_notices(
    three: list[Contract], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:
        broken(patched, reminding, "debt_of", three[0])
        assert remind(now=noon(TERM)) == 2
        assert remind(now=noon(TERM)) == 0
    assert len(told_of(caplog, three[0])) == 2
    assert not Notice.objects.filter(contract=three[0]).exists()
    assert remind(now=noon(TERM)) == 1


def test_a_contract_whose_date_cannot_be_kept_holds_up_no_other_and_the_night_ends(
    three: list[Contract], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:
        broken(patched, keeping, "follow_calendar", three[0])
        # In pieces of one: what failed stands before all others, and is not found again.
        assert keep_dates(on=DAY, now=noon(DAY), limit=1) == 2
        assert keep_dates(on=DAY, now=noon(DAY), limit=1) == 0
    assert len(told_of(caplog, three[0])) == 2
    assert [fresh(each).state for each in three] == ["running", "due", "due"]
    assert keep_dates(on=DAY, now=noon(DAY), limit=1) == 1


def test_what_was_redeemed_meanwhile_is_left_alone(three: list[Contract]) -> None:
    redeem(three[0], TERM)
    assert keep_dates(on=DAY, now=noon(DAY), limit=1) == 2
    assert keep_dates(on=DAY, now=noon(DAY), limit=1) == 0
