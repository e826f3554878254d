"""Codes computed from the time (RFC 6238): six digits, thirty seconds, SHA-1, as every application understands.

The arithmetic is django-otp's.
"""

import base64
import binascii
import hmac
from datetime import datetime

from django_otp.oath import hotp

DIGITS = 6
STEP_SECONDS = 30
KEY_BYTES = 20
# One step on either side of where the application's clock is known to be (RFC 6238, 5.2).
TOLERANCE = 1
# A clock that wanders further than five minutes is to be set, not followed.
MOST_DRIFT = 10


class TotpKeyRefusedError(ValueError):
    """Not a key in base32."""


def step_of(now: datetime) -> int:
    """How many steps since 1970."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(key: str, step: int) -> str:
    """`key` in base32, as applications take it. Raises TotpKeyRefusedError."""
    return f"{hotp(_bytes_of(key), step, DIGITS):0{DIGITS}d}"


def accepted_step(key: str, *, code: str, now: datetime, drift: int, after: int) -> int | None:
    """The step that the code belongs to, when it may be accepted: near enough, and later than `after`."""
    here = step_of(now) + drift
    found = None
    for step in range(here - TOLERANCE, here + TOLERANCE + 1):
        # Every step is compared, whichever is right: how long it takes says nothing.
        right = hmac.compare_digest(code_at(key, step).encode(), code.encode())
        if right and step > after and abs(step - step_of(now)) <= MOST_DRIFT:
            found = step
    return found


def drift_of(step: int, *, now: datetime) -> int:
    """How far ahead of ours the clock is that gave this step."""
    return step - step_of(now)


def _bytes_of(key: str) -> bytes:
    try:
        return base64.b32decode(key + "=" * (-len(key) % 8))
    except binascii.Error as error:
        raise TotpKeyRefusedError from error
