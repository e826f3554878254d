"""Challenges for passkeys: drawn by the server, kept in the session, each for one purpose, for a while, and once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from guichet.tenancy.connection import connection
from tenant_apps.identity.models import SpentDraw

HELD = "guichet_passkey"
LIFETIME = timedelta(minutes=5)
CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom a passkey is for: the host that the browser shows, and the caisse's name."""

    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser sent, and what it was asked. `challenge` is None when nothing was asked, or it has served."""

    credential: str
    challenge: bytes | None
    party: RelyingParty


def relying_party(request: HttpRequest) -> RelyingParty:
    host = request.get_host()
    return RelyingParty(host.partition(":")[0], connection.tenant.name, f"{request.scheme}://{host}")


def draw_challenge(session: SessionBase, *, purpose: str, now: datetime) -> bytes:
    """The one before it, whatever it was for, is void. `purpose` names the half-finished sign-in, or the act."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session[HELD] = {"for": purpose, "challenge": challenge.hex(), "until": (now + LIFETIME).timestamp()}
    return challenge


def take_challenge(session: SessionBase, *, purpose: str, now: datetime) -> bytes | None:
    """It has served from here on, whatever the answer is worth."""
    held = session.pop(HELD, None)
    if held is None or held["for"] != purpose or held["until"] <= now.timestamp():
        return None
    challenge = bytes.fromhex(held["challenge"])
    try:
        # Two posts at once read the same session: the unique key decides.
        with transaction.atomic():
            SpentDraw.objects.create(nonce=sha256(challenge).hexdigest()[:32], expires_at=now + LIFETIME)
    except IntegrityError:
        return None
    return challenge


def answer_of(request: HttpRequest, *, purpose: str, now: datetime) -> Answer:
    """What was posted in answer to the challenge of this session."""
    return Answer(
        credential=request.POST.get("credential", ""),
        challenge=take_challenge(request.session, purpose=purpose, now=now),
        party=relying_party(request),
    )
