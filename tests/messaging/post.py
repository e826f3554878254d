"""A provider that does as it is told, and remembers what it was given."""

import threading
from typing import ClassVar

from tenant_apps.messaging.transports import Envelope, TransportError

PATH = "tests.messaging.post.Post"


class Post:
    """`fails_with`: what the next sendings raise. `gate`: what each sending waits for."""

    # Whether it may be given a message twice.
    repeats: ClassVar[bool] = False
    sent: ClassVar[list[Envelope]] = []
    fails_with: ClassVar[list[Exception]] = []
    arrived: ClassVar[threading.Event] = threading.Event()
    gate: ClassVar[threading.Event] = threading.Event()

    @classmethod
    def reset(cls) -> None:
        cls.repeats = False
        cls.sent.clear()
        cls.fails_with.clear()
        cls.arrived.clear()
        cls.gate.set()

    def send(self, envelope: Envelope) -> None:
        self.arrived.set()
        assert self.gate.wait(timeout=20)
        if self.fails_with:
            raise self.fails_with.pop(0)
        self.sent.append(envelope)


class NoTransport:
    """As a channel without a provider: the message waits, and staff see why."""

    repeats = True

    def send(self, envelope: Envelope) -> None:
        raise TransportError(f"no provider is configured for {envelope.channel}")
