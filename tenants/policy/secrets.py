"""The caisse's passwords and keys at its providers: sealed, written by command, read by the worker."""

from datetime import datetime

from guichet.tenancy.signing import keyring
from tenants.policy.models import CaisseSecret

PURPOSE = "caisse-secret"
NAMES = (
    "sms.token",
    "sms.account",
    "sms.webhook",
    "smtp.user",
    "smtp.password",
    "payments.key",
    "payments.webhook",
)


class UnknownSecretError(ValueError):
    """No provider reads a secret of that name."""


class MissingSecretError(LookupError):
    """The caisse has not set it."""


def set_secret(*, name: str, value: str, by: str, at: datetime) -> None:
    """For the current caisse; replaces the one before. Raises UnknownSecretError."""
    if name not in NAMES:
        raise UnknownSecretError(name)
    sealed = keyring().seal(value, purpose=PURPOSE)
    CaisseSecret.objects.update_or_create(name=name, defaults={"sealed": sealed, "set_by": by, "set_at": at})


def read_secret(*, name: str) -> str:
    """Raises MissingSecretError."""
    found = CaisseSecret.objects.filter(name=name).first()
    if found is None:
        raise MissingSecretError(name)
    return keyring().open(found.sealed, purpose=PURPOSE)
