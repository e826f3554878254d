"""What stands on one letter, besides where it stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`code`: what the body shows on a line of its own, and the paper in large type; empty when there is none.

    `page`: likewise an address, which the paper shows as a drawing for a phone to scan.
    """

    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    dated: str
    body: str
    code: str = ""
    page: str = ""

    @property
    def text(self) -> str:
        """For who reads it on a screen."""
        parts = ("\n".join(self.sender), "\n".join(self.recipient), self.dated, self.body)
        return "\n\n".join(parts)

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Letter":
        """What `kept` gave, as it comes back from JSON."""
        lines = {name: tuple(kept[name]) for name in ("sender", "recipient")}
        return cls(**{**kept, **lines})
