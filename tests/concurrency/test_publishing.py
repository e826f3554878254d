import threading
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError
from django_tenants.utils import tenant_context

from tenants.models import Caisse
from tenants.policy.models import PolicyVersion
from tenants.policy.publish_policy import publish_policy
from tenants.policy.selectors import published_of
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.concurrency.parallel import at_once
from tests.world import ALPHA, BETA, NOON

WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"


def publish(schema: str, author: str) -> int:
    published = published_of(schema=schema)
    with tenant_context(caisse_of_schema(schema=schema)):
        return publish_policy(document=published.document, author=author, reason="test", at=NOON).number


def versions(caisse: Caisse) -> list[tuple[int, str]]:
    with tenant_context(caisse):
        return list(PolicyVersion.objects.order_by("number").values_list("number", "author"))


def wait_for(count: int, connection: "psycopg.Connection[Any]") -> None:
    pause = threading.Event()
    for _ in range(200):
        found = connection.execute(WAITING).fetchone()
        if found and found[0] >= count:
            return
        pause.wait(0.05)
    pytest.fail(f"{count} publishers never waited for each other")


def test_of_two_versions_published_at_once_one_wins_and_the_other_is_told(alpha_committed: Caisse) -> None:
    outcomes: list[int | Exception] = []
    with as_migrator() as gate, as_migrator() as watch:
        become_owner(gate)
        # Nobody gets past the last statement until both have counted the same number.
        gate.execute("SELECT 1 FROM tenants_caisse WHERE schema_name = 'alpha' FOR UPDATE")
        both = [partial(publish, ALPHA, "Ada"), partial(publish, ALPHA, "Bob")]
        publishers = threading.Thread(target=lambda: outcomes.extend(at_once(both)))
        publishers.start()
        try:
            wait_for(2, watch)
        finally:
            gate.rollback()
            publishers.join(timeout=30)

    assert set(map(type, outcomes)) == {int, IntegrityError}
    winner = ("Ada", "Bob")[outcomes.index(2)]
    assert versions(alpha_committed) == [(1, "tests"), (2, winner)]
    assert caisse_of_schema(schema=ALPHA).policy_version == 2


def test_versions_published_by_many_at_once_have_no_gap_and_no_double(alpha_committed: Caisse) -> None:
    outcomes = at_once([partial(publish, ALPHA, f"Author {number}") for number in range(6)])

    won = sorted(outcome for outcome in outcomes if isinstance(outcome, int))
    assert won
    assert all(isinstance(outcome, int | IntegrityError) for outcome in outcomes)
    assert [number for number, _ in versions(alpha_committed)] == [1, *won] == list(range(1, len(won) + 2))
    assert caisse_of_schema(schema=ALPHA).policy_version == won[-1]


def test_two_caisses_publish_at_once_without_meeting(committed: None) -> None:
    outcomes = at_once([partial(publish, schema, "Ada") for schema in (ALPHA, BETA)])
    assert outcomes == [2, 2]
    assert {caisse_of_schema(schema=schema).policy_version for schema in (ALPHA, BETA)} == {2}
