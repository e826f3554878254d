"""The codes that a worker has delivered, read from the mailbox of the demo, as each phone would show its own."""

import re
import threading
import time
from typing import Any

import psycopg

from benchmarks.people import CAISSE

CODE = re.compile(r"\b\d{4,10}\b")
PATIENCE = 60.0
# Between two looks: the fifty who wait share one.
PAUSE = 0.02
# A message may be there only after one with a later number: so many before the last are looked at again.
LATE = 200
_DELIVERED = (
    f'SELECT id, "to", text FROM {CAISSE}.demo_mailboxmessage WHERE kind = %s AND id > %s ORDER BY id'  # noqa: S608  # our own name
)


class NoCodeError(RuntimeError):
    """No code came, or the message holds none."""


def code_in(text: str) -> str:
    found = CODE.search(text)
    if found is None:
        raise NoCodeError("the message holds no code")
    return found[0]


class Phones:
    """Of everybody at once. `connection` is the administrator's; it may be shared between threads."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._turn = threading.Lock()
        self._last = 0
        self._seen: set[int] = set()
        self._looked = float("-inf")
        self._codes: dict[str, str] = {}

    def take(self, phone: str) -> str:
        """The code sent to that phone, once it is there. Raises NoCodeError."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with self._turn:
                if time.monotonic() - self._looked >= PAUSE:
                    self._look()
                code = self._codes.pop(phone, None)
            if code is not None:
                return code
            time.sleep(PAUSE)  # polling another process
        raise NoCodeError("no code came")

    def _look(self) -> None:
        for number, phone, text in self._connection.execute(_DELIVERED, ["sms_code", self._last - LATE]):
            if number not in self._seen:
                self._seen.add(number)
                self._codes[phone] = code_in(text)
            self._last = max(self._last, number)
        self._looked = time.monotonic()
