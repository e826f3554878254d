"""What names one sending of a message outside: to a provider, in the address that a mail returns to.

A message that staff send again is another sending: what comes back of the first says nothing of the second, and a
provider that takes each reference once must take both.
"""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from guichet.kernel.sealing import Keyring, every_index
from guichet.tenancy.signing import keyring

PURPOSE = "mail-return"
_UUID_BYTES, _MAC_BYTES = 16, 10
_TOKEN_BYTES = _UUID_BYTES + 1 + _MAC_BYTES
_APART = "."
_LAST = 255
_WRITTEN = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.([0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """One sending. `str()`: the uuid, and after a dot how many times it was sent again."""

    uuid: UUID
    again: int = 0

    def __str__(self) -> str:
        return f"{self.uuid}{_APART}{self.again}" if self.again else str(self.uuid)

    @property
    def data(self) -> bytes:
        return self.uuid.bytes + bytes([self.again])


class UnknownReferenceError(LookupError):
    """It names no sending of this caisse."""


def read_reference(written: str) -> Reference:
    """Raises UnknownReferenceError."""
    found = _WRITTEN.fullmatch(written)
    if found is None or int(found[2] or 0) > _LAST:
        raise UnknownReferenceError
    return Reference(UUID(found[1]), int(found[2] or 0))


def return_address(*, reference: Reference, base: str) -> str:
    """Where a mail goes back to: `base` with a token of the current caisse that nobody can make up (VERP)."""
    local, _, domain = base.rpartition("@")
    token = base64.b32encode(reference.data + _mac(reference, keyring())).decode("ascii").rstrip("=").lower()
    return f"{local}+{token}@{domain}"


def read_return_address(*, address: str, keys: Keyring) -> Reference:
    """The sending that an address names, if these are the keys that made it. Raises UnknownReferenceError."""
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    try:
        data = base64.b32decode(token + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError) as error:
        raise UnknownReferenceError from error
    if len(data) != _TOKEN_BYTES:
        raise UnknownReferenceError
    found = Reference(UUID(bytes=data[:_UUID_BYTES]), data[_UUID_BYTES])
    # A mail that left before the master key was replaced comes back as well.
    made = every_index(keys.index(str(found), purpose=PURPOSE))
    if not any(hmac.compare_digest(_cut(each), data[_UUID_BYTES + 1 :]) for each in made):
        raise UnknownReferenceError
    return found


def returns_to() -> str:
    """Where mails of this platform come back; empty when nobody reads them."""
    base: str = settings.RETURN_ADDRESS
    return base


def _mac(reference: Reference, keys: Keyring) -> bytes:
    return _cut(keys.digest(str(reference), purpose=PURPOSE))


def _cut(digest: str) -> bytes:
    """80 bits: whoever guesses cannot try them, each try is a mail."""
    return bytes.fromhex(digest)[:_MAC_BYTES]
