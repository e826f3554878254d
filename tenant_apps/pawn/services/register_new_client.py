"""Open the file of somebody whom the caisse does not know yet: before a first contract, or as a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.clients.selectors import client_number_taken, client_of_uuid, clients_alike
from tenant_apps.identity.give_access import REGISTERED as AT_REGISTRATION
from tenant_apps.identity.give_access import give_access
from tenant_apps.journal.record import record
from tenant_apps.pawn.models import NumberSeries
from tenants.policy.current import current_policy

REGISTERED = "client.registered"
ALIKE_SHOWN = 10
_SERIES = "CLI"


class KnownClientError(Exception):
    """Clients of these names and this birth date are on file, and nobody said that this is another person."""

    def __init__(self, alike: Sequence[Client]) -> None:
        super().__init__()
        self.alike = alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the file is to say. `mobile` in E.164."""

    title: str
    first_name: str
    last_name: str
    birth_date: date
    email: str
    mobile: str
    language: str
    postal_lines: Sequence[str]
    postcode: str
    town: str
    country: str


@dataclass(frozen=True, slots=True)
class Registered:
    """`replayed`: the same form had opened this file already. `access`: what `give_access` said of it."""

    client: Client
    replayed: bool
    access: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """The way in is opened with the file. `identifier`: in its normal form, where the file does not hold it."""

    identifier: str = ""


def alike(*, person: Person) -> list[Client]:
    return clients_alike(
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        limit=ALIKE_SHOWN,
    )


def register_new_client(
    *,
    person: Person,
    form: UUID,
    document: str,
    another: bool,
    by: UUID,
    now: datetime,
    access: Access | None = None,
) -> Registered:
    """`form`: of the page, so that it opens one file. `another`: it is none of those alike, says the clerk.

    Raises KnownClientError, IdentifierTakenError.
    """
    with transaction.atomic():
        # Two clerks with the same person, or the same form twice: the second waits here, then finds the first.
        series = _locked_series()
        if found := client_of_uuid(uuid=form):
            return Registered(found, replayed=True)
        known = alike(person=person)
        if known and not another:
            raise KnownClientError(known)
        client = _opened(person, form, _next_number(series))
        details: dict[str, Any] = {"document": document, **({"another": True} if known else {})}
        record(kind=REGISTERED, at=now, subject=str(client.uuid), by=str(by), **details)
        given = _given(client, access, by, now) if access else ""
    return Registered(client, replayed=False, access=given)


def _given(client: Client, access: Access, by: UUID, now: datetime) -> str:
    return give_access(client=client, by=by, reason=AT_REGISTRATION, now=now, identifier=access.identifier)


def _opened(person: Person, form: UUID, number: str) -> Client:
    return register_client(
        number=number,
        title=person.title,
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        email=person.email,
        mobile=person.mobile,
        language=person.language,
        postal_lines=person.postal_lines,
        postcode=person.postcode,
        town=person.town,
        country=person.country,
        uuid=form,
    )


def _locked_series() -> NumberSeries:
    NumberSeries.objects.get_or_create(series=_SERIES)
    return NumberSeries.objects.select_for_update().get(series=_SERIES)


def _next_number(series: NumberSeries) -> str:
    """One that nobody has, be it of the caisse's own system. A rollback gives it back."""
    pawn = current_policy().pawn
    while True:
        series.last += 1
        number = pawn.client_number(rank=series.last)
        if not client_number_taken(number=number):
            series.save(update_fields=["last"])
            return number
