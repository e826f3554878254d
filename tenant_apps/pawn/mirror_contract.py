"""Take over a contract as the caisse's own system has it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.models import Contract, PledgedObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectData:
    """One object; `picture` is a file to copy, or None."""

    category: str
    description: str
    appraisal: Money
    weight_grams: Decimal | None = None
    fineness: int | None = None
    picture: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractData:
    """`amount_due` as computed at `amount_due_as_of`."""

    number: str
    state: str
    kept_at: str
    amount_lent: Money
    opened_on: date
    due_on: date
    amount_due: Money
    amount_due_as_of: datetime


class OursError(ValueError):
    """A contract of that number was opened here: another system cannot be its source."""


@transaction.atomic
def mirror_contract(*, client: Client, data: ContractData, objects: Sequence[ObjectData]) -> Contract:
    """The contract of that number, exactly as given. A second run changes nothing. Raises OursError."""
    if Contract.objects.filter(number=data.number, tariff__isnull=False).exists():
        raise OursError
    contract, _ = Contract.objects.update_or_create(
        number=data.number, defaults={**_values(data), "client": client}
    )
    for position, each in enumerate(objects, start=1):
        _mirror_object(contract, position, each)
    contract.objects_pledged.filter(position__gt=len(objects)).delete()
    return contract


def _values(data: ContractData | ObjectData) -> dict[str, Any]:
    return {each.name: getattr(data, each.name) for each in fields(data)}


def _mirror_object(contract: Contract, position: int, data: ObjectData) -> None:
    values = {name: value for name, value in _values(data).items() if name != "picture"}
    pledged, _ = PledgedObject.objects.update_or_create(contract=contract, position=position, defaults=values)
    if data.picture is not None:
        _mirror_photo(pledged, data.picture)


def _mirror_photo(pledged: PledgedObject, picture: Path) -> None:
    content, before, storage = picture.read_bytes(), pledged.photo.name, pledged.photo.storage
    if before and storage.exists(before):
        with storage.open(before) as kept:
            if kept.read() == content:
                return
        # A file does not come back with a rollback.
        transaction.on_commit(partial(storage.delete, before))
    # An opaque name: what the object is must not be read off a folder.
    pledged.photo.save(f"{pledged.uuid}{picture.suffix}", ContentFile(content))
