"""The numbers of contracts, which never change: a long list of payments asks for all of them once."""

from collections.abc import Collection
from uuid import UUID

from guichet.tenancy.connection import connection
from tenant_apps.pawn.selectors import NoSuchContractError, numbers_of_contracts

MOST = 4096
_known: dict[tuple[str, str, UUID], str] = {}


def known_number(*, uuid: UUID) -> str:
    """One query, the first time. Raises NoSuchContractError, which is not kept."""
    place = _place(uuid)
    found = _known.get(place) or numbers_of_contracts(uuids=[uuid]).get(uuid)
    if found is None:
        raise NoSuchContractError
    _keep({place: found})
    return found


def learn_numbers(*, references: Collection[UUID]) -> None:
    """One query at most."""
    new = [each for each in references if _place(each) not in _known]
    if new:
        _keep({_place(uuid): number for uuid, number in numbers_of_contracts(uuids=new).items()})


def _keep(numbers: dict[tuple[str, str, UUID], str]) -> None:
    if len(_known) > MOST:
        _known.clear()
    _known.update(numbers)


def _place(uuid: UUID) -> tuple[str, str, UUID]:
    return connection.settings_dict["NAME"], connection.schema_name, uuid
