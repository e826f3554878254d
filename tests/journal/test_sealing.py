"""The journal is sealed in blocks, and whatever is changed afterwards is found."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.journal import seal_journal as sealing
from tenant_apps.journal.erase_addresses import erase_addresses
from tenant_apps.journal.models import Event, Seal
from tenant_apps.journal.record import record
from tenant_apps.journal.seal_journal import seal_journal
from tenant_apps.journal.verify_journal import Report, verify_journal
from tenants.models import Caisse
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.world import ALPHA, BETA

Tamper = Callable[[str], None]


def written(count: int, *, at: datetime | None = None, address: str | None = "192.0.2.7") -> None:
    for number in range(count):
        record(
            kind="test.event", at=at or timezone.now(), subject=f"s{number}", address=address, number=number
        )


def sealed() -> int:
    return seal_journal(now=timezone.now(), pause=lambda _: None)


def verified() -> Report:
    return verify_journal(now=timezone.now(), progress=lambda _: None)


def found(report: Report) -> list[tuple[int, str]]:
    return [(each.block, each.what) for each in report.verified.broken]


@pytest.fixture
def alpha_journal(committed: None) -> Caisse:
    """Alpha with three blocks of two events, committed."""
    caisse = caisse_of_schema(schema=ALPHA)
    with tenant_context(caisse):
        for _ in range(3):
            written(2)
            assert sealed() >= 1
    return caisse


@pytest.fixture
def tamper() -> Tamper:
    """As the owner of the tables: what no caisse may do, and a thief of the database could."""

    def act(statement: str) -> None:
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("SET LOCAL search_path = alpha")
            first = owner.execute("SELECT first FROM journal_seal WHERE number = 2").fetchone()
            owner.execute(statement.replace("$2", str(first and first[0])).encode())

    return act


def test_what_was_sealed_is_found_whole(in_alpha: Caisse) -> None:
    written(3)
    assert sealed() == 1
    report = verified()
    assert report.whole
    assert (report.verified.blocks, report.unsealed) == (1, 0)
    assert report.verified.events == Event.objects.count()
    assert sealed() == 0


def test_a_long_journal_is_sealed_in_blocks_that_follow_each_other(
    in_alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BLOCK", 2)
    monkeypatch.setattr("tenant_apps.journal.selectors.PIECE", 3)
    written(5)
    blocks = sealed()
    assert blocks >= 3
    seals = list(Seal.objects.order_by("number"))
    assert [each.number for each in seals] == list(range(1, blocks + 1))
    assert [each.first for each in seals[1:]] == [each.last + 1 for each in seals[:-1]]
    assert verified().whole


def test_the_journals_of_two_caisses_are_sealed_apart(alpha: Caisse, beta: Caisse) -> None:
    heads = []
    for caisse in (alpha, beta):
        with tenant_context(caisse):
            written(1)
            sealed()
            heads.append(Seal.objects.get().signed)
            assert verified().whole
    assert heads[0] != heads[1]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_caisse_itself_cannot_touch_a_seal(in_alpha: Caisse, act: str) -> None:
    written(1)
    sealed()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Seal.objects.update(count=0) if act == "update" else Seal.objects.all().delete()


# `$2` stands for the id of the first event of the second block.
ADDED = (
    "INSERT INTO journal_event (id, kind, at, subject, details) OVERRIDING SYSTEM VALUE"
    " SELECT -1, 'x', now(), '', '{}' WHERE $2 > 0"
)
SWAPPED = (
    "UPDATE journal_event a SET subject = b.subject, details = b.details FROM journal_event b"
    " WHERE a.id IN ($2, $2 + 1) AND b.id IN ($2, $2 + 1) AND a.id <> b.id"
)
REORDERED = (
    "UPDATE journal_seal SET number = number + 10 WHERE number > 1;"
    "UPDATE journal_seal SET number = 15 - number WHERE number > 10"
)
TAMPERED = {
    "another subject": ("UPDATE journal_event SET subject = 'x' WHERE id = $2", 2, "events_altered"),
    "a microsecond": (
        "UPDATE journal_event SET at = at + interval '1 us' WHERE id = $2",
        2,
        "events_altered",
    ),
    "another detail": (
        """UPDATE journal_event SET details = '{"number": 7}' WHERE id = $2""",
        2,
        "events_altered",
    ),
    "an event gone": ("DELETE FROM journal_event WHERE id = $2", 2, "events_missing"),
    "an event more": (ADDED, 1, "events_added"),
    "two events in each other's place": (SWAPPED, 2, "events_altered"),
    "another address": ("UPDATE journal_event SET address = '192.0.2.8' WHERE id = $2", 2, "address_altered"),
    "an address gone": (
        "UPDATE journal_event SET address = NULL, address_salt = '' WHERE id = $2",
        2,
        "address_missing",
    ),
    "a seal gone": ("DELETE FROM journal_seal WHERE number = 2", 3, "seal_missing"),
    "a seal of another day": (
        "UPDATE journal_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2",
        2,
        "seal_altered",
    ),
    "two seals in each other's place": (REORDERED, 2, "seal_missing"),
    "a seal without the key": ("UPDATE journal_seal SET signed = md5('') WHERE number = 2", 2, "seal_forged"),
    "seals of a key of one's own": ("UPDATE journal_seal SET key = 'ffffffff'", 3, "head_unsigned"),
}


@pytest.mark.parametrize(("statement", "block", "what"), TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_changed_is_found_in_its_block(
    alpha_journal: Caisse, tamper: Tamper, statement: str, block: int, what: str
) -> None:
    tamper(statement)
    with tenant_context(alpha_journal):
        assert found(verified())[0] == (block, what)


def test_an_event_that_is_committed_late_is_waited_for(alpha_journal: Caisse) -> None:
    """The lower id is committed after the higher one: the block must not be closed between the two."""
    with as_migrator() as other:
        become_owner(other)
        other.execute("SET LOCAL search_path = alpha")
        insert = "INSERT INTO journal_event (kind, at, subject, details) VALUES ('late', now(), '', '{}') RETURNING id"
        (late,) = other.execute(insert).fetchone()  # type: ignore[misc]  # an INSERT returns its row
        with tenant_context(alpha_journal):
            written(1)
            assert Event.objects.latest("id").pk > late
            assert sealed() == 0
            assert verified().unsealed == 1
        other.commit()
    with tenant_context(alpha_journal):
        assert sealed() == 1
        report = verified()
        assert report.whole
        assert report.unsealed == 0


def test_two_runs_at_once_close_a_block_once(in_alpha: Caisse) -> None:
    written(1)
    before, drawn = None, sealing._last_drawn()
    both = [sealing._close_block(before, drawn=drawn, now=timezone.now(), always=False) for _ in range(2)]
    assert [each is None for each in both] == [False, True]
    assert verified().whole


def test_addresses_are_erased_when_their_time_is_over_and_the_chain_stays_whole(in_alpha: Caisse) -> None:
    now = timezone.now()
    written(2, at=now - timedelta(days=366), address="2001:db8::1")
    written(1, at=now - timedelta(days=364))
    sealed()
    assert erase_addresses(now=now) == 2
    kept = Event.objects.filter(kind="test.event").order_by("at", "id")
    assert [each.address for each in kept] == [None, None, "192.0.2.7"]
    assert [bool(each.address_salt) for each in kept] == [False, False, True]
    sealed()
    report = verified()
    assert report.whole
    assert report.verified.erased_addresses == 2
    assert Event.objects.filter(kind="journal.addresses_erased").count() == 1
    assert erase_addresses(now=now) == 0


def test_the_caisse_cannot_erase_the_addresses_of_this_month(in_alpha: Caisse) -> None:
    written(1)
    erasing = pytest.raises(DatabaseError, match="30 days")
    with erasing, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT journal_erase_addresses(now(), 10)")


def test_events_that_have_waited_too_long_for_a_seal_are_told(in_alpha: Caisse) -> None:
    sealed()
    written(1, at=timezone.now() - timedelta(hours=2))
    report = verified()
    assert (report.late, report.whole) == (True, False)


def test_the_command_names_the_first_broken_block_and_fails(alpha_journal: Caisse, tamper: Tamper) -> None:
    with tenant_context(caisse_of_schema(schema=BETA)):
        sealed()
    with tenant_context(caisse_of_schema(schema="gie")):
        sealed()
    out = StringIO()
    call_command("journal", "verify", stdout=out)
    assert "alpha : 3 bloc(s)" in out.getvalue()
    tamper("DELETE FROM journal_event WHERE id = $2")
    out = StringIO()
    with pytest.raises(CommandError, match="alpha, bloc 2"):
        call_command("journal", "verify", "--json", stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    assert said["beta"]["whole"]
    assert said["alpha"]["broken"][0]["what"] == "events_missing"
    call_command("journal", "verify", BETA, stdout=StringIO())
