"""The open sessions of a person: written down when they begin, shown to their owner, ended by them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from guichet.web.freshness import BEGUN, SEEN, stay_of
from guichet.web.sessions import SessionStore
from tenant_apps.identity.browsers import device_words, words_in
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import OpenSession, User
from tenant_apps.journal.record import record

ENDED, OTHERS_ENDED = "session.ended", "session.others_ended"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One of them, as its owner reads it. `uuid` is None for one that was begun before they were written down."""

    uuid: UUID | None
    device: str
    begun_at: datetime
    seen_at: datetime
    is_this_one: bool


def note_session(request: HttpRequest, *, user: User, now: datetime) -> None:
    """A sign-in has just ended."""
    browser, system = words_in(request.headers.get("User-Agent", ""))
    OpenSession.objects.create(
        digest=_digest(request), user=user, begun_at=now, browser=browser, system=system
    )


def open_sessions_of(request: HttpRequest, *, user: User, now: datetime) -> list[OpenLine]:
    """This one first, then the latest used. Two queries.

    When each was last used stands in the session itself, which is written every so often anyway.
    """
    rows = {row.digest: row for row in OpenSession.objects.filter(user=user).order_by("-begun_at")}
    held = SessionStore.opened(rows)
    here, lines = _digest(request), [_this_one(request, now=now)]
    for digest, row in rows.items():
        data = held.get(digest, {})
        # Of one that another epoch, or another secret, has put an end to, the row is left until it lapses.
        live = data.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if digest != here and live and stay_of(data, now=int(now.timestamp())).over is None:
            lines.append(_line(row, seen=data.get(SEEN), now=now))
    return [lines[0], *sorted(lines[1:], key=lambda line: line.seen_at, reverse=True)]


@transaction.atomic
def end_session(*, user: User, uuid: UUID, address: str, now: datetime) -> bool:
    """Whether there was one of this person's to end."""
    row = OpenSession.objects.select_for_update().filter(user=user, uuid=uuid).first()
    if row is None:
        return False
    SessionStore.end(row.digest)
    row.delete()
    record(kind=ENDED, at=now, subject=str(user.uuid), address=address)
    return True


@transaction.atomic
def end_other_sessions(request: HttpRequest, *, user: User, address: str, now: datetime) -> None:
    """By the epoch: those that nobody wrote down end too, and half-finished sign-ins."""
    end_sessions(user=user)
    keep_session(request, user=user)
    record(kind=OTHERS_ENDED, at=now, subject=str(user.uuid), address=address)


@transaction.atomic
def keep_session(request: HttpRequest, *, user: User) -> None:
    """Whatever has just ended every session of the person, this one goes on, under a new key.

    `user` as it stands in the table.
    """
    before = _digest(request)
    update_session_auth_hash(request, user)
    OpenSession.objects.filter(digest=before).update(digest=_digest(request))
    OpenSession.objects.filter(user=user).exclude(digest=_digest(request)).delete()


def forget_ended_sessions() -> int:
    """Those whose session is gone from the table of sessions; how many went."""
    session = Session.objects.filter(session_key=OuterRef("digest"))
    gone, _ = OpenSession.objects.filter(~Exists(session)).delete()
    return gone


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
