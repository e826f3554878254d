"""Displays of the scrambled keypad: each is drawn by the server, lives a while, and serves once.

The layout travels sealed, so that a page of sign-in writes nothing to the database; only the number of a display that
has served is kept.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from secrets import token_hex

from django.db import IntegrityError, transaction

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring
from tenant_apps.identity.domain.keypad import digits_at, rows_of, scrambled
from tenant_apps.identity.models import SpentDraw

LIFETIME = timedelta(minutes=15)
# More keys than the longest PIN has digits would be no slip of the finger.
MOST_PRESSED = 24


class DrawRefusedError(ValueError):
    """The display has served, is too old, or was not drawn for this step at this caisse."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: where it stands, and what is written on it."""

    position: int
    digit: str


@dataclass(frozen=True, slots=True)
class Keypad:
    """One display, for the component: `token` goes into the form with the positions pressed."""

    token: str
    rows: Sequence[Sequence[Key]]
    length: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was typed on a display, and the number by which the display is spent."""

    digits: str
    nonce: str


def draw_keypad(*, step: str, length: int, now: datetime) -> Keypad:
    """`step` says what the display is for: it serves for nothing else. `length` is that of the PIN."""
    layout = scrambled(SystemRandom())
    words = {"layout": layout, "nonce": token_hex(16), "until": (now + LIFETIME).timestamp()}
    sealed = keyring().seal(json.dumps(words), purpose=_purpose(step))
    rows = rows_of(layout)
    return Keypad(
        token=base64.urlsafe_b64encode(sealed).decode(),
        rows=[
            [Key(number * len(row) + place, digit) for place, digit in enumerate(row)]
            for number, row in enumerate(rows)
        ],
        length=length,
    )


def read_draw(*, token: str, positions: str, step: str, now: datetime) -> Pressed:
    """The digits that were pressed, and what `spend_draw` takes: nothing is written here.

    Raises DrawRefusedError, or PositionsRefusedError.
    """
    layout, nonce, until = _opened(token, step=step)
    if until <= now.timestamp():
        raise DrawRefusedError
    return Pressed(digits_at(positions, layout=layout, most=MOST_PRESSED), nonce)


def spend_draw(*, nonce: str, now: datetime, kept: timedelta = LIFETIME) -> None:
    """Raises DrawRefusedError when it has served. `kept`: how long that is remembered, its own lifetime at least."""
    try:
        with transaction.atomic():
            SpentDraw.objects.create(nonce=nonce, expires_at=now + kept)
    except IntegrityError as error:
        raise DrawRefusedError from error


def forget_spent_draws(*, now: datetime) -> int:
    """A display too old to serve need not be remembered; how many went."""
    gone, _ = SpentDraw.objects.filter(expires_at__lt=now).delete()
    return gone


def _opened(token: str, *, step: str) -> tuple[str, str, float]:
    try:
        sealed = base64.urlsafe_b64decode(token.encode())
        words = json.loads(keyring().open(sealed, purpose=_purpose(step)))
    except (binascii.Error, UnicodeEncodeError, ValueError, SealBrokenError) as error:
        raise DrawRefusedError from error
    return words["layout"], words["nonce"], words["until"]


def _purpose(step: str) -> str:
    return f"keypad:{step}"
