"""Contracts to try the screens on."""

from datetime import date, timedelta
from typing import Any

from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.identity.steps import put_in, user_of

TODAY = timezone.localdate


def in_days(days: int) -> date:
    return TODAY() + timedelta(days=days)


def pledge(
    caisse: Caisse,
    number: str,
    *,
    due_in: int = 200,
    objects: tuple[str, ...] = ("Une bague",),
    client: Client | None = None,
    **changes: Any,
) -> Contract:
    """A contract of Anne's, or of another client of that caisse."""
    values: dict[str, Any] = {
        "number": number,
        "state": "running",
        "kept_at": "Alpha",
        "amount_lent": Money.of(100),
        "opened_on": min(in_days(due_in), TODAY()) - timedelta(days=300),
        "due_on": in_days(due_in),
        "amount_due": Money.of(110),
        "amount_due_as_of": timezone.now(),
    }
    things = [ObjectData(category="ring", description=each, appraisal=Money.of(150)) for each in objects]
    with tenant_context(caisse):
        owner = client or Client.objects.get(number="C-1")
        return mirror_contract(client=owner, data=ContractData(**{**values, **changes}), objects=things)


def neighbour(caisse: Caisse) -> Client:
    """Another client of the same caisse."""
    with tenant_context(caisse):
        return register_client(
            number="C-8",
            title="sir",
            first_name="Noé",
            last_name="Huit",
            birth_date=None,
            email="",
            mobile="",
        )


def without_contracts(caisse: Caisse) -> None:
    with tenant_context(caisse):
        Contract.objects.all().delete()


def enter(browser: Browser, caisse: Caisse) -> Browser:
    """Signed in as the caisse's client, without going through the screens again."""
    return put_in(browser, caisse, user_of(caisse))


def words(answer: Any) -> str:
    """The page with plain spaces only."""
    page = answer.content.decode().replace("\u202f", " ").replace("\xa0", " ").replace("&nbsp;", " ")
    return " ".join(page.split())
