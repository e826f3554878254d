import json
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django_tenants.utils import tenant_context
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import _in_transaction, enqueue
from guichet.tenancy.router import NoTenantSetError
from tenants.models import Caisse
from tests.tenancy.queue import jobs

TASK = "messaging.sweep"
FORGED: dict[str, dict[str, Any]] = {
    "another caisse's": {"args": {"tenant": "beta"}},
    "nobody's": {"args": {}},
    "nothing said": {"args": None},
    "the caisse's name in capitals": {"args": {"tenant": "ALPHA"}},
    "a name that begins like ours": {"args": {"tenant": "alpha_2"}},
    "the caisse as a list": {"args": {"tenant": ["alpha"]}},
    "the lock of another caisse": {"args": {"tenant": "alpha"}, "lock": "beta:sweep"},
    "a lock of nobody": {"args": {"tenant": "alpha"}, "lock": "sweep"},
    "a lock that begins like ours": {"args": {"tenant": "alpha"}, "lock": "alpha_2:sweep"},
    "the queueing lock of another caisse": {"args": {"tenant": "alpha"}, "queueing_lock": "beta:sweep"},
    "a place before all others": {"args": {"tenant": "alpha"}, "priority": 1},
    "the queueing lock of a tick": {"args": {"tenant": "alpha"}, "queueing_lock": "tenants.minute"},
}


def defer(function: str, *wanted: dict[str, Any]) -> list[int]:
    """As hostile SQL of a caisse would, without our helper in between."""
    row = "ROW('default', %s, %s, %s, %s, %s::jsonb, NULL)"
    values: list[Any] = []
    for job in wanted:
        args = json.dumps(job["args"]) if job["args"] is not None else None
        values += [TASK, job.get("priority", 0), job.get("lock"), job.get("queueing_lock"), args]
    with connection.cursor() as cursor:
        rows = ", ".join([row] * len(wanted))
        cursor.execute(f"SELECT {function}(ARRAY[{rows}]::procrastinate_job_to_defer_v1[])", values)
        found: list[int] = cursor.fetchone()[0]
        return found


def test_a_job_carries_the_caisse_that_asked_for_it(pair: dict[str, Caisse]) -> None:
    for caisse in pair.values():
        with tenant_context(caisse):
            enqueue(TASK, lock="a", queueing_lock="b")

    assert [(job.args["tenant"], job.lock, job.queueing_lock) for job in jobs()] == [
        ("alpha", "alpha:a", "alpha:b"),
        ("beta", "beta:a", "beta:b"),
    ]


def test_the_helper_takes_no_other_caisse_as_an_argument(at_alpha: Caisse) -> None:
    with pytest.raises(TypeError):
        enqueue(TASK, tenant="beta")
    assert jobs() == []


@pytest.mark.parametrize("forgery", list(FORGED))
def test_the_database_refuses_a_forged_job(forgery: str, in_alpha: Caisse) -> None:
    with pytest.raises(ProgrammingError, match="job of another caisse"), transaction.atomic():
        defer("procrastinate_defer_jobs_v1", FORGED[forgery])


def test_one_forged_job_among_good_ones_stops_them_all(at_alpha: Caisse) -> None:
    good = {"args": {"tenant": "alpha"}, "lock": "alpha:sweep"}
    with pytest.raises(ProgrammingError, match="job of another caisse"), transaction.atomic():
        defer("procrastinate_defer_jobs_v1", good, {"args": {"tenant": "beta"}})
    assert jobs() == []
    assert len(defer("procrastinate_defer_jobs_v1", good)) == 1


def test_a_caisse_does_not_flood_the_queue_with_one_statement(in_alpha: Caisse) -> None:
    good = {"args": {"tenant": "alpha"}}
    assert len(defer("procrastinate_defer_jobs_v1", *[good] * 100)) == 100
    with pytest.raises(ProgrammingError, match="too many jobs at once"), transaction.atomic():
        defer("procrastinate_defer_jobs_v1", *[good] * 101)


def test_the_library_itself_cannot_defer_a_forged_job(at_alpha: Caisse) -> None:
    deferrer = app.configure_task(TASK, lock="beta:sweep")
    deferrer.job_manager = _in_transaction
    with pytest.raises(ConnectorException), transaction.atomic():
        deferrer.defer(tenant="beta")
    assert jobs() == []


def test_the_function_behind_the_guarded_one_is_of_no_use_to_a_caisse(in_alpha: Caisse) -> None:
    for args in ({"tenant": "beta"}, {"tenant": "alpha"}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            defer("procrastinate_defer_jobs_v1_raw", {"args": args})


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM procrastinate_jobs",
        "SELECT * FROM procrastinate_events",
        "INSERT INTO procrastinate_jobs (task_name) VALUES ('tenants.minute') RETURNING args",
        "UPDATE procrastinate_jobs SET args = args",
        "DELETE FROM procrastinate_jobs",
        "SELECT procrastinate_fetch_job_v2(NULL, 1)",
        "SELECT procrastinate_cancel_job_v1(1, true, true)",
        "SELECT procrastinate_defer_periodic_job_v2('q', NULL, NULL, 'tenants.minute', 0, '', 0::bigint, '{}'::jsonb)",
        "SELECT nextval('procrastinate_jobs_id_seq')",
    ],
)
def test_a_caisse_neither_reads_nor_changes_the_queue(statement: str, in_alpha: Caisse) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_the_front_door_enqueues_nothing(db: None) -> None:
    with pytest.raises(NoTenantSetError):
        enqueue(TASK)
    with pytest.raises(ProgrammingError, match="permission denied for function"), transaction.atomic():
        defer("procrastinate_defer_jobs_v1", {"args": {"tenant": "alpha"}})


def test_the_same_lock_in_two_caisses_is_two_locks(pair: dict[str, Caisse]) -> None:
    for caisse in pair.values():
        with tenant_context(caisse):
            assert enqueue(TASK, queueing_lock="once")
            assert enqueue(TASK, queueing_lock="once") is None

    assert len(jobs()) == 2


def test_the_caller_goes_on_after_a_job_that_waits_already(at_alpha: Caisse) -> None:
    with transaction.atomic():
        enqueue(TASK, queueing_lock="once")
        assert enqueue(TASK, queueing_lock="once") is None
        assert enqueue(TASK) is not None

    assert len(jobs()) == 2
