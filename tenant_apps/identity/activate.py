"""The end of a first connection: the person has chosen a secret, and what was sent has served."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.personal_refusals import why_lapsed
from tenant_apps.identity.pin_hashes import hash_secret
from tenant_apps.identity.renewal import DONE, OPENED, REFUSED, kind_for
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import already_told
from tenants.policy.document import Policy


class ActivationClosedError(ValueError):
    """The code has served, has lapsed, or another was sent since."""


def activate(*, code: AccessCode, secret: str, policy: Policy, address: str, now: datetime) -> User:
    """`secret` passed the rules. Of twenty at once, one gives the account its secret.

    Raises ActivationClosedError.
    """
    hashed = hash_secret(secret=secret, policy=policy)
    user = _give_secret(code=code, hashed=hashed, address=address, now=now)
    if user is None:
        kind = kind_for(REFUSED, user=code.user)
        record(kind=kind, at=now, subject=str(code.user.uuid), address=address, why="closed")
        raise ActivationClosedError
    return user


@transaction.atomic
def _give_secret(*, code: AccessCode, hashed: str, address: str, now: datetime) -> User | None:
    # The row that a sending locks too: either this code serves first, or the later one has put an end to it.
    user = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=code.user_id)
    live = AccessCode.objects.filter(pk=code.pk, used_at=None, expires_at__gt=now)
    if not user.may_activate or not live.update(used_at=now):
        return None
    kind = kind_for(DONE, user=user)
    user.password, user.secret_forced_at = hashed, None
    user.save(update_fields=["password", "secret_forced_at"])
    # Whoever tried this identifier while it waited must not have shut the account that opens now.
    clear_account(key=user.login_index)
    record(kind=kind, at=now, subject=str(user.uuid), address=address, way=code.kind)
    return user


def note_opened(*, code: AccessCode, address: str, now: datetime) -> None:
    """Journalled once: mail scanners open links before people do, and people open them again."""
    if AccessCode.objects.filter(pk=code.pk, opened_at=None).update(opened_at=now):
        kind = kind_for(OPENED, user=code.user)
        record(kind=kind, at=now, subject=str(code.user.uuid), address=address, way=code.kind)


def note_closed(*, code: AccessCode, address: str, now: datetime) -> None:
    """Somebody came with what opens nothing any more."""
    why = "used" if code.used_at else why_lapsed(code)
    trace = f"{code.pk}:{timezone.localdate(now).isoformat()}"
    # Once a day: reloading the page must not fill a journal that nothing is ever taken from.
    kind = kind_for(REFUSED, user=code.user)
    if not already_told(kind=kind, trace=trace):
        record(kind=kind, at=now, subject=str(code.user.uuid), address=address, why=why, trace=trace)
