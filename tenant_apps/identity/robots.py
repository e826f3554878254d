"""A piece of work for the device that sends a form, or a wait: what tells one visitor from a thousand (ADR 18).

The form that was sent is kept back, sealed, inside the page that asks for the work, with the answer and the moment from
which none is needed. So one piece of work serves one try, of one form, at one caisse; nothing is stored before it is
done, and what has served is remembered like a display of the keypad.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from secrets import randbelow, token_hex

from django.db import IntegrityError, transaction

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import SpentDraw

LIFETIME = timedelta(minutes=10)
# PBKDF2, which browsers compute out of the page's way and which leaves little to gain to a faster program. On average
# half of the choices are tried: a quarter of a second for a computer of today, a few seconds for an old phone.
ROUNDS, CHOICES, BYTES = 4_000, 200, 16

Fields = Sequence[tuple[str, str]]


class WorkRefusedError(ValueError):
    """The page has served, is too old, or was not made for this form at this caisse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """For the page: the numbers below `choices` are tried until one gives `wanted`."""

    token: str
    salt: str
    wanted: str
    # How long to wait where the work cannot be done.
    wait: timedelta
    rounds: int = ROUNDS
    choices: int = CHOICES


def ask_work(*, form: str, fields: Fields, wait: timedelta, now: datetime) -> Work:
    """`form`: the path that it is sent to. `fields`: what was sent, kept until the work is done."""
    salt, answer = token_hex(16), randbelow(CHOICES)
    words = {
        "fields": list(fields),
        "nonce": salt,
        # Of one length, whatever it is: what is sealed still shows how long it is.
        "answer": f"{answer:03}",
        "ready": _milliseconds(now + wait),
        "until": _milliseconds(now + LIFETIME),
    }
    sealed = keyring().seal(json.dumps(words), purpose=_purpose(form))
    derived = hashlib.pbkdf2_hmac("sha256", str(answer).encode(), salt.encode(), ROUNDS, BYTES)
    return Work(token=base64.urlsafe_b64encode(sealed).decode(), salt=salt, wanted=derived.hex(), wait=wait)


def done_work(*, token: str, answer: str, form: str, now: datetime) -> Fields | timedelta:
    """The fields that were kept back, once; or how long to wait still. Raises WorkRefusedError."""
    try:
        words = json.loads(keyring().open(base64.urlsafe_b64decode(token.encode()), purpose=_purpose(form)))
    except (binascii.Error, UnicodeEncodeError, ValueError, SealBrokenError) as error:
        raise WorkRefusedError from error
    left = words["ready"] - _milliseconds(now)
    if words["until"] <= _milliseconds(now):
        raise WorkRefusedError
    if answer.zfill(3) != words["answer"] and left > 0:
        return timedelta(seconds=ceil(left / 1000))
    try:
        with transaction.atomic():
            SpentDraw.objects.create(nonce=words["nonce"], expires_at=now + LIFETIME)
    except IntegrityError as error:
        raise WorkRefusedError from error
    return [(name, value) for name, value in words["fields"]]


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _purpose(form: str) -> str:
    return f"work:{form}"
