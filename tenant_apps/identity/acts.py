"""Sensitive acts: what they are called on the page and in the message that ask to confirm them, and their digest."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from guichet.kernel.sealing import BlindIndex
from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import User

_words: dict[str, str | Promise] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, before it is done. `form` was minted by the form that asks for it: the same again is the same act.

    `amount` in euros, and `payee` as the person reads it, where money moves (RTS 2018/389, art. 5).
    """

    kind: str
    form: str
    amount: Decimal | None = None
    payee: str = ""


class NoSuchActError(LookupError):
    """Nobody registered its words: a slip of whoever asks."""


def register_act(kind: str, words: str | Promise) -> None:
    """Called by an application when it is ready. `words` end « Code pour … » and « Vous confirmez : … »."""
    _words[kind] = words


def words_of(kind: str) -> str:
    """In the language of the moment. Raises NoSuchActError."""
    if kind not in _words:
        raise NoSuchActError(kind)
    return str(_words[kind])


def digest_of(act: Act, *, user: User) -> BlindIndex:
    """Keyed; of this user as they stand: what ends their sessions voids what they had confirmed."""
    amount = "" if act.amount is None else format(act.amount.normalize(), "f")
    parts = [str(user.uuid), user.session_epoch, act.kind, amount, act.payee, act.form]
    return keyring().index(json.dumps(parts), purpose="step-up")
