"""The terminal: a line per step, ticked with its seconds once it is done."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CLEAR = "\r\x1b[K"


class Screen:
    """Counts the seconds of the step in hand where the terminal can, and stays plain in a file or a pipe."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._turn = threading.Lock()
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace", line_buffering=True)

    def say(self, text: str = "") -> None:
        with self._turn:
            try:
                print(f"{CLEAR if self._live else ''}{text}", flush=True)
            except OSError:
                # The reader has gone, with Ctrl-C in a pipe for instance: what was started still has to stop.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step that fails leaves no tick: the sentence that follows tells why."""
        began, done = time.monotonic(), threading.Event()
        counter = threading.Thread(target=self._count, args=(title, began, done), daemon=True)
        if self._live:
            counter.start()
        else:
            self.say(f"… {title}")
        try:
            yield
        finally:
            done.set()
            if self._live:
                counter.join()
        self.say(f"✓ {title} ({time.monotonic() - began:.1f} s)")

    def _count(self, title: str, began: float, done: threading.Event) -> None:
        while not done.is_set():
            with self._turn:
                print(f"{CLEAR}… {title} ({time.monotonic() - began:.0f} s)", end="", flush=True)
            done.wait(0.5)
        print(CLEAR, end="", flush=True)
