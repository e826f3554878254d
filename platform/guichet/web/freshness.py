"""A session ends after some time without activity, and after some time in all, by the policy."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol, get_args

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from guichet.web.caisse_only import at_front_door
from guichet.web.sessions import SessionStore
from tenants.policy.current import current_policy
from tenants.policy.sections.session import SessionSection
from tenants.policy.staff import staff_policy

BEGUN, SEEN = "guichet_begun", "guichet_seen"
# Set at the sign-in of a caisse's own people, whose rules are not those of its clients.
STAFF_RULES = "guichet_staff"
# Writing the last activity at each request would cost an UPDATE a page.
GRAIN_SECONDS = 20

Limit = Literal["idle", "absolute"]
# "opening": who was not signed in yet, but had opened a link or given a code. "elsewhere": ended by its owner from
# another browser, or by the agency.
Ended = Literal["idle", "absolute", "opening", "elsewhere"]
# For the page of sign-in, which says why: a cookie, since nothing is left of the session.
COOKIE, REMEMBERED = "guichet_ended", timedelta(minutes=5)
_ENDED = "guichet_ended_by"
_ended_ones: list[Callable[[str], bool]] = []


class Values(Protocol):
    """What a session, or the decoded row of one, is read as."""

    def get(self, key: str, default: Any, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """How much is left, in whole seconds: until idleness ends it, and until age does whatever is done."""

    idle: int
    absolute: int
    under_staff_rules: bool

    @property
    def over(self) -> Limit | None:
        if self.absolute < 0:
            return "absolute"
        return "idle" if self.idle < 0 else None


def register_ended(known: Callable[[str], bool]) -> None:
    """Called by the application that writes sessions down: whether it knew one that is gone, by its stored key."""
    _ended_ones.append(known)


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not at_front_door(request):
            _look_at(request)
        response = self.get_response(request)
        if said := getattr(request, _ENDED, None):
            _remember(response, said)
        return response


def limits_of(session: Values) -> SessionSection:
    """Those of the person whose session it is."""
    policy = current_policy()
    return (staff_policy(policy) if session.get(STAFF_RULES, False) else policy).session


def stay_of(session: Values, *, now: int) -> Stay:
    """`now` in seconds since the epoch. What was never noted counts from now."""
    limits = limits_of(session)
    begun, seen = session.get(BEGUN, now), session.get(SEEN, now)
    return Stay(
        idle=int(limits.idle.total_seconds()) - (now - seen),
        absolute=int(limits.absolute.total_seconds()) - (now - begun),
        under_staff_rules=bool(session.get(STAFF_RULES, False)),
    )


def put_out(request: HttpRequest, ended: Ended) -> None:
    """The page of sign-in will say why."""
    logout(request)
    setattr(request, _ENDED, ended)


def current_stay(request: HttpRequest) -> Stay | None:
    """Of who is signed in; None for anybody else."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return None
    return stay_of(session, now=int(time.time()))


def begin_opening(request: HttpRequest) -> None:
    """The session holds something that opens: the limits hold for it as for who is signed in."""
    now = int(time.time())
    request.session[BEGUN] = request.session[SEEN] = now


def prolong(request: HttpRequest) -> Stay:
    """Idleness counts from now, without the grain; age goes on."""
    now = int(time.time())
    _note(request, now)
    return stay_of(request.session, now=now)


def ended_by(request: HttpRequest) -> Ended | None:
    """Which limit has just put this browser out, by this very request or by the one before."""
    said = getattr(request, _ENDED, None) or request.COOKIES.get(cookie_name())
    return next((limit for limit in get_args(Ended) if limit == said), None)


def forget_ended(response: HttpResponse) -> None:
    """It was said."""
    response.delete_cookie(cookie_name(), samesite="Lax")


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def _look_at(request: HttpRequest) -> None:
    """End what is over; note the activity of what goes on."""
    ended = _over(request) or ("elsewhere" if _is_gone(request) else None)
    if ended:
        put_out(request, ended)
    elif SEEN in request.session or SESSION_KEY in request.session:
        now = int(time.time())
        if now - request.session.get(SEEN, 0) >= GRAIN_SECONDS:
            _note(request, now)
    if SESSION_KEY in request.session:
        # Not every page asks for the user, which costs a query.
        setattr(request, "user", SimpleLazyObject(lambda: _looked_for(request)))  # noqa: B010  # typed as a user


def _over(request: HttpRequest) -> Ended | None:
    if SESSION_KEY in request.session:
        return stay_of(request.session, now=int(time.time())).over
    if SEEN in request.session and stay_of(request.session, now=int(time.time())).over:
        return "opening"
    return None


def _is_gone(request: HttpRequest) -> bool:
    """Of who shows the key of a session that did live: to anybody else nothing is said."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key or not request.session.is_empty():
        return False
    return any(known(SessionStore.stored_key(key)) for known in _ended_ones)


def _looked_for(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Whose session it is, for the page that asks: its hash says whether the secret or the epoch has changed since."""
    user = get_user(request)
    if not user.is_authenticated:
        setattr(request, _ENDED, "elsewhere")
    return user


def _note(request: HttpRequest, now: int) -> None:
    request.session.setdefault(BEGUN, now)
    request.session[SEEN] = now


def _remember(response: HttpResponse, ended: Ended) -> None:
    if cookie_name() in response.cookies:
        # The page itself has said it.
        return
    response.set_cookie(
        cookie_name(),
        ended,
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
