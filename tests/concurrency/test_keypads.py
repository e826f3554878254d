from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import SpentDraw, TryCounter, User
from tenant_apps.identity.pin_hashes import hash_pin
from tenants.models import Caisse
from tests.concurrency.conftest import Publish
from tests.concurrency.parallel import at_once
from tests.identity.keypads import PIN, PIN_ALONE, WRONG_PIN, drawn, pressed
from tests.world import ANNE

SIGN_IN = "/connexion/"
MANY = 20


def browser() -> Browser:
    return Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)


@pytest.fixture(autouse=True)
def mutual(alpha_committed: Caisse, policy: Publish) -> Iterator[Caisse]:
    """Alpha, where the secret is a PIN and many failures are let through."""
    policy(
        {
            "secret": {"kind": "pin"},
            "second_factor": {"required": False, "methods": []},
            "lockout": {
                "robots": "never",
                "max_failures": 100,
                "daily_total": 1000,
                "address_max_failures": 1000,
            },
            **PIN_ALONE,
        }
    )
    with tenant_context(alpha_committed):
        before = User.objects.get(kind="client").password
        User.objects.filter(kind="client").update(password=hash_pin(PIN))
    yield alpha_committed
    with tenant_context(alpha_committed):
        User.objects.filter(kind="client").update(password=before)


def attempt(fields: dict[str, str]) -> Any:
    return browser().post(SIGN_IN, {"identifier": ANNE.identifier, **fields})


def test_twenty_wrong_pins_at_once_count_twenty(mutual: Caisse) -> None:
    displays = [drawn(browser().get(SIGN_IN), "secret") for _ in range(MANY)]

    answers = at_once([partial(attempt, pressed(display, WRONG_PIN)) for display in displays])

    assert Counter(getattr(answer, "status_code", answer) for answer in answers) == {200: MANY}
    with tenant_context(mutual):
        assert TryCounter.objects.get(scope="account").failures == MANY


@pytest.mark.parametrize("pin", [PIN, WRONG_PIN])
def test_one_display_serves_once_under_twenty_posts(mutual: Caisse, pin: str) -> None:
    fields = pressed(drawn(browser().get(SIGN_IN), "secret"), pin)

    answers = at_once([partial(attempt, fields)] * MANY)

    opened = [answer for answer in answers if getattr(answer, "status_code", 0) == 302]
    refused = [
        each
        for each in answers
        if b"Ce pav\xc3\xa9 a d\xc3\xa9j\xc3\xa0 servi" in getattr(each, "content", b"")
    ]
    assert len(opened) == (1 if pin == PIN else 0)
    assert len(refused) == MANY - 1
    with tenant_context(mutual):
        assert SpentDraw.objects.count() == 1
        counter = TryCounter.objects.filter(scope="account").first()
        assert (counter.failures if counter else 0) == (0 if pin == PIN else 1)
