"""One secret tried on many accounts."""

import logging

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import SecretTried
from tenant_apps.identity.spraying import ALARM
from tenant_apps.identity.tasks import forget
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import WRONG, enter_secret, events, publish
from tests.world import ANNE


@pytest.fixture(autouse=True)
def watched(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, {"lockout": {"spray_accounts": 3}})
    return alpha


def spray(browser: Browser, *, secret: str = WRONG, first: int = 0, accounts: int = 3) -> None:
    for number in range(first, first + accounts):
        enter_secret(browser, identifier=f"188888888{number}", secret=secret)


def test_the_alarm_is_raised_once_a_day_and_secret(
    browser: Browser, watched: Caisse, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="guichet.security"):
        spray(browser, accounts=2)
        assert ALARM not in events(watched)
        spray(browser, first=2, accounts=3)
    assert events(watched).count(ALARM) == 1
    assert [each.getMessage() for each in caplog.records] == ["one secret was tried on 3 accounts"]


def test_a_known_account_counts_like_an_unknown_one(browser: Browser, watched: Caisse) -> None:
    spray(browser, accounts=2)
    enter_secret(browser, identifier=ANNE.identifier, secret=WRONG)
    assert ALARM in events(watched)


def test_one_person_who_errs_often_raises_none(browser: Browser, watched: Caisse) -> None:
    for _ in range(4):
        enter_secret(browser, secret=WRONG)
    spray(browser, secret="Un-autre-secret-1!", accounts=2)
    assert ALARM not in events(watched)


def test_a_right_secret_is_not_written_down(browser: Browser, watched: Caisse) -> None:
    enter_secret(browser)
    with tenant_context(watched):
        assert not SecretTried.objects.exists()


def test_days_are_not_compared_and_old_ones_forgotten(
    browser: Browser, watched: Caisse, clock: Clock
) -> None:
    spray(browser, accounts=2)
    with tenant_context(watched):
        before = set(SecretTried.objects.values_list("secret", flat=True))
    clock.move(days=1)
    spray(browser, first=2, accounts=2)
    assert ALARM not in events(watched)
    with tenant_context(watched):
        assert before.isdisjoint(
            SecretTried.objects.filter(day__gt=_first_day()).values_list("secret", flat=True)
        )
        forget(tenant=watched.schema_name)
        assert SecretTried.objects.count() == 2


def _first_day() -> object:
    return SecretTried.objects.order_by("day").values_list("day", flat=True)[0]


def test_nothing_of_what_was_typed_is_kept(browser: Browser, watched: Caisse) -> None:
    enter_secret(browser, secret=WRONG)
    with tenant_context(watched):
        row = SecretTried.objects.get()
    assert WRONG not in row.secret
    assert len(row.secret) == 16
