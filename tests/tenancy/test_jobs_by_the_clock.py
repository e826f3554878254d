import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from tenants.jobs.clock import Rhythm, fan_out
from tenants.jobs.middleware import in_its_caisse
from tenants.models import Caisse
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.selectors import caisse_of_schema
from tests.tenancy.catalogue import asked
from tests.tenancy.queue import jobs
from tests.world import ALPHA, BETA

EACH_MINUTE = ("demo.tell_late", "journal.seal", "messaging.sweep", "payments.sweep")


@pytest.fixture
def ghost(committed: None) -> Iterator[None]:
    """A caisse whose schema and role are lost, first in every order."""
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "INSERT INTO tenants_caisse (uuid, schema_name, name, town, folded_name, kind, state, listed,"
            " policy_version, placement, created_at) VALUES (gen_random_uuid(), 'aaa_ghost', 'Fantôme', 'Nulle part',"
            " 'nulle part fantome', 'caisse', 'active', false, 1, 'main', now())"
        )
    yield
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("DELETE FROM tenants_caisse WHERE schema_name = 'aaa_ghost'")


def run_job(act: Callable[[], Any], **arguments: Any) -> Any:
    """As a worker runs it."""
    context: Any = SimpleNamespace(job=SimpleNamespace(id=1, task_name="test", task_kwargs=arguments))
    return in_its_caisse(act, context, object())


def role_in_use() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        found: str = cursor.fetchone()[0]
        return found


def test_each_tick_gives_each_caisse_one_job_of_each_kind(committed: None) -> None:
    for _ in range(3):
        assert fan_out(Rhythm.MINUTE) == 3 * len(EACH_MINUTE)
    assert [(job.task, job.args, job.queueing_lock) for job in jobs()] == [
        (task, {"tenant": schema}, f"{schema}:{task}")
        for schema in (ALPHA, BETA, "gie")
        for task in EACH_MINUTE
    ]
    assert connection.schema_name == "public"


def test_what_somebody_waits_for_goes_before_what_the_clock_asks_for(committed: None) -> None:
    fan_out(Rhythm.MINUTE)
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        enqueue("messaging.deliver", message="00000000-0000-4000-8000-000000000001")
    with as_migrator() as owner:
        become_owner(owner)
        # As a worker asks for its next job.
        [task] = owner.execute("SELECT (procrastinate_fetch_job_v2(NULL, NULL)).task_name").fetchall()
    assert task == ("messaging.deliver",)


def test_the_night_has_its_own_jobs(committed: None) -> None:
    fan_out(Rhythm.NIGHT)
    assert {job.task for job in jobs()} == {
        "desk.night",
        "documents.night",
        "identity.forget",
        "journal.erase_addresses",
        "pawn.night",
        "payments.night",
    }


def test_a_lost_caisse_does_not_keep_the_others_from_their_jobs(
    ghost: None, caplog: pytest.LogCaptureFixture
) -> None:
    fan_out(Rhythm.MINUTE)

    tenants = [job.args["tenant"] for job in jobs() if job.task == EACH_MINUTE[0]]
    assert tenants == [ALPHA, BETA, "gie"]
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "aaa_ghost" in record.getMessage()
    assert connection.schema_name == "public"


def test_a_job_runs_as_its_caisse_and_leaves_public_behind(committed: None) -> None:
    names = role_names()
    for schema in (ALPHA, BETA, ALPHA):
        assert run_job(role_in_use, tenant=schema) == names.of_schema(schema)
        assert connection.schema_name == "public"
        assert role_in_use() == names.public


def test_a_job_that_fails_leaves_public_behind(committed: None) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for arguments in ({"tenant": ALPHA}, {}):
        with pytest.raises(ZeroDivisionError):
            run_job(fail, **arguments)
        assert role_in_use() == role_names().public


def test_a_tick_runs_in_public_whatever_ran_before(pair: dict[str, Caisse]) -> None:
    connection.set_tenant(pair[ALPHA])
    assert run_job(role_in_use, timestamp=0) == role_names().public


def test_a_tick_that_forgets_a_caisse_does_not_leave_it_to_the_next_job(pair: dict[str, Caisse]) -> None:
    run_job(lambda: connection.set_tenant(pair[ALPHA]), timestamp=0)
    assert connection.schema_name == "public"


@pytest.mark.parametrize("tenant", ["nobody", "", "public; drop", None])
def test_a_job_of_no_known_caisse_is_not_run(tenant: str | None, committed: None) -> None:
    ran: list[str] = []
    if tenant is None:
        run_job(lambda: ran.append(connection.schema_name), tenant=None)
        assert ran == ["public"]
        return
    with pytest.raises(Caisse.DoesNotExist):
        run_job(lambda: ran.append("ran"), tenant=tenant)
    assert ran == []


def test_a_worker_outlives_its_connection(pair: dict[str, Caisse]) -> None:
    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found: int = cursor.fetchone()[0]
            return found

    before = run_job(backend, tenant=ALPHA)
    asked("SELECT pg_terminate_backend(%s, 5000)", before)

    assert run_job(backend, tenant=ALPHA) != before
    with tenant_context(pair[BETA]):
        assert role_in_use() == role_names().of_schema(BETA)
