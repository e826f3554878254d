"""All that a run draws, and its clock: the same seed draws the same, down to the uuids."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


class Chance(random.Random):
    """`happens(0.1)`: one time in ten."""

    def happens(self, share: float) -> bool:
        return self.random() < share


class SimulatedClock:
    """Stands still until it is moved, and never goes back."""

    def __init__(self) -> None:
        self.now = START

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def move(self, by: timedelta) -> None:
        self.now += by


@contextmanager
def drawn_from(seed: int, clock: SimulatedClock) -> Iterator[None]:
    """Uuids and nonces come out of the seed, and whoever asks the time is told the simulated one."""
    bytes_of = random.Random(f"bytes of {seed}")  # noqa: S311  # nothing is secret in a simulation
    with (
        patch.object(os, "urandom", bytes_of.randbytes),
        patch.object(timezone, "now", lambda: clock.now),
    ):
        yield
