"""What the tests of the way in share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from tenant_apps.identity import stages, tasks
from tenants.selectors import caisse_of_schema
from tests.hashers import CheapHasher
from tests.world import ANNE

BrowserAt = Callable[[str], Browser]


@pytest.fixture
def browser(browser_at: BrowserAt) -> Browser:
    """A browser at Anne's caisse that has never been there."""
    return browser_at(ANNE.host)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each hash of a secret that was made."""
    made: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(CheapHasher, name)

        def counted(
            self: CheapHasher, *args: object, _real: Callable[..., object] = real, **kwargs: object
        ) -> object:
            made.append(_real.__name__)
            return _real(self, *args, **kwargs)

        monkeypatch.setattr(CheapHasher, name, counted)
    return made


class Worker:
    """What a worker does with the jobs of a blind second step, when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        monkeypatch.setattr(stages, "enqueue", self._note)

    def _note(self, task: str, **arguments: Any) -> int | None:
        assert task == "identity.send_code"
        self.asked.append({"tenant": connection.schema_name, **arguments})
        return enqueue(task, **arguments)

    def run(self) -> None:
        """Every job that was asked for since the last time."""
        waiting, self.asked = self.asked, []
        for arguments in waiting:
            with tenant_context(caisse_of_schema(schema=arguments["tenant"])):
                tasks.send_code(**arguments)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)
