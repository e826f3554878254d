"""What a payment provider is asked. An adapter never decides what a payment becomes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Begun, Event, Operation, Order, Outcome, RefundAnswer


class ProviderError(RuntimeError):
    """The provider did not do it; it may be asked again. Its words name no person and no key."""


class NoProviderError(ProviderError):
    """The policy names none that the GIE's list has."""


class NotSetUpError(ProviderError):
    """The caisse's own keys are missing, or do not open: it cannot be asked at all."""


class UnsignedError(RuntimeError):
    """Nothing says that it comes from the caisse's provider."""


class UnreadableError(ValueError):
    """Signed, and yet it cannot be read."""


class Provider(Protocol):
    """Every call may be made again: the same order, the same refund, is done once."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the browser may be sent, such as `https://pay.example.org`; none: within our own host."""

    def start(self, order: Order) -> Begun:
        """Raises ProviderError."""

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """A webhook. Raises UnsignedError, UnreadableError."""

    def status(self, *, reference: str, now: datetime) -> Outcome:
        """How a payment that was begun stands. Raises ProviderError."""

    def close(self, *, reference: str, now: datetime) -> Outcome:
        """Let nobody pay there any more, and how it stands then: what was captured before counts.

        Raises ProviderError.
        """

    def refund(self, *, capture: str, amount: Money, refund: UUID) -> RefundAnswer:
        """Part of a capture, or all of it. Raises ProviderError."""

    def refund_status(self, *, reference: str) -> RefundAnswer:
        """Of a refund that is on its way. Raises ProviderError."""

    def operations(self, *, begins: datetime, ends: datetime) -> list[Operation]:
        """What was captured and refunded from then until then. Raises ProviderError."""
