"""What goes with a mail: the outbox keeps where it is; who keeps files registers how one is opened."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenant_apps.messaging.transports import Attachment

log = logging.getLogger(__name__)
# Of the sealed words of a message: what goes with it, and what is said where it is gone by the time that it leaves.
ATTACHED, WITHOUT = "attached", "without"


class AttachmentGoneError(RuntimeError):
    """It was erased, or is no longer what was given: no later try will have it."""


class NotInThisChannelError(ValueError):
    """A slip of whoever queues: nothing goes with an SMS or a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One thing of a registered kind, by its uuid."""

    kind: str
    uuid: UUID


Opener = Callable[[UUID], Attachment]
_openers: dict[str, Opener] = {}


def register_attachments(kind: str, opener: Opener) -> None:
    """Called by an application when it is ready. The opener raises AttachmentGoneError; TransportError where the same
    thing may be asked for again.
    """
    _openers[kind] = opener


def kept(attached: Sequence[Attached]) -> list[list[str]]:
    """As it stands in the outbox."""
    return [[each.kind, str(each.uuid)] for each in attached]


def with_attachments(words: dict[str, Any], *, message: UUID) -> dict[str, Any]:
    """Opened words, with the same bytes at each try. What is gone is not promised. Raises TransportError."""
    attached, without = words.pop(ATTACHED, []), words.pop(WITHOUT, {})
    try:
        found = tuple(_openers[kind](UUID(uuid)) for kind, uuid in attached)
    except AttachmentGoneError:
        log.error("message %s leaves without what was to go with it", message)  # noqa: TRY400  # where it was looked for says nothing
        return {**words, **without}
    return {**words, "attachments": found}
