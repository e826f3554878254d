"""Digests of events, of their addresses, of seals. What is written here can never change: seals were made with it."""

import hashlib
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What the first seal follows.
NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class EventWords:
    """One event, as it is digested; `address` and `salt` are no part of it."""

    id: int
    kind: str
    at: datetime
    subject: str
    address_digest: str
    details: dict[str, Any]
    address: str | None = None
    address_salt: str = ""

    @property
    def digest(self) -> bytes:
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        words = [self.id, self.kind, moment, self.subject, self.address_digest, self.details]
        return hashlib.sha256(_written(words)).digest()

    @property
    def address_stands(self) -> bool:
        """The address is the one that was written; one that was erased says nothing."""
        if self.address is None:
            return True
        return address_digest(address=self.address, salt=self.address_salt) == self.address_digest

    @property
    def address_is_gone(self) -> bool:
        return self.address is None and bool(self.address_digest)


@dataclass(frozen=True, slots=True)
class SealWords:
    """One seal."""

    number: int
    first: int
    last: int
    count: int
    events: str
    previous: str
    chained: str
    signed: str
    key: str
    sealed_at: datetime

    @property
    def stands(self) -> bool:
        """Its own words are those that were digested."""
        return self.chained == chained(
            number=self.number,
            first=self.first,
            last=self.last,
            count=self.count,
            events=self.events,
            previous=self.previous,
            sealed_at=self.sealed_at,
        )


def address_digest(*, address: str, salt: str) -> str:
    """There are few addresses, so the digest hides one for as long only as nobody has its salt (hexadecimal)."""
    return hashlib.sha256(bytes.fromhex(salt) + ipaddress.ip_address(address).packed).hexdigest()


def digest_of_events(events: Iterable[EventWords]) -> str:
    """In their order."""
    whole = hashlib.sha256()
    for event in events:
        whole.update(event.digest)
    return whole.hexdigest()


def chained(
    *, number: int, first: int, last: int, count: int, events: str, previous: str, sealed_at: datetime
) -> str:
    moment = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(_written([number, first, last, count, events, previous, moment])).hexdigest()


def _written(words: list[object]) -> bytes:
    return json.dumps(words, sort_keys=True, separators=(",", ":")).encode()
