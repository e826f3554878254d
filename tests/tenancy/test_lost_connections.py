import pytest
from django.db import connection as proxy
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from guichet.tenancy.connection import connection
from tenants.models import Caisse
from tenants.selectors import caisse_of_host
from tests.tenancy.catalogue import asked
from tests.world import ALPHA, ANNE

HOME = "SELECT pg_backend_pid()"


def backend() -> int:
    """The process of the server that this connection leads to."""
    row = connection.first_row(HOME, [])
    assert row is not None
    return int(row[0])


def between_two_requests() -> None:
    """What Django does with a connection when a request ends, and again when the next one begins."""
    connection.rest_in_public()
    connection.close_if_unusable_or_obsolete()


def test_a_request_outlives_a_connection_that_the_server_has_closed(pair: dict[str, Caisse]) -> None:
    before = backend()
    between_two_requests()
    asked("SELECT pg_terminate_backend(%s, 5000)", before)

    found = caisse_of_host(host=ANNE.host)

    assert found is not None
    assert found.schema_name == ALPHA
    assert backend() != before


def test_the_look_up_of_the_host_is_the_only_probe(pair: dict[str, Caisse]) -> None:
    backend()
    between_two_requests()

    with CaptureQueriesContext(proxy) as queries:
        caisse_of_host(host=ANNE.host)

    assert len(queries) == 1


def test_an_error_of_the_question_itself_is_not_asked_twice(pair: dict[str, Caisse]) -> None:
    before = backend()
    with connection.cursor() as cursor:
        # What cuts the statement short raises the same error as a lost connection, and this one still lives.
        cursor.execute("SET statement_timeout = '50ms'")
    between_two_requests()
    try:
        with CaptureQueriesContext(proxy) as queries, pytest.raises(OperationalError):
            connection.first_row("SELECT pg_sleep(5)", [])
        assert sum("pg_sleep" in query["sql"] for query in queries) == 1
        assert backend() == before
    finally:
        connection.close()
