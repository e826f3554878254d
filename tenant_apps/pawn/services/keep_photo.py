"""The photo of a pledged object: given, replaced and taken away at the counter."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import Contract, PledgedObject
from tenant_apps.pawn.photo_files import PhotoFiles, forget, photo_files
from tenant_apps.pawn.pictures import SUFFIX
from tenant_apps.pawn.services.doing import locked_contract, write_event
from tenant_apps.pawn.services.errors import NotPossibleError

ADDED, REPLACED, REMOVED = "pawn.photo_added", "pawn.photo_replaced", "pawn.photo_removed"
"""What the journal calls each."""


def keep_photo(*, pledged: PledgedObject, picture: bytes, by: UUID, now: datetime) -> bool:
    """`picture`: as `pictures.cleaned` made it. False: it was there already, and nothing is written.

    Raises NotPossibleError of a mirrored contract, whose photos come from the caisse's own system.
    """
    with photo_files() as files, transaction.atomic():
        contract, found = _locked(pledged)
        if found.photo and _bytes_of(found) == picture:
            return False
        kind = REPLACED if found.photo else ADDED
        _put(files, found, picture)
        write_event(kind=kind, contract=contract, now=now, object=str(found.uuid), by=str(by))
    return True


@transaction.atomic
def remove_photo(*, pledged: PledgedObject, by: UUID, now: datetime) -> bool:
    """False: there is none. Raises NotPossibleError of a mirrored contract."""
    contract, found = _locked(pledged)
    if not found.photo:
        return False
    forget(pledged=found)
    found.photo = ""
    found.save(update_fields=["photo"])
    write_event(kind=REMOVED, contract=contract, now=now, object=str(found.uuid), by=str(by))
    return True


def _locked(pledged: PledgedObject) -> tuple[Contract, PledgedObject]:
    contract = locked_contract(contract=pledged.contract)
    if contract.mirrored:
        raise NotPossibleError(WhyNot.MIRRORED)
    return contract, PledgedObject.objects.get(pk=pledged.pk)


def _put(files: PhotoFiles, found: PledgedObject, picture: bytes) -> None:
    files.put(pledged=found, picture=picture, suffix=SUFFIX)
    found.save(update_fields=["photo"])


def _bytes_of(found: PledgedObject) -> bytes:
    storage, name = found.photo.storage, str(found.photo.name)
    if not storage.exists(name):
        return b""
    with storage.open(name) as kept:
        return bytes(kept.read())
