"""What load balancers and supervisors ask of a process."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as proxy
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from guichet.tenancy.backend.base import DatabaseWrapper
from guichet.tenancy.connection import connection
from guichet.web import probes
from guichet.web.probes import HEALTHZ, READYZ
from tenants import readiness as questions
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.deploy import deploy
from tenants.readiness import Readiness
from tests.tenancy.test_hosts import UNKNOWN
from tests.tenants.provisioning.conftest import as_owner

OURS = ("alpha.localhost", "beta.localhost", "gie.localhost", "localhost", "ALPHA.localhost.:8000")
TO_HTTPS = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [""]}
OK = {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok"}


def asked(path: str, host: str = "10.0.0.1", method: str = "get", **more: Any) -> HttpResponse:
    answer: HttpResponse = getattr(Browser(SERVER_NAME="10.0.0.1", HTTP_HOST=host), method)(path, **more)
    return answer


def heartbeat(*, seconds_ago: int) -> None:
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


@pytest.fixture
def no_database() -> None:
    """A query fails the test, and so does a look at a connection that another test has left."""
    connection.close()


@pytest.fixture
def worker(committed: None) -> None:
    """One that has just beaten."""
    heartbeat(seconds_ago=0)


@pytest.fixture
def suspended(committed: None) -> None:
    """Taken back with the world."""
    as_owner("UPDATE tenants_caisse SET state = 'suspended' WHERE schema_name = 'alpha'")


def test_a_process_lives_without_its_database(no_database: None) -> None:
    answer = asked(HEALTHZ)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_a_probe_answers_on_any_host(path: str, worker: None) -> None:
    for host in (*OURS, *UNKNOWN):
        answer = asked(path, host)
        assert answer.status_code == 200, host
        assert "Location" not in answer.headers
        assert not answer.cookies


@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_a_probe_is_kept_by_nobody_and_reads_no_session(path: str, worker: None) -> None:
    browser = Browser(SERVER_NAME="10.0.0.1", HTTP_HOST="alpha.localhost")
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    with CaptureQueriesContext(proxy) as queries:
        answer = browser.get(path, {"next": "x"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Vary" not in answer.headers
    statements = " ".join(query["sql"] for query in queries)
    assert "FROM django_session" not in statements
    assert "FROM tenants_" not in statements


@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_a_probe_answers_where_the_caisse_is_suspended(path: str, suspended: None, worker: None) -> None:
    assert asked("/", "alpha.localhost").status_code == 503
    assert asked(path, "alpha.localhost").status_code == 200


@override_settings(**TO_HTTPS)
@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_a_probe_is_not_sent_to_https(path: str, worker: None) -> None:
    for host in ("alpha.localhost", "unknown.example.org", "127.0.0.1"):
        assert asked(path, host).status_code == 200


@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_a_probe_is_only_read(path: str, method: str, no_database: None) -> None:
    answer = asked(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_head_is_answered_like_get_without_a_body(path: str, worker: None) -> None:
    answer = asked(path, method="head")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["/healthz/", "/readyz/", "/healthz/x", "/x/healthz", "/HEALTHZ", "//healthz"]
)
def test_only_the_very_address_is_a_probe(path: str, db: None) -> None:
    assert asked(path).status_code == 404


@pytest.mark.parametrize("tree", ["front", "gie", "caisse"])
@pytest.mark.parametrize("path", [HEALTHZ, READYZ])
def test_no_address_of_a_tree_is_hidden_by_a_probe(tree: str, path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path, settings.URL_TREES[tree])


def test_a_process_that_may_be_given_requests_says_so_line_by_line(worker: None) -> None:
    answer = asked(READYZ)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content) == OK
    assert '\n  "worker": "ok"\n' in answer.content.decode()


def test_without_a_worker_it_says_so(committed: None) -> None:
    answer = asked(READYZ)
    assert (answer.status_code, json.loads(answer.content)) == (503, {**OK, "ready": False, "worker": "none"})


def test_a_worker_that_beats_no_more_is_silent_and_another_speaks_for_it(committed: None) -> None:
    heartbeat(seconds_ago=31)
    answer = asked(READYZ)
    assert (answer.status_code, json.loads(answer.content)) == (
        503,
        {**OK, "ready": False, "worker": "silent"},
    )
    heartbeat(seconds_ago=29)
    assert json.loads(asked(READYZ).content) == OK


def test_a_migration_that_the_database_lacks_is_pending(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = questions._wanted()
    monkeypatch.setattr(questions, "_wanted", lambda: [*known, "pawn.9999_next"])
    answer = asked(READYZ)
    assert (answer.status_code, json.loads(answer.content)) == (
        503,
        {**OK, "ready": False, "migrations": "pending"},
    )


def test_a_database_ahead_of_the_code_has_nothing_pending(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = questions._wanted()
    assert len(known) > 50
    monkeypatch.setattr(questions, "_wanted", lambda: known[1:])
    assert json.loads(asked(READYZ).content) == OK


@pytest.fixture
def without_the_grant(committed: None) -> Iterator[None]:
    """As on a database whose last deploy was of an older release."""
    role = role_names().public
    as_owner("REVOKE SELECT (last_heartbeat) ON procrastinate_workers FROM {role}", role=role)
    yield
    as_owner("GRANT SELECT (last_heartbeat) ON procrastinate_workers TO {role}", role=role)


def test_what_the_last_deploy_did_not_grant_is_pending_until_the_next(without_the_grant: None) -> None:
    heartbeat(seconds_ago=0)
    answer = asked(READYZ)
    pending = {"ready": False, "database": "ok", "migrations": "pending", "worker": "unknown"}
    assert (answer.status_code, json.loads(answer.content)) == (503, pending)
    assert deploy(say=lambda _: None).migrated == 0
    assert json.loads(asked(READYZ).content) == OK


NO_WORD = {"ready": False, "database": "no answer", "migrations": "unknown", "worker": "unknown"}


def test_a_database_that_is_away_is_said_without_its_address(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere/at/all")
    answer = asked(READYZ)
    assert (answer.status_code, json.loads(answer.content)) == (503, NO_WORD)
    connection.close()


def test_a_database_that_makes_it_wait_is_an_answer_too(worker: None) -> None:
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("LOCK TABLE procrastinate_workers IN ACCESS EXCLUSIVE MODE")
        # An answer that waits for the lock gets it in the end, and is another one.
        patience = threading.Timer(60, owner.rollback)
        patience.start()
        answer = asked(READYZ)
        patience.cancel()
        patience.join()
        owner.rollback()
    assert (answer.status_code, json.loads(answer.content)) == (503, NO_WORD)
    assert json.loads(asked(READYZ).content) == OK


def test_however_often_it_is_asked_the_database_is_asked_once_in_a_while(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "FRESH_SECONDS", 3600.0)
    browser = Browser()
    with CaptureQueriesContext(proxy) as queries:
        assert {browser.get(READYZ).status_code for _ in range(50)} == {200}
    assert len([query for query in queries if "procrastinate_workers" in query["sql"]]) == 1
    assert len(queries) <= 5

    monkeypatch.setattr(probes, "FRESH_SECONDS", 0.0)
    as_owner("DELETE FROM procrastinate_workers")
    assert browser.get(READYZ).status_code == 503


def test_one_thread_waits_for_the_database_and_the_others_are_told_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released, calls = threading.Event(), []

    def hang(**_: Any) -> Readiness:
        calls.append(threading.current_thread())
        released.wait(30)
        return Readiness(database="ok", migrations="ok", worker="ok")

    monkeypatch.setattr(probes, "readiness", hang)
    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 0.05)
    latest = probes._Latest()
    first = threading.Thread(target=latest.response)
    first.start()
    while not calls:
        time.sleep(0.01)  # polling another process
    try:
        assert latest.response().status_code == 503
        assert len(calls) == 1
    finally:
        released.set()
        first.join()
    assert latest.response().status_code == 200


def test_a_change_is_logged_once(
    committed: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(probes, "FRESH_SECONDS", 0.0)
    browser = Browser()
    for _ in range(3):
        browser.get(READYZ)
    heartbeat(seconds_ago=0)
    for _ in range(3):
        browser.get(READYZ)
    said = [(record.levelname, record.args) for record in caplog.records if record.name == probes.__name__]
    assert [level for level, _ in said] == ["WARNING", "INFO"]


def test_what_follows_a_probe_leaves_an_idle_connection_alone(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database hangs, a question after the answer would keep the thread."""
    browser = Browser()
    browser.get(READYZ)
    monkeypatch.setattr(DatabaseWrapper, "cursor", None)
    assert connection.connection is not None
    assert browser.get(HEALTHZ).status_code == 200
