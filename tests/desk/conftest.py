"""What the tests of the counter share."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.identity.steps import put_in, user_of
from tests.world import ANNE, BRUNO

BrowserAt = Callable[[str], Browser]


@pytest.fixture
def desk(alpha: Caisse, browser_at: BrowserAt) -> Browser:
    """The browser of a member of staff of alpha, signed in."""
    return put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))


@pytest.fixture
def other_desk(beta: Caisse, browser_at: BrowserAt) -> Browser:
    """That of a member of staff of beta, who has the same primary key there."""
    return put_in(browser_at(BRUNO.host), beta, user_of(beta, kind=User.Kind.STAFF))


@pytest.fixture
def anne(alpha: Caisse) -> Client:
    """The client's file of alpha."""
    with tenant_context(alpha):
        return Client.objects.get(pk=1)


@pytest.fixture
def bruno(beta: Caisse) -> Client:
    """The client's file of beta, with the same primary key."""
    with tenant_context(beta):
        return Client.objects.get(pk=1)
