"""What the tests of loans share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import apply_grid, lend
from tests.pawn.pledges import enter
from tests.world import ANNE

PRICES = [
    {"metal": "gold", "since": "2025-01-01", "per_gram": "90.00"},
    {"metal": "gold", "since": "2026-03-01", "per_gram": "100.00"},
]


@pytest.fixture
def lends(alpha: Caisse, beta: Caisse) -> Iterator[Caisse]:
    """Alpha with the grid of Nantes and two prices of gold. The row of the other caisse is read first."""
    publish(alpha, {"pawn": {"metal_prices": PRICES}})
    with tenant_context(alpha):
        apply_grid()
        yield alpha


@pytest.fixture
def contract(lends: Caisse) -> Contract:
    """1 000 € for six months from 15 January 2026."""
    return lend()


@pytest.fixture
def anne_in(lends: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    """Anne's browser, signed in, at a caisse that lends."""
    return enter(browser_at(ANNE.host), lends)
