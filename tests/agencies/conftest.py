"""What the tests of appointments share."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client as Browser

from tenant_apps.agencies import subjects
from tenant_apps.agencies.subjects import register_subject
from tenants.models import Caisse
from tests.agencies.agenda import NOW, set_up
from tests.agencies.things import RING, RINGS
from tests.clock import Clock
from tests.identity.steps import put_in, user_of
from tests.world import ANNE


@pytest.fixture
def open_alpha(alpha: Caisse) -> Caisse:
    """Alpha, with its agency."""
    set_up(alpha)
    return alpha


@pytest.fixture
def now(clock: Clock) -> Clock:
    """It is Monday, the fourteenth of September 2026, ten in the morning."""
    clock.set_to(NOW)
    return clock


@pytest.fixture
def anne(open_alpha: Caisse, now: Clock, browser_at: Callable[[str], Browser]) -> Browser:
    """Anne's browser, signed in."""
    return put_in(browser_at(ANNE.host), open_alpha, user_of(open_alpha))


@pytest.fixture(autouse=True)
def _no_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the installed products register is tested with them."""
    monkeypatch.setattr(subjects, "_subjects", {})


@pytest.fixture
def ring(_no_subject: None) -> UUID:
    """What Anne may come for, to redeem."""
    register_subject(kind="redeem", subject=RINGS)
    return RING
