"""The end of a recovery: the person has brought what was asked for and chosen a new secret."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenant_apps.identity.counters import lift_lock
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import Recovery, User
from tenant_apps.identity.personal_refusals import why_lapsed
from tenant_apps.identity.pin_hashes import hash_secret
from tenant_apps.identity.recoveries import NOT_GUESSED_OUT
from tenant_apps.identity.recovery_notices import tell_of_recovery
from tenant_apps.identity.standing import Standing, standing_of
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import already_told
from tenants.policy.document import Policy

OPENED, DONE, CLOSED = "recovery.opened", "recovery.done", "recovery.closed"


class RecoveryClosedError(ValueError):
    """It has served, has lapsed or is dead, or another was sent since."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """`standing`: what happens to the person who signs in now; a lock may have stayed."""

    standing: Standing


def may_recover(*, recovery: Recovery | None, now: datetime) -> bool:
    """Whether it still leads to a new secret."""
    if recovery is None or not recovery.is_live(now=now):
        return False
    return _still_stands(recovery.user, recovery)


def recover(*, recovery: Recovery, secret: str, policy: Policy, address: str, now: datetime) -> Recovered:
    """`secret` passed the rules and every proof was brought. Nobody is signed in, and second factors stay.

    Of twenty at once, one changes the secret. Raises RecoveryClosedError.
    """
    hashed = hash_secret(secret=secret, policy=policy)
    user = _change_secret(recovery=recovery, hashed=hashed, policy=policy, address=address, now=now)
    if user is None:
        note_closed(recovery=recovery, address=address, now=now)
        raise RecoveryClosedError
    return Recovered(standing=standing_of(user=user, now=now))


@transaction.atomic
def _change_secret(
    *, recovery: Recovery, hashed: str, policy: Policy, address: str, now: datetime
) -> User | None:
    # The row that a sending locks too: either this recovery serves first, or the later one has put an end to it.
    user = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=recovery.user_id)
    live = Recovery.objects.filter(pk=recovery.pk, used_at=None, expires_at__gt=now).filter(NOT_GUESSED_OUT)
    if not (_still_stands(user, recovery) and live.update(used_at=now)):
        return None
    user.password = hashed
    user.save(update_fields=["password"])
    # Whoever is in, in whatever browser, may be the reason for the recovery.
    end_sessions(user=user)
    lift_lock(key=user.login_index, lifts=policy.recovery.lifts)
    record(
        kind=DONE,
        at=now,
        subject=str(user.uuid),
        address=address,
        ways=recovery.proofs,
        lifts=policy.recovery.lifts,
    )
    tell_of_recovery(user=user, proofs=recovery.proofs, now=now)
    return user


def _still_stands(user: User, recovery: Recovery) -> bool:
    return user.is_active and user.is_activated and user.session_epoch == recovery.epoch


def note_opened(*, recovery: Recovery, address: str, now: datetime) -> None:
    """Journalled once: mail scanners open links before people do, and people open them again."""
    if Recovery.objects.filter(pk=recovery.pk, opened_at=None).update(opened_at=now):
        record(kind=OPENED, at=now, subject=str(recovery.user.uuid), address=address, ways=recovery.proofs)


def note_closed(*, recovery: Recovery, address: str, now: datetime) -> None:
    """Somebody came with what opens nothing any more."""
    why = "used" if recovery.used_at else "wrong_codes" if recovery.is_guessed_out else why_lapsed(recovery)
    trace = f"{recovery.pk}:{timezone.localdate(now).isoformat()}"
    # Once a day: reloading the page must not fill a journal that nothing is ever taken from.
    if not already_told(kind=CLOSED, trace=trace):
        record(kind=CLOSED, at=now, subject=str(recovery.user.uuid), address=address, why=why, trace=trace)
