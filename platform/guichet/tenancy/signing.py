"""Salts and keyrings that carry the schema: what one caisse signed or sealed, another cannot read."""

from django.conf import settings
from django.core.signing import TimestampSigner

from guichet.kernel.sealing import Keyring
from guichet.tenancy.connection import connection


def tenant_salt(purpose: str) -> str:
    return f"guichet:{connection.schema_name}:{purpose}"


def signer(purpose: str) -> TimestampSigner:
    """Signs with a date; `unsign(value, max_age=timedelta)` raises BadSignature or SignatureExpired."""
    return TimestampSigner(salt=tenant_salt(purpose))


def keyring() -> Keyring:
    """The current caisse's keys."""
    return keyring_of(connection.schema_name)


def keyring_of(schema: str) -> Keyring:
    """For who must ask each caisse whether a thing is its own."""
    return Keyring(
        master=settings.MASTER_KEY,
        holder=schema,
        coming=settings.NEXT_MASTER_KEY,
        previous=settings.PREVIOUS_MASTER_KEYS,
    )
