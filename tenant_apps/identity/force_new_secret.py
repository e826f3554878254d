"""Take a client's secret away, at the counter: the old one opens nothing, and the way in begins anew."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.identity.activation_registry import activation
from tenant_apps.identity.counter_notices import tell_of_forced_secret
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import User
from tenant_apps.identity.send_activation import CannotSendActivationError
from tenant_apps.journal.record import record

FORCED = "account.secret_forced"


class NothingToForceError(RuntimeError):
    """The client has no secret: a colleague has taken it away already, or none was ever chosen."""


@transaction.atomic
def force_new_secret(*, user: User, by: UUID, reason: str, now: datetime) -> bool:
    """Whether what the policy names for a first connection left at once; else the client asks for it, or comes.

    Sessions and half-finished sign-ins end. Raises NothingToForceError.
    """
    # Two colleagues at once: the second waits here, and finds no secret.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    if not locked.is_active or not locked.is_activated:
        raise NothingToForceError
    locked.set_unusable_password()
    locked.secret_forced_at = now
    locked.save(update_fields=["password", "secret_forced_at"])
    end_sessions(user=locked)
    record(kind=FORCED, at=now, subject=str(locked.uuid), by=str(by), reason=reason)
    sent = _sent(locked, by=by, reason=reason, now=now)
    tell_of_forced_secret(user=locked, sent=sent, now=now)
    return sent


def _sent(user: User, *, by: UUID, reason: str, now: datetime) -> bool:
    send = activation()
    if send is None:
        return False
    try:
        send(user=user, by=by, reason=reason, now=now)
    except CannotSendActivationError:
        return False
    return True
