"""Encryption at rest, blind indexes and keyed digests.

A master key (32 bytes, outside the database) yields a key per purpose with HKDF-SHA256,
so that a value sealed for one purpose, or for one caisse, does not open for another.
While a master key is being replaced there are several: the first seals, all of them open.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
# Of the first releases: it does not say which key sealed it.
UNMARKED = b"\x01"
FORMAT = b"\x02"
MARK_BYTES = 4
HEADER_BYTES = len(FORMAT) + MARK_BYTES


class WeakKeyError(ValueError):
    """The master key is not 32 bytes in base64."""


class SealBrokenError(ValueError):
    """The sealed value was altered, or belongs to another purpose or caisse, or its key is no longer there."""


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


def key_mark(master: bytes) -> str:
    """Tells a master key from another, in 8 hexadecimal digits, and tells nothing of it."""
    return _derived(master, "guichet:mark")[:MARK_BYTES].hex()


class BlindIndex(str):
    """A digest by which a row is found. `older`: those that the other keys make, under which it may stand still."""

    __slots__ = ("older",)
    older: tuple[str, ...]


def index_with(newest: str, *, older: Iterable[str]) -> BlindIndex:
    index = BlindIndex(newest)
    index.older = tuple(older)
    return index


def every_index(index: str) -> list[str]:
    """All that a row may stand under, the newest first, for one query."""
    return [str(index), *getattr(index, "older", ())]


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys derived for one holder (the schema name of a caisse). `master` makes; all of them open and compare."""

    master: bytes
    holder: str
    # What is to seal soon, so that no process meets a key that it does not know.
    coming: tuple[bytes, ...] = ()
    # What sealed before, the latest first.
    previous: tuple[bytes, ...] = ()

    def _keys(self, purpose: str, masters: tuple[bytes, ...]) -> list[bytes]:
        return [_derived(master, f"guichet:{self.holder}:{purpose}") for master in masters]

    @property
    def _masters(self) -> tuple[bytes, ...]:
        return (self.master, *self.coming, *self.previous)

    @property
    def is_changing(self) -> bool:
        """There is more than one key."""
        return len(self._masters) > 1

    @property
    def mark(self) -> str:
        """Of the master key that seals."""
        return key_mark(self.master)

    @property
    def marks(self) -> list[str]:
        """Of every key that opens, the one that seals first."""
        return [key_mark(master) for master in self._masters]

    @property
    def header(self) -> bytes:
        """What everything begins with that is sealed from now on."""
        return FORMAT + bytes.fromhex(self.mark)

    def of_mark(self, mark: str) -> "Keyring | None":
        """The ring of that one key, when it is there."""
        found = next((master for master in self._masters if key_mark(master) == mark), None)
        return None if found is None else Keyring(master=found, holder=self.holder)

    @property
    def oldest(self) -> "Keyring":
        """The ring of the key that has been there longest."""
        return Keyring(master=(self.master, *self.previous)[-1], holder=self.holder)

    def seal(self, plain: str, *, purpose: str) -> bytes:
        """AES-256-GCM; the format, the key's mark and the nonce lead the result."""
        nonce, header = os.urandom(NONCE_BYTES), self.header
        (key,) = self._keys(purpose, (self.master,))
        return header + nonce + AESGCM(key).encrypt(nonce, plain.encode(), header)

    def open(self, sealed: bytes | memoryview, *, purpose: str) -> str:
        """The text that `seal` took. Raises SealBrokenError."""
        data = bytes(sealed)
        masters, header = self._masters, data[: len(UNMARKED)]
        if header == FORMAT:
            header = data[:HEADER_BYTES]
            mark = header[len(FORMAT) :].hex()
            masters = tuple(master for master in masters if key_mark(master) == mark)
        elif header != UNMARKED:
            raise SealBrokenError("unknown format")
        start = len(header) + NONCE_BYTES
        nonce, body = data[len(header) : start], data[start:]
        if len(body) < TAG_BYTES:
            raise SealBrokenError("cut short")
        for key in self._keys(purpose, masters):
            try:
                return AESGCM(key).decrypt(nonce, body, header).decode()
            except InvalidTag:
                continue
        raise SealBrokenError("altered, sealed for another purpose, or under a key that is not here")

    def digest(self, text: str, *, purpose: str) -> str:
        """HMAC-SHA256 in hexadecimal (64 characters): equal texts give equal digests, nothing reads back."""
        return self._digests(text, purpose, (self.master,))[0]

    def index(self, text: str, *, purpose: str) -> BlindIndex:
        """The same digest, to find a row by: one that was written before the key was replaced is found too."""
        newest, *older = self._digests(text, purpose, self._masters)
        return index_with(newest, older=older)

    def matches(self, text: str, digest: str, *, purpose: str) -> bool:
        """Whether one of the keys made it. In constant time: all of them are always compared."""
        given = digest.encode(errors="surrogatepass")
        made = self._digests(text, purpose, self._masters)
        return any([hmac.compare_digest(each.encode(), given) for each in made])  # noqa: C419  # a generator would stop at the first

    def _digests(self, text: str, purpose: str, masters: tuple[bytes, ...]) -> list[str]:
        data = text.encode()
        return [hmac.new(key, data, hashlib.sha256).hexdigest() for key in self._keys(purpose, masters)]
