"""The only doors to users and devices."""

from collections.abc import Iterator

from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import SmsDevice, User


def login_index(*, realm: str, identifier: str) -> str:
    """The blind index of a normal identifier. Clients and staff are two realms that never meet."""
    return keyring().digest(f"{realm}:{identifier}", purpose="login-index")


def user_of_index(*, index: str) -> User | None:
    return User.objects.select_related("client").filter(login_index=index).first()


def active_user(*, pk: int) -> User | None:
    return User.objects.select_related("client").filter(pk=pk, is_active=True).first()


def sms_device_of(*, user: User) -> SmsDevice | None:
    """The confirmed phone that codes go to, the latest when there are several."""
    return SmsDevice.objects.filter(user=user, confirmed=True).order_by("-id").first()


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
