"""Change one's own secret, who is in and knows the old one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenant_apps.identity.counters import count_account_try, give_back_tries
from tenant_apps.identity.end_sessions import end_sessions
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
    """`user` as it now stands; None when the old secret was wrong, or the account is closed to tries."""

    user: User | None = None
    wait: timedelta | None = None
    agency_only: bool = False
    tries_left: int | None = None


def change_secret(
    *,
    user: User,
    old: str,
    new: str,
    policy: Policy,
    address: str,
    now: datetime,
    keep: Callable[[User], None],
) -> SecretChange:
    """`new` passed the rules. A wrong old one counts like a wrong one at the sign-in. Every session ends.

    `keep` makes an exception of one; what it raises takes the change back. Raises SessionEndedError when `user` has
    been signed out, or has another secret, since the request began.
    """
    verdict = count_account_try(key=user.login_index, policy=policy, now=now)
    right = secret_is_right(user=user, secret=old, policy=policy)
    if not (right and verdict.open):
        record(kind=REFUSED, at=now, subject=str(user.uuid), address=address)
        return SecretChange(wait=verdict.wait, agency_only=verdict.agency_only, tries_left=verdict.tries_left)
    changed = _write(user, new, policy=policy, address=address, now=now, keep=keep)
    give_back_tries(account={user.login_index: verdict}, address={})
    return SecretChange(user=changed)


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
