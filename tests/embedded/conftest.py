from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from guichet.embedded import EmbeddedServer
from guichet.embedded.programs import Version


class MakeServer(Protocol):
    def __call__(
        self, name: str = "data", *, durable: bool = False, version: Version = 18
    ) -> EmbeddedServer: ...


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[MakeServer]:
    """Servers in folders of the test; whatever the test did to them, nothing of them is left afterwards."""
    made: list[EmbeddedServer] = []

    def make(name: str = "data", *, durable: bool = False, version: Version = 18) -> EmbeddedServer:
        made.append(EmbeddedServer(tmp_path / name, durable=durable, version=version))
        return made[-1]

    yield make
    for server in reversed(made):
        server.destroy()


@pytest.fixture
def server(make_server: MakeServer) -> EmbeddedServer:
    return make_server()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One started server, for the tests that only look at it."""
    server = EmbeddedServer(tmp_path_factory.mktemp("running") / "data", durable=False)
    server.start()
    yield server
    server.destroy()
