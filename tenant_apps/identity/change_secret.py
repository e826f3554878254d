"""Change one's own secret, who is in and knows the old one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenant_apps.identity.counters import count_account_try, give_back_tries
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import User
from tenant_apps.identity.open_sessions import SessionEndedError
from tenant_apps.identity.pin_hashes import hash_secret
from tenant_apps.identity.sign_in import secret_is_right
from tenant_apps.identity.step_up_notices import tell_of_changed_secret
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

CHANGED, REFUSED = "secret.changed", "secret.change_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretChange:
    """`user` as it now stands; None when nothing was changed."""

    user: User | None = None
    # The old secret was, and the account was open to tries.
    right: bool = False
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int | None = None


def change_secret(
    *,
    user: User,
    old: str,
    new: str | None,
    policy: Policy,
    address: str,
    now: datetime,
    keep: Callable[[User], None],
) -> SecretChange:
    """A wrong old one counts like a wrong one at the sign-in. Every session ends.

    `new` passed the rules; None when it did not: then the old one is judged alone, and decides whether the person is
    told what the new one lacks, which may be a birth date or a name. `keep` makes an exception of one session; what it
    raises takes the change back. Raises SessionEndedError when `user` has been signed out, or has another secret, since
    the request began.
    """
    verdict = count_account_try(key=user.login_index, policy=policy, now=now)
    if not (secret_is_right(user=user, secret=old, policy=policy) and verdict.open):
        record(kind=REFUSED, at=now, subject=str(user.uuid), address=address)
        note_closing(verdict=verdict, index=user.login_index, policy=policy, address=address, now=now)
        return SecretChange(wait=verdict.wait, agency_only=verdict.agency_only, tries_left=verdict.tries_left)
    if new is None:
        give_back_tries(account={user.login_index: verdict}, address={}, now=now)
        return SecretChange(right=True)
    changed = _write(user, new, policy=policy, address=address, now=now, keep=keep)
    give_back_tries(account={user.login_index: verdict}, address={}, now=now)
    return SecretChange(user=changed, right=True)


@transaction.atomic
def _write(
    user: User, new: str, *, policy: Policy, address: str, now: datetime, keep: Callable[[User], None]
) -> User:
    # Of two changes at once one goes first, and has ended the session of the other.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    if locked.get_session_auth_hash() != user.get_session_auth_hash():
        raise SessionEndedError
    locked.password = hash_secret(secret=new, policy=policy)
    locked.save(update_fields=["password"])
    end_sessions(user=locked)
    record(kind=CHANGED, at=now, subject=str(locked.uuid), address=address)
    tell_of_changed_secret(user=locked, now=now)
    keep(locked)
    return locked
