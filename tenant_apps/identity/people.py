"""Which user a person is, and who a user is: what the screens of staff ask."""

from collections.abc import Collection
from uuid import UUID

from guichet.kernel.masking import masked
from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index, user_of_index
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of


def user_of_client(*, uuid: UUID) -> User | None:
    """With the client's file, in one query; None when the file has no way in, or does not exist."""
    return User.objects.select_related("client").filter(client__uuid=uuid).first()


def client_of_identifier(*, typed: str, policy: Policy) -> Client | None:
    """By the blind index of what was typed; None too when it cannot be an identifier of this caisse."""
    try:
        identifier = format_of(policy.identifier).normalise(typed)
    except IdentifierRefused:
        return None
    user = user_of_index(index=login_index(realm=CLIENTS, identifier=identifier))
    return user.client if user else None


def masked_identifier(*, user: User) -> str:
    return masked(keyring().open(user.identifier_sealed, purpose="identifier"))


def names_of(*, uuids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these users, whoever they are. One query, none for nobody."""
    if not uuids:
        return {}
    return dict(User.objects.filter(uuid__in=uuids).values_list("uuid", "display_name"))


def clients_of(*, uuids: Collection[UUID]) -> dict[UUID, Client]:
    """The files of those of these users who are clients. One query, none for nobody."""
    if not uuids:
        return {}
    users = User.objects.select_related("client").filter(uuid__in=uuids, client__isnull=False)
    return {user.uuid: user.client for user in users if user.client is not None}


def uuids_of_indexes(*, indexes: Collection[str]) -> dict[str, UUID]:
    """Whose blind indexes these are; those of nobody are left out. One query, none for none."""
    if not indexes:
        return {}
    return dict(User.objects.filter(login_index__in=indexes).values_list("login_index", "uuid"))
