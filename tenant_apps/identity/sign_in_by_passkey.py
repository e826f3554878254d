"""A passkey instead of identifier, secret and second step, where the policy allows it.

Nobody is named before the signature is right. Each try counts at its address; which credential it was, known or not,
is answered alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenant_apps.identity.ceremonies import Answer
from tenant_apps.identity.counters import count_account_try, count_address_try, give_back_tries
from tenant_apps.identity.domain.lockout import Verdict
from tenant_apps.identity.models import PasskeyDevice, User
from tenant_apps.identity.passkeys import credential_digest, signed_by
from tenant_apps.identity.realms import CLIENTS, Realm
from tenant_apps.identity.sign_in import Attempt, not_reached, note_brake, refused_by
from tenant_apps.identity.sources import address_key
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

# A way to begin that this challenge is for.
PURPOSE = "alone"
REFUSED = "sign_in.passkey_refused"


@dataclass(frozen=True, slots=True)
class PasskeyAttempt:
    """How it ended; `device` is None unless it opens."""

    attempt: Attempt
    device: PasskeyDevice | None = None


def brake_on_questions(*, policy: Policy, address: str, now: datetime) -> timedelta | None:
    """How long to wait; None to ask. A question counts like a try: each writes a session for whoever comes."""
    tries = count_address_try(key=address_key(address=address), policy=policy, now=now)
    note_brake(tries, address=address, now=now)
    return None if tries.at_address.open else tries.at_address.wait


def attempt_by_passkey(
    *, answer: Answer, realm: Realm, policy: Policy, address: str, now: datetime
) -> PasskeyAttempt:
    """`policy` is that of the realm."""
    source = address_key(address=address)
    tries = count_address_try(key=source, policy=policy, now=now)
    note_brake(tries, address=address, now=now)
    if not tries.at_address.open:
        return PasskeyAttempt(not_reached(tries, index=""))
    device = signed_by(answer=answer, owner=None, anybody=True, now=now)
    user = device.user if device else None
    if device is None or user is None or not _may_enter(user, realm=realm):
        record(kind=REFUSED, at=now, subject=credential_digest(answer), address=address)
        return PasskeyAttempt(Attempt(index="", refused=True))
    index = user.login_index
    verdict = count_account_try(key=index, policy=policy, now=now)
    if not verdict.open:
        record(kind="sign_in.right_secret_while_locked", at=now, subject=str(user.uuid), address=address)
        return PasskeyAttempt(refused_by(verdict, index=index))
    give_back_tries(account={index: verdict}, address=tries.addresses, now=now)
    # The question's.
    give_back_tries(account={}, address={source: Verdict(open=True)}, now=now)
    return PasskeyAttempt(Attempt(index=index, user=user), device)


def _may_enter(user: User, *, realm: Realm) -> bool:
    """The realms never meet; and who has had their secret taken away begins anew, whatever they hold."""
    return (user.kind == User.Kind.CLIENT) == (realm == CLIENTS) and user.is_activated
