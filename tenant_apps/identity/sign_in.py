"""The first step of a sign-in: identifier and secret.

Order: brake on the address, counter of the account, then exactly one hash, for a known
identifier, an unknown one and a locked one alike.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.hashers import is_password_usable

from tenant_apps.identity.access_codes import code_is_right, live_code_of
from tenant_apps.identity.counters import Tries, count_first_step, give_back_tries
from tenant_apps.identity.domain.codes import first_password_as_sent
from tenant_apps.identity.domain.lockout import Verdict
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.keypads import DrawRefusedError, spend_draw
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.pin_hashes import (
    hash_pin,
    hash_secret,
    needs_new_pepper,
    pepper_is_changing,
    secret_matches,
)
from tenant_apps.identity.realms import CLIENTS, Realm
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.sources import address_key
from tenant_apps.identity.spraying import note_wrong_secret
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How a try at the first step ended."""

    # The account's counter key: the blind index, which stands for the identifier from here on.
    index: str
    user: User | None = None
    refused: bool = False
    # The address tries too much: nothing was looked at.
    braked_for: timedelta | None = None
    # Nothing was counted or looked at: the device that asks has a piece of work to do first.
    asks_work: bool = False
    # The display of the keypad has served already: nothing was looked at.
    drawn_before: bool = False
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int | None = None
    # How long the lock would last that follows the last of them.
    next_wait: timedelta | None = None
    # Its own try was the only one, and is given back: nothing is left to forget.
    clean: bool = False
    # Blind, and not closed before this try: the second step follows, whatever the secret was.
    counted: FirstStep | None = None

    @property
    def closed(self) -> bool:
        return self.wait is not None or self.agency_only


def is_blind(*, policy: Policy) -> bool:
    """Nothing before the end of the second step may say whether the secret was right."""
    return policy.second_factor.required and policy.second_factor.blind


def attempt_sign_in(
    *,
    identifier: str,
    secret: str,
    policy: Policy,
    address: str,
    now: datetime,
    realm: Realm = CLIENTS,
    proven: bool = True,
    draw: str | None = None,
) -> Attempt:
    """Try an identifier, already in its normal form, with a secret. `policy` is that of the realm.

    `proven`: the device has done its work; `draw`: the display that the secret was typed on, spent after the brakes.
    """
    index = login_index(realm=realm, identifier=identifier)
    source = address_key(address=address)
    tries = count_first_step(account=index, address=source, policy=policy, now=now, proven=proven)
    at_account = tries.at_account
    note_brake(tries, address=address, now=now)
    if at_account is None:
        return not_reached(tries, index=index)
    if draw is not None and not _spent(draw, now=now):
        return _drawn_before(tries, at_account, index=index, now=now)
    user = user_of_index(index=index)
    right = _is_right(user=user, secret=secret, policy=policy, realm=realm, verdict=at_account, now=now)
    if right and at_account.open and not is_blind(policy=policy):
        give_back_tries(account={index: at_account}, address=tries.addresses, now=now)
        return Attempt(index=index, user=user, clean=at_account.first)
    # Whatever was right in it, a try that does not open is written like one that was wrong.
    note_wrong_secret(index=index, secret=secret, policy=policy, address=address, now=now)
    kind = _refusal(right=right, verdict=at_account)
    record(kind=kind, at=now, subject=str(user.uuid) if user else index, address=address)
    blind = is_blind(policy=policy)
    note_closing(verdict=at_account, index=index, policy=policy, address=address, now=now, undecided=blind)
    refused = refused_by(at_account, index=index)
    if not blind or not at_account.open:
        return refused
    counted = FirstStep.counted(source=source, addresses=tries.addresses, now=now)
    return _on_to_the_second(refused, user=user if right else None, counted=counted)


def _on_to_the_second(refused: Attempt, *, user: User | None, counted: FirstStep) -> Attempt:
    """Blind, whatever the secret was.

    The try stays counted until the sign-in is whole, with the lock that the last one has put on beforehand: counters
    that moved otherwise would tell right from wrong.
    """
    return replace(refused, user=user, refused=user is None, counted=counted)


def note_brake(tries: Tries, *, address: str, now: datetime) -> None:
    """Once, when the brake goes on: a line for each try that it stops would let anybody fill the journal."""
    if tries.at_address.locked_by_this_try:
        record(kind="sign_in.address_braked", at=now, address=address)


def not_reached(tries: Tries, *, index: str) -> Attempt:
    """The try did not come as far as the account."""
    if tries.asks_work:
        return Attempt(index=index, refused=True, asks_work=True)
    return Attempt(index=index, refused=True, braked_for=tries.at_address.wait)


def refused_by(verdict: Verdict, *, index: str) -> Attempt:
    """The account's counter has taken the try, or is closed."""
    return Attempt(
        index=index,
        refused=True,
        wait=verdict.wait,
        agency_only=verdict.agency_only,
        tries_left=verdict.tries_left if verdict.open else 0,
        next_wait=verdict.next_wait,
    )


def _is_right(
    *, user: User | None, secret: str, policy: Policy, realm: Realm, verdict: Verdict, now: datetime
) -> bool:
    right = secret_is_right(user=user, secret=secret, policy=policy)
    if policy.secret.kind == "pin" and pepper_is_changing():
        renew_pepper(user=user if right and verdict.leaves_open else None, pin=secret)
    if realm == CLIENTS and "sms_password" in policy.activation.sends:
        right = first_password_is_right(user=user, typed=secret, now=now) or right
    return right


def _drawn_before(tries: Tries, at_account: Verdict, *, index: str, now: datetime) -> Attempt:
    """Nothing was looked at, so nothing stays counted. A lock has counted nothing."""
    mine = {index: at_account} if at_account.open else {}
    give_back_tries(account=mine, address=tries.addresses, now=now)
    return Attempt(index=index, refused=True, drawn_before=True)


def _spent(draw: str, *, now: datetime) -> bool:
    try:
        spend_draw(nonce=draw, now=now)
    except DrawRefusedError:
        return False
    return True


def secret_is_right(*, user: User | None, secret: str, policy: Policy) -> bool:
    """One hash is made, whoever asks: a missing user costs as much time as a wrong secret."""
    if user is None or not user.is_active or not is_password_usable(user.password):
        hash_secret(secret=secret, policy=policy)
        return False
    return secret_matches(secret, user.password, policy=policy)


def renew_pepper(*, user: User | None, pin: str) -> None:
    """Of a PIN that was right, while the master key is being replaced. One hash and one statement, for nobody too."""
    hashed = hash_pin(pin)
    stale = user if user is not None and needs_new_pepper(user.password) else None
    if User.objects.filter(pk=stale.pk if stale else NOBODY).update(password=hashed) and stale:
        stale.password = hashed


def first_password_is_right(*, user: User | None, typed: str, now: datetime) -> bool:
    """Whether it is the password that was sent to somebody who has none of their own yet."""
    waiting = user if user is not None and user.may_activate else None
    code = live_code_of(user=waiting, kind=AccessCode.Kind.PASSWORD, now=now)
    return code_is_right(code=code, kind=AccessCode.Kind.PASSWORD, secret=first_password_as_sent(typed))


def _refusal(*, right: bool, verdict: Verdict) -> str:
    """What the journal calls it, which the screen does not say. A right secret comes here blind, or while closed."""
    if right:
        return "sign_in.secret_passed" if verdict.open else "sign_in.right_secret_while_locked"
    if verdict.leaves_open:
        return "sign_in.refused"
    return "sign_in.locked" if verdict.open else "sign_in.refused_while_locked"
