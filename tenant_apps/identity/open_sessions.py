"""The open sessions of a person: written down when they begin, shown to their owner, ended by them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from guichet.tenancy.connection import connection
from guichet.web.freshness import BEGUN, SEEN, stay_of
from guichet.web.sessions import SessionStore
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.browsers import device_words, words_in
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import OpenSession, User
from tenant_apps.journal.record import record

_NOTE = (
    f"WITH latest AS (UPDATE {User._meta.db_table} SET last_login = %s WHERE id = %s)"  # noqa: S608  # the models' own tables
    f" INSERT INTO {OpenSession._meta.db_table} (uuid, user_id, digest, begun_at, browser, system)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
# No request takes longer.
UNDER_WAY = timedelta(minutes=1)
ENDED, OTHERS_ENDED = "session.ended", "session.others_ended"


class SessionEndedError(RuntimeError):
    """Somebody has ended this session while its request was under way: the person is out."""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One of them, as its owner reads it. `uuid` is None for one that was begun before they were written down."""

    uuid: UUID | None
    device: str
    begun_at: datetime
    seen_at: datetime
    is_this_one: bool


def note_session(request: HttpRequest, *, user: User, now: datetime) -> None:
    """A sign-in has just ended: the session that it has begun, and the moment of the latest one. One statement."""
    browser, system = words_in(request.headers.get("User-Agent", ""))
    if request.session.session_key is None:
        # Over the session of somebody else, the sign-in has begun an empty one.
        request.session.create()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [now, user.pk, uuid4(), user.pk, _digest(request), now, browser, system])
    user.last_login = now


def open_sessions_of(request: HttpRequest, *, user: User, now: datetime) -> list[OpenLine]:
    """This one first, then the latest used. Two queries.

    When each was last used stands in the session itself, which is written every so often anyway.
    """
    others = _others(request, user=user, now=now)
    return [_this_one(request, now=now), *sorted(others, key=lambda line: line.seen_at, reverse=True)]


@contextmanager
def this_session(request: HttpRequest) -> Iterator[User]:
    """Its owner, locked, for an act that nothing but a live session may do, in the transaction of that act.

    Between the start of a request and its act, somebody may have ended the session: by the epoch, by its row, or by
    signing out. Whoever would end it from here on waits. Raises SessionEndedError.
    """
    with transaction.atomic():
        locked = _locked(signed_in(request))
        goes_on = request.session.get(HASH_SESSION_KEY) == locked.get_session_auth_hash()
        if not goes_on or _own_row(request, user=locked) is None:
            raise SessionEndedError
        yield locked


def end_session(request: HttpRequest, *, uuid: UUID, address: str, now: datetime) -> bool:
    """Whether there was one of this person's to end. Raises SessionEndedError."""
    with this_session(request) as user:
        row = OpenSession.objects.select_for_update().filter(user=user, uuid=uuid).first()
        # The row stays until the night: its browser is told why it is out.
        if row is None or not SessionStore.end(row.digest):
            return False
        record(kind=ENDED, at=now, subject=str(user.uuid), address=address)
        return True


def end_other_sessions(request: HttpRequest, *, address: str, now: datetime) -> bool:
    """Whether another one lived; else the epoch stays. By the epoch: half-finished sign-ins end with them.

    Raises SessionEndedError.
    """
    with this_session(request) as user:
        if not _others(request, user=user, now=now):
            return False
        end_sessions(user=user)
        keep_session(request, user=user)
        record(kind=OTHERS_ENDED, at=now, subject=str(user.uuid), address=address)
        return True


@transaction.atomic
def keep_session(request: HttpRequest, *, user: User) -> None:
    """An act of this session has just ended every session of the person: this one goes on, under a new key.

    `user` as that act left them. Raises SessionEndedError: a new key would revive what somebody has ended since.
    """
    locked = _locked(user)
    row = _own_row(request, user=locked)
    if row is None or locked.get_session_auth_hash() != user.get_session_auth_hash():
        raise SessionEndedError
    update_session_auth_hash(request, locked)
    # At once: a row whose session is not there yet is one of those that the night drops.
    request.session.save()
    row.digest = _digest(request)
    row.save(update_fields=["digest"])
    OpenSession.objects.filter(user=locked).exclude(pk=row.pk).delete()


def was_open(stored_key: str) -> bool:
    """Somebody did sign in by this session."""
    return OpenSession.objects.filter(digest=stored_key).exists()


def forget_ended_sessions(*, now: datetime) -> int:
    """Those whose session is gone from the table of sessions; how many went."""
    session = Session.objects.filter(session_key=OuterRef("digest"))
    # That of a sign-in under way is written at the end of its request.
    gone, _ = OpenSession.objects.filter(~Exists(session), begun_at__lte=now - UNDER_WAY).delete()
    return gone


def _others(request: HttpRequest, *, user: User, now: datetime) -> list[OpenLine]:
    """Those that live, beside this one."""
    rows = {row.digest: row for row in OpenSession.objects.filter(user=user).order_by("-begun_at")}
    held, here, lines = SessionStore.opened(rows), _digest(request), []
    for digest, row in rows.items():
        data = held.get(digest, {})
        # Of one that another epoch, or another secret, has put an end to, the row is left until it lapses.
        live = data.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if digest != here and live and stay_of(data, now=int(now.timestamp())).over is None:
            lines.append(_line(row, seen=data.get(SEEN), now=now))
    return lines


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)


def _own_row(request: HttpRequest, *, user: User) -> OpenSession | None:
    """Of this very session, locked; None once it has been ended, or signed out of in another window."""
    here = _digest(request)
    row = OpenSession.objects.select_for_update().filter(user=user, digest=here).first()
    return row if Session.objects.select_for_update().filter(session_key=here).first() else None


def _digest(request: HttpRequest) -> str:
    return SessionStore.stored_key(request.session.session_key or "")


def _this_one(request: HttpRequest, *, now: datetime) -> OpenLine:
    device = device_words(*words_in(request.headers.get("User-Agent", "")))
    begun = datetime.fromtimestamp(request.session.get(BEGUN, now.timestamp()), tz=UTC)
    return OpenLine(None, device, begun, now, is_this_one=True)


def _line(row: OpenSession, *, seen: int | None, now: datetime) -> OpenLine:
    seen_at = datetime.fromtimestamp(seen, tz=UTC) if seen else row.begun_at
    device = device_words(row.browser, row.system)
    return OpenLine(row.uuid, device, row.begun_at, min(seen_at, now), is_this_one=False)
