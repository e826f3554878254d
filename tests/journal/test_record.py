"""The journal: written by services, never changed, and without a name in it."""

import pytest
from django.db import DatabaseError, transaction

from tenant_apps.journal.models import Event
from tenant_apps.journal.record import record
from tenants.models import Caisse
from tests.world import NOON


def test_an_event_keeps_what_it_is_about(in_alpha: Caisse) -> None:
    record(kind="sign_in.refused", at=NOON, subject="abc", address="2001:db8::1", tries=3)
    event = Event.objects.order_by("-id")[0]
    assert (event.kind, event.at, event.subject, event.address) == (
        "sign_in.refused",
        NOON,
        "abc",
        "2001:db8::1",
    )
    assert event.details == {"tries": 3}


def test_an_event_leaves_with_the_transaction_that_wrote_it(in_alpha: Caisse) -> None:
    before = Event.objects.count()

    def fails() -> None:
        with transaction.atomic():
            record(kind="x", at=NOON)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert Event.objects.count() == before


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_itself_keeps_events_as_they_are(in_alpha: Caisse, act: str) -> None:
    record(kind="x", at=NOON)
    found = Event.objects.filter(kind="x")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        found.update(kind="y") if act == "update" else found.delete()
