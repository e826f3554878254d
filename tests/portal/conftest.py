"""What the tests of the client's space share."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from tenants.models import Caisse
from tests.identity.steps import put_in, user_of
from tests.world import ANNE


@pytest.fixture
def anne(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    """Anne's browser, signed in."""
    return put_in(browser_at(ANNE.host), alpha, user_of(alpha))
