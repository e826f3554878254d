"""A clock that a test moves, for whatever asks the time."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

# Modules that ask `time.time()`: each keeps the module under this name.
_ASK_TIME = (
    "guichet.web.freshness",
    "allauth.account.models",
    "allauth.account.internal.stagekit",
    "django.core.signing",
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.fromtimestamp(int(time.time()), tz=UTC)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        for module in _ASK_TIME:
            monkeypatch.setattr(f"{module}.time", SimpleNamespace(time=self.seconds))

    def seconds(self) -> float:
        return self.now.timestamp()

    def move(self, **length: float) -> datetime:
        """`clock.move(minutes=5)`; the new time."""
        self.now += timedelta(**length)
        return self.now

    def set_to(self, moment: datetime) -> None:
        self.now = moment
