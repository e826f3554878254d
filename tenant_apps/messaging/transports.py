"""What carries a message out. Chosen by the settings, one per channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.references import Reference


class TransportError(RuntimeError):
    """The provider did not take the message; it will be tried again. Its words name no person and no secret."""


class ProviderDownError(TransportError):
    """The provider says nothing: whoever asks it waits in vain."""


class RefusedError(RuntimeError):
    """The provider refuses this message, and would again."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a mail. `name`: ASCII letters, digits, dashes and a suffix."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG that the HTML of a mail shows, as `cid:` and its identifier."""

    name: str
    content: bytes

    @property
    def content_id(self) -> str:
        return f"{self.name}@guichet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message opened for sending; never stored."""

    uuid: UUID
    kind: str
    channel: str
    at: datetime
    to: str
    text: str
    subject: str = ""
    html: str = ""
    again: int = 0

    @property
    def reference(self) -> Reference:
        """What the provider is told: the same at each try of one sending."""
        return Reference(self.uuid, self.again)

    # Of a letter, what `Letter.of` takes.
    letter: dict[str, Any] | None = None
    # Of a mail alone.
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Picture, ...] = ()


class Transport(Protocol):
    @property
    def repeats(self) -> bool:
        """Whether the same message may be handed over again when nobody knows if it was taken."""

    def send(self, envelope: Envelope) -> None:
        """Raises TransportError when it could not be handed over, RefusedError when it never will."""
