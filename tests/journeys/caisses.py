"""The caisses of the tests for a browser to visit: this very process serves them, and its commits are taken back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread

T = TypeVar("T")


class Caisses:
    """Where they answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._aside = ThreadPoolExecutor(max_workers=1)

    def url(self, caisse: str, path: str = "/") -> str:
        return f"http://{caisse}.localhost:{self.port}{path}"

    def do(self, act: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """In a thread of its own: Playwright's event loop, in this one, lets Django touch no database."""

        def run() -> T:
            try:
                return act(*args, **kwargs)
            finally:
                connections.close_all()

        return self._aside.submit(run).result(timeout=60)


@contextmanager
def serving() -> Iterator[Caisses]:
    """The caller takes back what was committed."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(timeout=30)
    if thread.error:
        raise thread.error
    try:
        yield Caisses(thread.port)
    finally:
        thread.terminate()
