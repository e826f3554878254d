"""What a blind first step has counted, carried to the second."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from tenant_apps.identity.domain.lockout import Verdict
from tenant_apps.identity.sources import keys_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """Its count stands for the first answer at the second step as well.

    One wrong sign-in is one failure, whichever half was wrong (RTS 2018/389, art. 4(3)).
    """

    # Spent with the first answer.
    nonce: str
    counted_at: datetime
    # The address's counter keys, whose count is given back once the sign-in is whole.
    source: str
    # Of those that this very try has braked beforehand: until when.
    brakes: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def counted(cls, *, source: str, addresses: Mapping[str, Verdict], now: datetime) -> Self:
        brakes = {key: now + verdict.wait for key, verdict in addresses.items() if verdict.wait is not None}
        return cls(nonce=secrets.token_hex(16), counted_at=now, source=source, brakes=brakes)

    def at_address(self, *, now: datetime) -> dict[str, Verdict]:
        """What to give back there, as of now."""
        keys = keys_of(self.source)
        return {
            key: Verdict(open=True, wait=self.brakes[key] - now if key in self.brakes else None)
            for key in keys
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        brakes = {key: datetime.fromisoformat(until) for key, until in stored.get("brakes", {}).items()}
        counted_at = datetime.fromisoformat(stored["counted_at"])
        return cls(nonce=stored["nonce"], counted_at=counted_at, source=stored["source"], brakes=brakes)

    def stored(self) -> dict[str, Any]:
        """As a half-finished sign-in keeps it."""
        return {
            "nonce": self.nonce,
            "counted_at": self.counted_at.isoformat(),
            "source": self.source,
            "brakes": {key: until.isoformat() for key, until in self.brakes.items()},
        }
