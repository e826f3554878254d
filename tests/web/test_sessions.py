"""The store of sessions."""

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import connection as proxy
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.web.sessions import SessionStore
from tenants.models import Caisse


def _said(store: SessionStore) -> str:
    found = SessionStore(store.session_key).get("said", "nothing")
    return str(found)


def test_a_new_session_is_written_once_and_with_all_that_it_holds(alpha: Caisse) -> None:
    with tenant_context(alpha):
        Session.objects.count()
        with CaptureQueriesContext(proxy) as queries:
            store = SessionStore()
            store.cycle_key()
            store["said"] = "bonjour"
            store.save()
    assert [query["sql"].split(" ", 1)[0] for query in queries] == ["INSERT"]
    with tenant_context(alpha):
        assert _said(store) == "bonjour"


def test_a_session_begun_empty_keeps_the_key_that_was_written_down(alpha: Caisse) -> None:
    with tenant_context(alpha):
        store = SessionStore()
        store.create()
        key = store.session_key
        store["said"] = "bonjour"
        store.save()
        assert store.session_key == key
        assert _said(store) == "bonjour"


def test_a_key_that_changes_keeps_what_was_said_and_ends_the_old_one(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        store = SessionStore()
        store["said"] = "bonjour"
        store.save()
        before = store.session_key
        store.cycle_key()
        store.save()
        assert store.session_key != before
        assert _said(store) == "bonjour"
        assert Session.objects.count() == 1
        assert SessionStore(before).get("said") is None
    with tenant_context(beta):
        assert _said(store) == "nothing"


def test_the_table_holds_no_key(alpha: Caisse) -> None:
    with tenant_context(alpha):
        store = SessionStore()
        store.save()
        assert Session.objects.get().session_key == SessionStore.stored_key(store.session_key or "")


def test_a_session_that_somebody_has_ended_is_not_written_again(alpha: Caisse) -> None:
    with tenant_context(alpha):
        store = SessionStore()
        store.save()
        SessionStore.end(SessionStore.stored_key(store.session_key or ""))
        with pytest.raises(UpdateError):
            store.save()
        assert not Session.objects.exists()


def test_a_key_that_is_taken_is_not_given_twice(alpha: Caisse) -> None:
    with tenant_context(alpha):
        store = SessionStore()
        store["said"] = "bonjour"
        store.save()
        with pytest.raises(CreateError):
            SessionStore(store.session_key).save(must_create=True)
        assert _said(store) == "bonjour"
