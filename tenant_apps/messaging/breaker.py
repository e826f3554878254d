"""Spares a provider that does not answer, and the workers that would wait for it one message after the other."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tenant_apps.messaging.transports import ProviderDownError, RefusedError, TransportError

HOLD_SECONDS = 30.0
log = logging.getLogger(__name__)


class Breaker:
    """Of one process: it saves time, and no message depends on what it remembers.

    Once a provider has failed to answer, nobody calls it for `HOLD_SECONDS`; then one caller tries, while the others
    go on without. A message that is turned away here counts it as a try, and comes back after its delay.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_until: dict[str, float] = {}

    @contextmanager
    def calling(self, provider: str) -> Iterator[None]:
        """Raises ProviderDownError without a call while the provider is spared."""
        self._enter(provider)
        try:
            yield
        except ProviderDownError as error:
            self._failed(provider, str(error))
            raise
        except (TransportError, RefusedError):
            self._answered(provider)
            raise
        else:
            self._answered(provider)

    def forget(self) -> None:
        self._closed_until.clear()

    def _enter(self, provider: str) -> None:
        with self._lock:
            until = self._closed_until.get(provider)
            if until is None:
                return
            if time.monotonic() < until:
                raise ProviderDownError("the provider is down")
            # This one tries; until it has an answer the others do not.
            self._closed_until[provider] = time.monotonic() + HOLD_SECONDS

    def _failed(self, provider: str, why: str) -> None:
        with self._lock:
            news = provider not in self._closed_until
            self._closed_until[provider] = time.monotonic() + HOLD_SECONDS
        if news:
            log.error("provider %s does not answer: %s", provider, why)

    def _answered(self, provider: str) -> None:
        with self._lock:
            was_down = self._closed_until.pop(provider, None) is not None
        if was_down:
            log.warning("provider %s answers again", provider)


breaker = Breaker()
