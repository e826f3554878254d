"""What a blind first step has counted, carried to the second."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """Its count stands for the first answer at the second step as well.

    One wrong sign-in is one failure, whichever half was wrong (RTS 2018/389, art. 4(3)).
    """

    # Spent with the first answer.
    nonce: str
    counted_at: datetime
    # The address's counter key, whose count is given back once the sign-in is whole.
    source: str

    @classmethod
    def counted(cls, *, source: str, now: datetime) -> Self:
        return cls(nonce=secrets.token_hex(16), counted_at=now, source=source)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        return cls(**{**stored, "counted_at": datetime.fromisoformat(stored["counted_at"])})

    def stored(self) -> dict[str, str]:
        """As a half-finished sign-in keeps it."""
        return {**asdict(self), "counted_at": self.counted_at.isoformat()}
