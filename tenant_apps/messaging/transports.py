"""What carries a message out. Chosen by the settings, one per channel."""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from tenants.policy.current import current_policy


class TransportError(RuntimeError):
    """The provider did not take the message; it will be tried again."""


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
    # Of a letter, what `Letter.of` takes.
    letter: dict[str, Any] | None = None


class Transport(Protocol):
    def send(self, envelope: Envelope) -> None:
        """Raises TransportError when it could not be handed over."""


class SmtpMail:
    """Mail through Django's backend, from the caisse's own sender."""

    def send(self, envelope: Envelope) -> None:
        senders = current_policy().senders
        mail = EmailMultiAlternatives(
            envelope.subject,
            envelope.text,
            f"{senders.mail_from_name} <{senders.mail_address}>",
            [envelope.to],
            headers={"Message-ID": f"<{envelope.uuid}@{senders.mail_address.partition('@')[2]}>"},
        )
        mail.attach_alternative(envelope.html, "text/html")
        try:
            mail.send()
        except (smtplib.SMTPException, OSError) as error:
            raise TransportError(type(error).__name__) from error


class NoTransport:
    """No provider is configured for this channel: the message waits, and staff see why."""

    def send(self, envelope: Envelope) -> None:
        raise TransportError(f"no provider is configured for {envelope.channel}")
