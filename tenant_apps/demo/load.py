"""Load the invented people and their contracts into the current caisse."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.people import Person
from tenant_apps.identity.enrol import enrol_known_totp
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.realms import CLIENTS, STAFF, rules_of
from tenant_apps.identity.send_activation import send_activation
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenants.policy.identifiers import format_of


def load_person(*, person: Person, now: datetime) -> None:
    """A second run changes nothing but the dates that are told from today."""
    rules = rules_of(CLIENTS if person.is_client else STAFF)
    client = _client(person) if person.is_client else None
    by_sms = person.enrolled and not person.totp_key and "sms" in rules.second_factor.methods
    user = open_account(
        kind=User.Kind(person.kind),
        identifier=format_of(rules.identifier).normalise(person.identifier),
        secret=person.secret or None,
        display_name=person.name,
        now=now,
        client=client,
        phone=person.mobile if by_sms else "",
    )
    awaited = person.invited and not person.secret and not user.is_activated
    if awaited and not AccessCode.objects.filter(user=user).exists():
        send_activation(user=user, now=now)
    if person.totp_key and not devices_of(user=user, policy=rules):
        enrol_known_totp(user=user, key=person.totp_key, now=now)
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
        postal_lines=person.postal_lines,
        postcode=person.postcode,
        town=person.town,
    )


def _load_contract(*, client: Client, entry: dict[str, Any], now: datetime) -> None:
    """Dates are days from today in the file, so that the demo never grows old."""
    today = timezone.localdate(now)
    data = ContractData(
        number=entry["number"],
        state=entry["state"],
        kept_at=entry["kept_at"],
        amount_lent=Money.of(entry["amount_lent"]),
        opened_on=today + timedelta(days=entry["opened_in_days"]),
        due_on=today + timedelta(days=entry["due_in_days"]),
        amount_due=Money.of(entry["amount_due"]),
        amount_due_as_of=now,
    )
    mirror_contract(client=client, data=data, objects=[_object(each) for each in entry["objects"]])


def _object(entry: dict[str, Any]) -> ObjectData:
    picture = Path(settings.FIXTURES) / "pictures" / entry["picture"] if "picture" in entry else None
    return ObjectData(
        category=entry["category"],
        description=entry["description"],
        appraisal=Money.of(entry["appraisal"]),
        weight_grams=Decimal(entry["weight_grams"]) if "weight_grams" in entry else None,
        fineness=entry.get("fineness"),
        picture=picture,
    )
