"""What the tests of loans share."""

from collections.abc import Iterator

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import apply_grid, lend

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
