"""What the tests of pawn contracts share."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.pawn.pledges import enter, without_contracts
from tests.world import ANNE


@pytest.fixture
def bare(alpha: Caisse) -> Caisse:
    """Anne's caisse, where she has no contract yet."""
    without_contracts(alpha)
    return alpha


@pytest.fixture
def anne(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    """Anne's browser, signed in."""
    return enter(browser_at(ANNE.host), alpha)
