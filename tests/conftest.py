"""One embedded server a run, two caisses built once, a rollback after each test."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import environ
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client as Browser
from django_tenants.utils import tenant_context
from hypothesis import settings as properties

from guichet.embedded import EmbeddedServer
from guichet.embedded.programs import locate
from guichet.tenancy.connection import connection
from tenants.models import Caisse
from tenants.policy.current import _published
from tenants.selectors import caisse_of_schema
from tests import servers
from tests.clock import Clock
from tests.mould import begin, throw_away
from tests.spreading import Spreading, long_ones_first
from tests.world import ALPHA, BETA, build_world, restore_world

# How long an example takes depends on what else the machine does: no test is about time.
properties.register_profile("guichet", deadline=None)
properties.load_profile("guichet")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading:
    return Spreading(config, log)


# After pytest-django's own order, which is for kinds of tests that are not ours.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long_ones_first(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    throw_away(config)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """The run's own PostgreSQL, which `django_db_setup` starts; each parallel worker has one, and each run too."""
    servers.forget_the_dead()
    with servers.server("world") as found:
        yield found
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(
    server: EmbeddedServer, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """pytest-django's own would create a database as the web's login, which may not."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    settings.PG_DUMP = str(locate(18).path("pg_dump"))
    address = environ.Env.db_url_config(server.url("guichet"))
    settings.ADMINISTRATOR.clear()
    settings.ADMINISTRATOR.update(address)
    for target in (settings.DATABASES["default"], connections["default"].settings_dict):
        target.update(HOST=address["HOST"], PORT=address["PORT"], NAME=address["NAME"])
        target["OPTIONS"] = {**target["OPTIONS"], **address.get("OPTIONS", {})}
    run = tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else None

    def build() -> None:
        server.ensure_database("guichet")
        build_world()
        connections.close_all()

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own fixture type is private
        begin(server, run=run, files=settings.MEDIA_ROOT, build=build)


@pytest.fixture
def alpha(db: None) -> Caisse:
    """A caisse: 10 or 11 digits, password, SMS."""
    return caisse_of_schema(schema=ALPHA)


@pytest.fixture
def beta(db: None) -> Caisse:
    """The other caisse, with the same rules; its rows have the same primary keys."""
    return caisse_of_schema(schema=BETA)


@pytest.fixture
def in_alpha(alpha: Caisse) -> Iterator[Caisse]:
    with tenant_context(alpha):
        yield alpha


@pytest.fixture
def browser_at() -> Callable[[str], Browser]:
    """A browser for a host: `browser_at("alpha.localhost")`."""
    return lambda host: Browser(SERVER_NAME=host, HTTP_HOST=host)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of views, sessions, sign-ins and signatures, which the test moves."""
    return Clock(monkeypatch)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real commits, for parallel tries and for other processes; what they wrote is taken back afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own fixture type is private
        connection.set_schema_to_public()
        try:
            yield
        finally:
            connection.set_schema_to_public()
            restore_world()


@pytest.fixture(autouse=True)
def _back_to_public() -> Iterator[None]:
    """No test inherits a caisse, a cached value or a published policy from the one before."""
    yield
    connection.set_schema_to_public()
    cache.clear()
    # A rollback takes the version back, and the next test publishes another one under the same number.
    _published.cache_clear()
