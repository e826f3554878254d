"""The doors to client files, and the indexes that keep them quick where a caisse has many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenant_apps.clients.register_client import register_client
from tenant_apps.clients.selectors import clients_named, clients_numbered
from tenants.models import Caisse


def plan_of(sql: str) -> str:
    """How the server would answer, were the table too large to be read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_names_and_numbers_are_looked_up_in_their_indexes(in_alpha: Caisse) -> None:
    with CaptureQueriesContext(connection) as queries:
        clients_named(words="mar jean", limit=5)
        clients_numbered(typed="c-1", limit=5)
    named, numbered = (query["sql"] for query in queries if "clients_client" in query["sql"])
    assert "client_name_words" in plan_of(named)
    assert "client_bare_number" in plan_of(numbered)


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "’", "…"])
def test_what_holds_no_letter_names_nobody(in_alpha: Caisse, typed: str) -> None:
    assert clients_named(words=typed, limit=5) == []
    assert clients_numbered(typed=typed, limit=5) == []


def test_no_more_are_given_than_asked_in_the_order_of_names(in_alpha: Caisse) -> None:
    for number, first in enumerate(("Zoé", "Élie", "Émile", "Ève")):
        register_client(
            number=f"D-{number}",
            title="none",
            first_name=first,
            last_name="Durand",
            birth_date=None,
            email="",
            mobile="",
        )
    assert [each.first_name for each in clients_named(words="dur", limit=3)] == ["Élie", "Émile", "Ève"]


def test_two_numbers_that_differ_by_a_dash_are_two_people(in_alpha: Caisse) -> None:
    for number in ("E-12", "E12"):
        register_client(
            number=number,
            title="none",
            first_name="Zoé",
            last_name=number,
            birth_date=None,
            email="",
            mobile="",
        )
    assert {each.number for each in clients_numbered(typed="e12", limit=5)} == {"E-12", "E12"}
