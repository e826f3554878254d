from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from procrastinate import SyncPsycopgConnector
from procrastinate.contrib.django import app

from guichet.tenancy.enqueue import enqueue
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.provisioning.connections import address, role_names
from tests.tenancy.queue import jobs
from tests.world import NOON

TASK = "messaging.sweep"


class ChangedMindError(Exception):
    """What undoes the work of a test."""


def begin_and_regret(act: Callable[[], object]) -> None:
    """All of it in a transaction, or in a savepoint of the one around, that is rolled back."""
    with pytest.raises(ChangedMindError):
        _regret(act)


@transaction.atomic
def _regret(act: Callable[[], object]) -> None:
    act()
    raise ChangedMindError


@pytest.fixture
def in_a_worker(at_alpha: Caisse) -> Iterator[None]:
    """There the library's connector is not Django's connection, for whatever runs meanwhile."""
    names = role_names()
    connector = SyncPsycopgConnector(
        conninfo=address(login=names.worker),
        kwargs={"options": f"-c role={names.queue} -c search_path=public"},
    )
    with app.replace_connector(connector) as jobs_app, jobs_app.open():
        yield


@pytest.fixture(params=["web", "worker"])
def process(request: pytest.FixtureRequest, at_alpha: Caisse) -> None:
    if request.param == "worker":
        request.getfixturevalue("in_a_worker")


def test_a_job_leaves_with_the_transaction_that_asked_for_it(process: None) -> None:
    with transaction.atomic():
        enqueue(TASK)
        assert jobs() == []
    assert [job.task for job in jobs()] == [TASK]


def test_a_job_goes_with_the_transaction_that_is_rolled_back(process: None) -> None:
    begin_and_regret(lambda: (Event.objects.create(kind="test", at=NOON), enqueue(TASK)))
    assert jobs() == []
    assert not Event.objects.filter(kind="test").exists()


def test_a_job_goes_with_the_savepoint_that_is_rolled_back(process: None) -> None:
    with transaction.atomic():
        enqueue(TASK, lock="stays")
        begin_and_regret(lambda: enqueue(TASK, lock="goes"))
    assert [job.lock for job in jobs()] == ["alpha:stays"]


def test_a_queueing_lock_that_was_rolled_back_is_free_again(process: None) -> None:
    begin_and_regret(lambda: enqueue(TASK, queueing_lock="once"))
    assert enqueue(TASK, queueing_lock="once") is not None
    assert len(jobs()) == 1


def test_in_a_worker_the_library_s_own_way_would_leave_the_job_behind(in_a_worker: None) -> None:
    # Why the helper exists: were this to fail, it could go.
    begin_and_regret(lambda: app.configure_task(TASK).defer(tenant="alpha"))
    assert [job.task for job in jobs()] == [TASK]
