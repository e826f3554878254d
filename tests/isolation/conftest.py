import pytest
from django.db import models
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.pawn.models import Contract, PledgedObject
from tenants.models import Caisse

TWINS: tuple[type[models.Model], ...] = (User, SmsDevice, Client, Contract, PledgedObject)


def keys_of(caisse: Caisse) -> dict[str, list[int]]:
    with tenant_context(caisse):
        return {
            model._meta.label: list(model._default_manager.order_by("pk").values_list("pk", flat=True))
            for model in TWINS
        }


@pytest.fixture(autouse=True)
def _two_caisses_with_the_same_keys(alpha: Caisse, beta: Caisse) -> None:
    """Rows told apart by their key alone would pass from one caisse to the other: each test must be able to see it."""
    keys = keys_of(alpha)
    assert keys == keys_of(beta)
    assert all(keys.values())
