"""What the counter looks for, through the doors of the applications that hold it."""

from dataclasses import dataclass
from uuid import UUID

from tenant_apps.clients.models import Client
from tenant_apps.clients.selectors import client_of_uuid, clients_named, clients_numbered
from tenant_apps.identity.models import User
from tenant_apps.identity.people import client_of_identifier, user_of_client
from tenant_apps.pawn.lists import contracts_numbered
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.products import PRODUCT as PAWN
from tenants.policy.document import Policy

SHOWN = 25
# A client number is shorter: what is as long can be a NIR, were it mistyped.
AS_LONG_AS_A_NIR = 12


class NoSuchClientError(LookupError):
    """There is no such file, or it has no way in to act upon."""


@dataclass(frozen=True, slots=True)
class Found:
    """In order: whom the identifier or the number names, then by names. `more`: there are others.

    `contracts`: of that number, whosever they are.
    """

    clients: list[Client]
    more: bool
    contracts: list[Contract]


@dataclass(frozen=True, slots=True)
class Account:
    """A client and their way in."""

    client: Client
    user: User


def find_clients(*, typed: str, policy: Policy) -> Found:
    """Four queries at most. A NIR goes to the database as its blind index only, which no log can read back."""
    named = client_of_identifier(typed=typed, policy=policy)
    found = {named.pk: named} if named else {}
    contracts: list[Contract] = []
    if not (policy.identifier.kind == "nir" and _digits(typed) >= AS_LONG_AS_A_NIR):
        others = clients_numbered(typed=typed, limit=SHOWN) + clients_named(words=typed, limit=SHOWN + 1)
        found.update({client.pk: client for client in others if client.pk not in found})
        if PAWN in policy.products:
            contracts = contracts_numbered(typed=typed, limit=SHOWN)
    clients = list(found.values())
    return Found(clients=clients[:SHOWN], more=len(clients) > SHOWN, contracts=contracts)


def file_of(*, uuid: UUID) -> tuple[Client, User | None]:
    """A client and their way in, when they have one. Raises NoSuchClientError."""
    user = user_of_client(uuid=uuid)
    client = user.client if user else client_of_uuid(uuid=uuid)
    if client is None:
        raise NoSuchClientError
    return client, user


def account_of(*, uuid: UUID) -> Account:
    """Raises NoSuchClientError."""
    client, user = file_of(uuid=uuid)
    if user is None:
        raise NoSuchClientError
    return Account(client=client, user=user)


def _digits(typed: str) -> int:
    return sum(mark.isdigit() for mark in typed)
