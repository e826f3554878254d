"""The only doors to users and devices."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from guichet.kernel.sealing import BlindIndex, every_index
from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.user_rows import user_by


def login_index(*, realm: str, identifier: str) -> BlindIndex:
    """The blind index of a normal identifier. Clients and staff are two realms that never meet."""
    return keyring().index(f"{realm}:{identifier}", purpose="login-index")


def user_of_index(*, index: str) -> User | None:
    """One query, also while the master key is being replaced."""
    return user_by("index", every_index(index))


def active_user(*, pk: int) -> User | None:
    return user_by("active", pk)


def clients_without_phone() -> int:
    """How many clients who sign in have no confirmed phone."""
    clients = User.objects.filter(kind=User.Kind.CLIENT, is_active=True)
    return clients.exclude(smsdevice__confirmed=True).count()


def client_identifiers() -> Iterator[str]:
    """The identifiers of the clients who may sign in, opened one after the other; for counting, never for showing."""
    ring = keyring()
    sealed = User.objects.filter(kind=User.Kind.CLIENT, is_active=True).values_list(
        "identifier_sealed", flat=True
    )
    return (ring.open(each, purpose="identifier") for each in sealed.iterator())


def count_clients() -> int:
    """How many clients may sign in."""
    return User.objects.filter(kind=User.Kind.CLIENT, is_active=True).count()


def count_clients_seen(*, since: datetime) -> int:
    """How many clients signed in since then."""
    return User.objects.filter(kind=User.Kind.CLIENT, is_active=True, last_login__gte=since).count()


def count_clients_locked() -> int:
    """How many only the agency lets in again; the block of an identifier that nobody has does not count."""
    someone = User.objects.filter(login_index=OuterRef("key"), kind=User.Kind.CLIENT, is_active=True)
    locked = TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, agency_only=True)
    return locked.filter(Exists(someone)).count()


def last_sign_in() -> datetime | None:
    """Of anybody: client, staff or operator."""
    latest: datetime | None = User.objects.aggregate(latest=Max("last_login"))["latest"]
    return latest
