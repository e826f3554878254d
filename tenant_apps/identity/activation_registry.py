"""Who sends an activation again: the counter asks, whatever knows how to activate an account does it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from tenant_apps.identity.models import User


class SendActivation(Protocol):
    def __call__(self, *, user: User, by: UUID, reason: str, now: datetime) -> None:
        """Sends it, and journals it with `by` (the staff member's uuid) and `reason`. May be called twice."""


_registered: list[SendActivation] = []


def register_activation(send: SendActivation) -> None:
    """Once, when the application is ready."""
    if _registered:
        raise RuntimeError("an activation is registered already")
    _registered.append(send)


def activation() -> SendActivation | None:
    """None when nothing can send one: the counter then offers no such act."""
    return _registered[0] if _registered else None
