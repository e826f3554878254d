"""Load the invented people and their contracts into the current caisse."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.people import Person
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import open_account
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenants.policy.current import current_policy
from tenants.policy.formats.email import EmailFormat
from tenants.policy.identifiers import format_of


def load_person(*, person: Person, now: datetime) -> None:
    """A second run changes nothing but the dates that are told from today."""
    # Staff sign in with their address, whatever the clients' identifiers are.
    written = EmailFormat() if person.kind == User.Kind.STAFF else format_of(current_policy().identifier)
    identifier = written.normalise(person.identifier)
    client = _client(person) if person.kind == User.Kind.CLIENT else None
    open_account(
        kind=User.Kind(person.kind),
        identifier=identifier,
        secret=person.secret,
        display_name=person.name,
        now=now,
        client=client,
        phone=person.mobile,
    )
    if client is not None:
        for contract in person.contracts:
            _load_contract(client=client, entry=contract, now=now)


def _client(person: Person) -> Client:
    return register_client(
        number=person.number,
        title=person.title,
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        email=person.email,
        mobile=person.mobile,
        language=person.language,
    )


def _load_contract(*, client: Client, entry: dict[str, Any], now: datetime) -> None:
    """Dates are days from today in the file, so that the demo never grows old."""
    today = timezone.localdate(now)
    data = ContractData(
        number=entry["number"],
        state=entry["state"],
        kept_at=entry["kept_at"],
        amount_lent=Decimal(entry["amount_lent"]),
        opened_on=today + timedelta(days=entry["opened_in_days"]),
        due_on=today + timedelta(days=entry["due_in_days"]),
        amount_due=Decimal(entry["amount_due"]),
        amount_due_as_of=now,
    )
    mirror_contract(client=client, data=data, objects=[_object(each) for each in entry["objects"]])


def _object(entry: dict[str, Any]) -> ObjectData:
    picture = Path(settings.FIXTURES) / "pictures" / entry["picture"] if "picture" in entry else None
    return ObjectData(
        category=entry["category"],
        description=entry["description"],
        appraisal=Decimal(entry["appraisal"]),
        weight_grams=Decimal(entry["weight_grams"]) if "weight_grams" in entry else None,
        fineness=entry.get("fineness"),
        picture=picture,
    )
