"""Ctrl-C, SIGTERM and a closed terminal: noted at once, acted upon where nothing is left half done."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAskedError(Exception):
    """Somebody asked the demo to stop. Not a failure."""


class Interruption:
    """From its making on, those signals no longer end this process by themselves."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._foreground: subprocess.Popen[str] | None = None
        for number in SIGNALS:
            signal.signal(number, lambda *_: self.ask())

    def ask(self) -> None:
        self._asked.set()
        # Waiting for the lines of a process goes on after a signal: only its end ends that wait.
        if self._foreground is not None and self._foreground.poll() is None:
            self._foreground.terminate()

    def heed(self) -> None:
        """Raises StopAskedError once asked."""
        if self._asked.is_set():
            raise StopAskedError

    def wait(self, seconds: float) -> None:
        """Raises StopAskedError as soon as asked."""
        self._asked.wait(seconds)
        self.heed()

    @contextmanager
    def ends(self, process: subprocess.Popen[str]) -> Iterator[None]:
        """While this process waits for that one, being asked to stop ends that one."""
        self._foreground = process
        if self._asked.is_set():
            self.ask()
        try:
            yield
        finally:
            self._foreground = None
