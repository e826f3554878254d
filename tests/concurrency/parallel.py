"""Many threads let go at once, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
SECONDS = 30


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each returned or raised, in the order given; none starts before all are there."""
    ready = Barrier(len(acts), timeout=SECONDS)

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            ready.wait()
            return act()
        except Exception as error:  # noqa: BLE001  # whatever was raised is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return [future.result(timeout=SECONDS) for future in [threads.submit(run, act) for act in acts]]
