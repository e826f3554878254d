"""What the tests of card payments share."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser

from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.providers import CardProvider
from tenants.models import Caisse
from tests.identity.steps import put_in, user_of
from tests.payments.bank import PATH, Bank
from tests.payments.counter_product import Counter, opened
from tests.world import ANNE

ONE, TWO, THREE = (UUID(f"0000000{number}-0000-4000-8000-000000000000") for number in (1, 2, 3))


@pytest.fixture
def counter() -> Iterator[Counter]:
    with opened() as found:
        yield found


@pytest.fixture
def bank(settings: Any) -> Iterator[type[Bank]]:
    """The provider of every caisse."""
    Bank.reset()
    settings.PAYMENT_ADAPTERS = {"demo": PATH}
    settings.PAYMENT_PROVIDERS = {"default": CardProvider(kind="demo")}
    yield Bank
    Bank.reset()


@pytest.fixture
def client(beta: Caisse, in_alpha: Caisse) -> Client:
    """Anne's file, at alpha. The other caisse is looked up first: alpha's role may not read it."""
    return Client.objects.get(pk=1)


@pytest.fixture
def anne(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    """Anne's browser, signed in."""
    return put_in(browser_at(ANNE.host), alpha, user_of(alpha))
