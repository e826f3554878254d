"""Encryption at rest, blind indexes and keyed digests.

One master key (32 bytes, outside the database) yields a key per purpose with HKDF-SHA256,
so that a value sealed for one purpose, or for one caisse, does not open for another.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FORMAT = b"\x01"


class WeakKeyError(ValueError):
    """The master key is not 32 bytes in base64."""


class SealBrokenError(ValueError):
    """The sealed value was altered, or belongs to another purpose or caisse."""


def parse_key(text: str) -> bytes:
    """32 bytes from base64 (standard or URL-safe alphabet). Raises WeakKeyError."""
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError as error:
        raise WeakKeyError("the key is not base64") from error
    if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
        raise WeakKeyError("the key must be 32 random bytes in base64")
    return key


@lru_cache(maxsize=1024)
def _derived(master: bytes, info: str) -> bytes:
    """Kept by the process, which holds the master key as well: each page checks a digest made with one."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()).derive(master)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys derived from one master key for one holder (the schema name of a caisse)."""

    master: bytes
    holder: str

    def _key(self, purpose: str) -> bytes:
        return _derived(self.master, f"guichet:{self.holder}:{purpose}")

    def seal(self, plain: str, *, purpose: str) -> bytes:
        """AES-256-GCM; the format byte and the nonce lead the result."""
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self._key(purpose)).encrypt(nonce, plain.encode(), FORMAT)

    def open(self, sealed: bytes | memoryview, *, purpose: str) -> str:
        """The text that `seal` took. Raises SealBrokenError."""
        data = bytes(sealed)
        if data[:1] != FORMAT:
            raise SealBrokenError("unknown format")
        nonce, body = data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :]
        if len(body) < TAG_BYTES:
            raise SealBrokenError("cut short")
        try:
            return AESGCM(self._key(purpose)).decrypt(nonce, body, FORMAT).decode()
        except InvalidTag as error:
            raise SealBrokenError("altered, or sealed for another purpose") from error

    def digest(self, text: str, *, purpose: str) -> str:
        """HMAC-SHA256 in hexadecimal (64 characters): equal texts give equal digests, nothing reads back."""
        return hmac.new(self._key(purpose), text.encode(), hashlib.sha256).hexdigest()

    def matches(self, text: str, digest: str, *, purpose: str) -> bool:
        """In constant time."""
        return hmac.compare_digest(
            self.digest(text, purpose=purpose).encode(), digest.encode(errors="surrogatepass")
        )
