"""How the way in of one client stands, as the counter sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.hashers import is_password_usable

from tenant_apps.identity.models import TryCounter, User


class Access(StrEnum):
    """What happens to the client who comes now with everything right."""

    OPEN = "open"
    WAITS = "waits"
    CLOSED = "closed"
    NEVER_ACTIVATED = "never_activated"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is set for WAITS alone. `activated`: the client has chosen a secret."""

    access: Access
    until: datetime | None = None
    activated: bool = True

    @property
    def locked(self) -> bool:
        """Failed tries closed it, for a while or until the agency opens."""
        return self.access in (Access.WAITS, Access.CLOSED)


def standing_of(*, user: User, now: datetime) -> Standing:
    """One query. A lock comes first: an account that was never activated can be locked too."""
    activated = is_password_usable(user.password)
    if not user.is_active:
        return Standing(Access.SHUT, activated=activated)
    counter = TryCounter.objects.filter(scope=TryCounter.Scope.ACCOUNT, key=user.login_index).first()
    if counter is not None and counter.agency_only:
        return Standing(Access.CLOSED, activated=activated)
    if counter is not None and is_closed(counter=counter, now=now):
        return Standing(Access.WAITS, until=counter.locked_until, activated=activated)
    return Standing(Access.OPEN if activated else Access.NEVER_ACTIVATED, activated=activated)


def is_closed(*, counter: TryCounter, now: datetime) -> bool:
    """Whether a try would be refused unseen, as `domain.lockout` refuses it."""
    return counter.agency_only or (counter.locked_until is not None and now < counter.locked_until)
